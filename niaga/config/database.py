"""Which PostgreSQL, as which role, and whether it is fit to hold a company's books. Free of Django's set-up.

Two roles: `niaga_owner` owns the tables and migrates; `niaga_app` runs the product: it is no superuser, cannot
TRUNCATE, and cannot UPDATE or DELETE rows of append-only tables. The rights are written after every migration.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dj_database_url
import psycopg
from psycopg import sql

from niaga.config import embedded
from niaga.config.environment import APP, DATABASE, OWNER, data_folder, database_url, role, switched_on

OLDEST = 150000
"""PostgreSQL 15, by `server_version_num`."""


_WRONG_URL = "DATABASE_URL must name a PostgreSQL database: postgresql://user:password@host/name"

PREPARING = 7_263_511
"""The lock of whoever makes roles; held until its connection closes."""


class UnfitDatabase(Exception):
    """The server or the role must not be used; the text says why and what to do."""


def server() -> embedded.Embedded:
    """The embedded server of this data folder, running or not."""
    return embedded.Embedded(data_folder())


def is_embedded() -> bool:
    return not database_url()


def admin_url(database: str | None = None) -> str:
    """How to reach the server with the highest rights there are: to make roles and databases."""
    name = database or database_name()
    if is_embedded():
        return server().url(user=embedded.SUPERUSER, database=name)
    url = os.environ.get("NIAGA_OWNER_URL") or database_url()
    return psycopg.conninfo.make_conninfo(url, dbname=name)


def database_name() -> str:
    """The database on that server: `NIAGA_DATABASE` (tests, benches), else the one of the URL, else `niaga`.

    :raises UnfitDatabase: the URL cannot be read
    """
    if given := os.environ.get("NIAGA_DATABASE"):
        return given
    if is_embedded():
        return DATABASE
    try:
        named = psycopg.conninfo.conninfo_to_dict(database_url()).get("dbname")
    except psycopg.ProgrammingError as error:
        raise UnfitDatabase(f"{_WRONG_URL}.") from error
    return str(named or DATABASE)


def configuration() -> dict[str, Any]:
    """Django's `DATABASES["default"]` for the role this process works as."""
    pooled = switched_on("NIAGA_POOLED", False)
    options: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": None if pooled else 5}
    common = {
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
        "ATOMIC_REQUESTS": False,
    }
    if is_embedded():
        place = {"NAME": database_name(), "USER": role(), "HOST": str(server().sockets)}
        return {"ENGINE": "django.db.backends.postgresql", **place, **common, "OPTIONS": options}
    own = os.environ.get("NIAGA_OWNER_URL") if role() == OWNER else None
    parsed = dict(dj_database_url.parse(own or database_url()))
    if parsed.get("ENGINE") != "django.db.backends.postgresql":
        raise UnfitDatabase(f"{_WRONG_URL}.")
    options = {**parsed.get("OPTIONS", {}), **options}  # type: ignore[dict-item]
    if parsed["USER"] not in (OWNER, APP) and not own and not switched_on("NIAGA_SINGLE_ROLE", False):
        options["options"] = f"{options.get('options', '')} -c role={role()}".strip()
    return {**parsed, **common, "NAME": database_name(), "OPTIONS": options}


def direct_parameters() -> dict[str, Any]:
    """psycopg's parameters for connections that LISTEN: past a pooler (`NIAGA_DIRECT_URL`), else those of Django."""
    from django.db import connection

    if direct := os.environ.get("NIAGA_DIRECT_URL"):
        return dict(psycopg.conninfo.conninfo_to_dict(direct))
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):  # Django's own
        parameters.pop(name, None)
    return parameters


@contextmanager
def available() -> Iterator[None]:
    """Hold a database that is up and fit: the embedded one is started, and stopped again by its last user.

    :raises UnfitDatabase: the company's own server is too old, unsafe or out of reach
    :raises DatabaseUnavailable: the embedded server cannot be started
    """
    if is_embedded():
        with embedded.used(server()):
            prepare()
            yield
    else:
        prepare()
        yield


def prepare() -> None:
    """Check the server; make the roles and the database that are missing.

    :raises UnfitDatabase: too old, `fsync` off, not UTF-8, or out of reach
    """
    with _connect() as connection:
        _check_server(connection)
        # Of two processes that start at once one waits: PostgreSQL refuses two grants on one object at a time.
        connection.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        if not _make_roles(connection):
            os.environ["NIAGA_SINGLE_ROLE"] = "1"


def _connect() -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(admin_url(), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error) or "database" not in str(error):
            raise UnfitDatabase(f"The database does not answer: {error}".strip()) from error
    _create_database()
    return psycopg.connect(admin_url(), autocommit=True, connect_timeout=10)


def _create_database() -> None:
    name = str(psycopg.conninfo.conninfo_to_dict(admin_url())["dbname"])
    try:
        with psycopg.connect(admin_url("postgres"), autocommit=True, connect_timeout=10) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
            )
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another process was quicker
        pass
    except psycopg.Error as error:
        raise UnfitDatabase(f"There is no database {name!r}, and it could not be created: {error}".strip()) from error


def _check_server(connection: psycopg.Connection[Any]) -> None:
    if connection.info.server_version < OLDEST:
        version = connection.info.parameter_status("server_version")
        raise UnfitDatabase(f"Niaga needs PostgreSQL 15 or newer; this server is {version}.")
    if _value(connection, "SHOW fsync") == "off":
        raise UnfitDatabase(
            "This server runs with fsync=off: a power cut would lose paid invoices."
            " Set fsync=on in postgresql.conf and restart it."
        )
    encoding = _value(connection, "SHOW server_encoding")
    if encoding != "UTF8":
        raise UnfitDatabase(f"The database is encoded in {encoding}; Niaga needs one made with ENCODING 'UTF8'.")


def _value(connection: psycopg.Connection[Any], query: str, *params: Any) -> Any:
    row = connection.execute(query, params or None).fetchone()
    return row[0] if row else None


def _make_roles(connection: psycopg.Connection[Any]) -> bool:
    """Make the two roles; False when this log-in may not, and the product runs with its one role."""
    me = _value(connection, "SELECT session_user")
    if me == APP:
        return True
    login = sql.SQL("LOGIN" if is_embedded() else "NOLOGIN")
    try:
        for name in (OWNER, APP):
            if not _value(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
                try:
                    connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), login))
                except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    pass
        if me == OWNER:
            return True
        for name in (OWNER, APP):
            if not _value(connection, "SELECT pg_has_role(session_user, %s, 'MEMBER')", name):
                connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(name), sql.Identifier(me)))
        if not _value(connection, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", OWNER):
            connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(OWNER)))
        if not _value(connection, "SELECT has_database_privilege(%s, current_database(), 'CREATE')", OWNER):
            name = _value(connection, "SELECT current_database()")
            connection.execute(
                sql.SQL("GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
    except psycopg.errors.InsufficientPrivilege:
        sys.stderr.write(
            f"Note: the log-in {me!r} may not create roles, so Niaga runs as the owner of its tables and could change\n"
            "their protection. An administrator can separate the two: docs/operations.md, 'Roles', says how.\n"
        )
        return False
    return True


def analyze() -> None:
    """Let the planner know what a large load has changed; only the tables' owner may."""
    with psycopg.connect(admin_url(), autocommit=True) as connection:
        connection.execute("ANALYZE")


def grant_rights(execute: Any, tables: list[str], append_only: list[str]) -> None:
    """Give `niaga_app` what it needs and no more. `execute` runs SQL as the tables' owner, inside one transaction.

    :param tables: all tables of the product
    :param append_only: those whose rows are never changed nor deleted
    """

    def names(items: list[str]) -> str:
        return ", ".join(f'"{item}"' for item in items)

    execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
    execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {names(tables)} TO {APP}")
    execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}")
    execute(f"REVOKE TRUNCATE, REFERENCES, TRIGGER ON {names(tables)} FROM {APP}")
    if append_only:
        execute(f"REVOKE UPDATE, DELETE ON {names(append_only)} FROM {APP}")
    if "django_migrations" in tables:
        execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP}")


def excess_rights(query: Any, append_only: list[str]) -> list[str]:
    """What the running role could do and must not, one sentence each. `query(sql, params)` returns rows."""
    found = []
    superuser, create_database, create_role, bypass = query(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user", []
    )[0]
    me = query("SELECT current_user", [])[0][0]
    for held, what in (
        (superuser, "is a superuser"),
        (create_database, "may create databases"),
        (create_role, "may create roles"),
        (bypass, "bypasses row security"),
    ):
        if held:
            found.append(f"{me} {what}")
    owned = query(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND pg_get_userbyid(relowner) = current_user",
        [],
    )[0][0]
    if owned:
        found.append(f"{me} owns {owned} tables, so it can change or drop them")
    for table, right in query(
        "SELECT c.relname, r.name FROM pg_class c CROSS JOIN (VALUES ('TRUNCATE'), ('UPDATE'), ('DELETE')) AS r(name)"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND (r.name = 'TRUNCATE' OR c.relname = ANY(%s)) AND has_table_privilege(c.oid, r.name) ORDER BY 1, 2",
        [append_only],
    ):
        found.append(f"{me} may {right} {table}")
    if query("SHOW fsync", [])[0][0] == "off":
        found.append("the server runs with fsync=off")
    return found
