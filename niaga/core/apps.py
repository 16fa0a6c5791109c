import orjson
from django.apps import AppConfig
from psycopg.types.json import set_json_loads


class CoreConfig(AppConfig):
    name = "niaga.core"

    def ready(self) -> None:
        set_json_loads(orjson.loads)  # what statements gather per row as JSON
