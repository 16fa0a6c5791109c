from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "niaga.pricing"
