from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "niaga.approvals"

    def ready(self) -> None:
        from niaga.approvals import contributions

        contributions.contribute()
