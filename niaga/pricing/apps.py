from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "niaga.pricing"

    def ready(self) -> None:
        from niaga.pricing import contributions

        contributions.contribute()
