import gc

import orjson
from django.apps import AppConfig
from psycopg.types.json import set_json_loads


class CoreConfig(AppConfig):
    name = "niaga.core"

    def ready(self) -> None:
        set_json_loads(orjson.loads)  # what statements gather per row as JSON
        # Code and models stay until the end; to look through them for garbage stalls a long sale by some 90 ms.
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        from niaga.core.queries.never_deleted import names_of_never_deleted
        from niaga.core.registry import invariants

        for name, check in names_of_never_deleted():
            invariants.add(name, check)
