"""`migrate`, without drawing up nearly every model anew after each operation.

Django keeps the models of every state of the schema as classes, and after each operation renders again all that are
related to the changed one, however far. Here nearly all are, by way of company and user: a first start rendered 31,000
classes, and spent nine tenths of its time on them. What writes the schema asks only for the changed model, so only that
is rendered. A migration that reads rows (`RunPython`) still gets all models as they should be: Django renders them
anew for it when a state is marked as delayed, which every state then is.

`tests/platform/test_schema.py` holds that the schema comes out the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db.migrations.state import ProjectState


def _only_itself(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    state.is_delayed = True
    return {(app_label, model_name)}


@contextmanager
def rendering_only_what_changes() -> Iterator[None]:
    """Within, in the whole process: Django has no setting for it."""
    states: Any = ProjectState
    whole = states._find_reload_model
    states._find_reload_model = _only_itself
    try:
        yield
    finally:
        states._find_reload_model = whole


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with rendering_only_what_changes():
            super().handle(*args, **options)
