"""The check of what foreign keys do elsewhere: rows name only what is there, in tables that are never deleted from."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import ForeignKey

from niaga.core.bases import NeverDeleted
from niaga.core.registry import InvariantCheck


def names_of_never_deleted() -> Iterator[tuple[str, InvariantCheck]]:
    """One check a column that names a `NeverDeleted` row without a foreign key in the database."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and not field.db_constraint:  # type: ignore[attr-defined]
                named = field.related_model
                if isinstance(named, type) and issubclass(named, NeverDeleted):
                    table, column, other = model._meta.db_table, field.column, named._meta.db_table
                    yield (
                        f"{table}_{column}_is_there",
                        InvariantCheck(
                            f"Every {column} of {table} names a row of {other}.",
                            f"SELECT t.id, t.{column} FROM {table} t LEFT JOIN {other} o ON o.id = t.{column}"
                            f" WHERE t.{column} IS NOT NULL AND o.id IS NULL",
                        ),
                    )
