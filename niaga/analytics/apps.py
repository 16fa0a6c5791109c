from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "niaga.analytics"
