from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "niaga.shipping"

    def ready(self) -> None:
        from niaga.shipping import contributions

        contributions.contribute()
