from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "niaga.stock"
