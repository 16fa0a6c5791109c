"""The rights of the two database roles, applied to Django's connection."""

from typing import Any

from django.apps import apps
from django.db import connections, transaction

from niaga.config.database import excess_rights, grant_rights
from niaga.config.environment import APP
from niaga.core.bases import AppendOnly


def append_only_tables() -> list[str]:
    """Every table whose model is `AppendOnly`, and the event tables of tracked models."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, AppendOnly) or hasattr(model, "pgh_tracked_model")
    )


def grant_rights_on(using: str = "default") -> None:
    """Write the rights of `niaga_app`; quietly nothing where there is no such role."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP])
        if cursor.fetchone() is None:
            return
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND pg_has_role(current_user, c.relowner, 'USAGE')"
        )
        tables = [row[0] for row in cursor.fetchall()]
        if tables:
            grant_rights(cursor.execute, tables, [table for table in append_only_tables() if table in tables])


def excess_rights_of(using: str = "default") -> list[str]:
    """What the connected role could do and must not."""

    def query(sql: str, params: list[Any]) -> list[Any]:
        with connections[using].cursor() as cursor:
            cursor.execute(sql, params or None)
            return list(cursor.fetchall())

    return excess_rights(query, append_only_tables())
