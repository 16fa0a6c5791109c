from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "niaga.parties"

    def ready(self) -> None:
        from niaga.approvals.registry import rule_choices
        from niaga.documents.registry import subjects
        from niaga.parties import contributions
        from niaga.parties.queries.file_subject import customer_subject
        from niaga.parties.queries.settings import group_names

        rule_choices.add("customer_group", group_names)
        subjects.add("customer", customer_subject)
        contributions.contribute()
