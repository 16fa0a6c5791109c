from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "niaga.portal"

    def ready(self) -> None:
        from niaga.portal import contributions

        contributions.contribute()
