"""What the running role cannot do, tried against the database itself."""

import os

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from niaga.config.database import admin_url, excess_rights
from niaga.config.rights import append_only_tables, excess_rights_of

pytestmark = pytest.mark.django_db


def test_there_are_append_only_tables() -> None:
    assert {"core_auditentry"} <= set(append_only_tables())


@pytest.mark.parametrize("table", append_only_tables())
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_rows_of_append_only_tables_are_never_changed(table: str, statement: str) -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_no_table_can_be_truncated() -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_outboxevent")


def test_the_schema_cannot_be_changed() -> None:
    for statement in (
        "CREATE TABLE stray (id int)",
        "DROP TABLE core_outboxevent",
        "ALTER TABLE core_outboxevent ADD x int",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_check_finds_nothing_to_object_to_in_the_running_role() -> None:
    assert excess_rights_of() == []
    call_command("check")


def test_check_fails_when_the_running_role_could_do_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(admin_url(os.environ["NIAGA_DATABASE"])) as admin:
        found = excess_rights(lambda sql, params: admin.execute(sql, params or None).fetchall(), append_only_tables())
    assert any("is a superuser" in line for line in found)
    assert any("may TRUNCATE core_auditentry" in line for line in found)
    assert any("may DELETE core_auditentry" in line for line in found)

    monkeypatch.setattr("niaga.config.management.commands.check.excess_rights_of", lambda: found)
    with pytest.raises(CommandError, match="must not"):
        call_command("check")
