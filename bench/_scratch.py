"""A database of its own for a benchmark: made, migrated, used with the product's own rights, and thrown away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql


def point_to(name: str, *, role: str = "app") -> None:
    """Make Django use this database of the configured server as this role."""
    from django.db import connections

    from niaga.config.database import configuration

    connections.close_all()
    os.environ["NIAGA_DATABASE"] = name
    os.environ["NIAGA_ROLE"] = role
    wanted = configuration()
    for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
        connections["default"].settings_dict[key] = wanted.get(key, "")


def dsn() -> str:
    """Where a plain psycopg connection reaches the database that Django uses, with the same rights."""
    from django.db import connection

    given = connection.get_connection_params()
    kept = ("dbname", "user", "password", "host", "port")
    return psycopg.conninfo.make_conninfo(**{key: given[key] for key in kept if given.get(key)})


def exists(name: str) -> bool:
    """Whether the configured server has a database of this name."""
    from niaga.config.database import admin_url

    with psycopg.connect(admin_url("postgres"), autocommit=True) as admin:
        return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


@contextmanager
def scratch(name: str = "niaga_bench", *, copy_of: str = "") -> Iterator[str]:
    """A migrated database, empty or a copy. It is dropped at the end, whatever happens; never the user's own.

    :raises SystemExit: the database to copy is in use
    """
    from django.core.management import call_command
    from django.db import connections

    from niaga.config.database import admin_url, prepare

    before = {key: os.environ.get(key) for key in ("NIAGA_DATABASE", "NIAGA_ROLE")}
    name = f"{name}_{os.getpid()}"
    with psycopg.connect(admin_url("postgres"), autocommit=True) as admin:
        # File by file: a copy through the log would write a gigabyte twice.
        given = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(copy_of or "template0")
        )
        try:
            admin.execute(given)
        except psycopg.errors.ObjectInUse as error:
            raise SystemExit(f"{copy_of} is in use; stop what runs on it, then it can be copied.") from error
        try:
            os.environ["NIAGA_DATABASE"] = name
            prepare()
            point_to(name, role="owner")
            call_command("migrate", interactive=False, verbosity=0)
            point_to(name)
            yield name
        finally:
            connections.close_all()
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            for key, value in before.items():
                os.environ.pop(key, None) if value is None else os.environ.update({key: value})
