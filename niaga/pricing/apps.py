from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "niaga.pricing"

    def ready(self) -> None:
        from niaga.documents.registry import subjects
        from niaga.pricing import contributions
        from niaga.pricing.queries.file_subject import promotion_subject

        subjects.add("promotion", promotion_subject)
        contributions.contribute()
