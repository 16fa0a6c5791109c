"""Where the demo company is hooked in: loaded once into an empty database, its log-ins printed at every start."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string


def _hook(name: str) -> Callable[..., Any] | None:
    path = getattr(settings, name, "")
    if not path:
        return None
    try:
        found: Callable[..., Any] = import_string(path)
    except ImportError as error:
        if error.name and path.startswith(error.name):
            return None
        raise
    return found


def is_empty() -> bool:
    """Whether nobody works here yet: no company in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT 1 FROM organization_company)")
        return bool(cursor.fetchone()[0])


def load_demo(*, say: Callable[[str], Any]) -> None:
    """Load the demo company through its service."""
    loader = _hook("NIAGA_DEMO_LOADER")
    if loader is not None:
        loader(say=say)


def demo_log_ins() -> list[dict[str, str]]:
    """Role, log-in and password of the demo's people; none in a real company's database."""
    query = _hook("NIAGA_DEMO_LOG_INS")
    return list(query()) if query is not None else []
