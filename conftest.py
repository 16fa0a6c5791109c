"""The tests' database: every worker has its own, copied from one template that is migrated once per schema.

Tests run with the rights of the product's own role. A test that commits (`django_db(transaction=True)`) leaves its
database to be thrown away and copied anew, since that role may not TRUNCATE.
"""

import fcntl
import gc
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parent
PREFIX = "niaga_test_"


def pytest_configure(config: pytest.Config) -> None:
    import hypothesis
    from django.conf import settings

    # A slow machine is no fault of the code: examples count, seconds do not.
    hypothesis.settings.register_profile(
        "niaga", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("niaga")

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
    settings.AXES_ENABLED = False
    # Gateways without money, and servers of the tests' own: on, said plainly, here and in processes that tests start.
    settings.TEST_GATEWAYS = settings.INNER_ADDRESSES = True
    os.environ |= {"NIAGA_TEST_GATEWAYS": "1", "NIAGA_INNER_ADDRESSES": "1"}


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays to the end: the collector of garbage need not walk it again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those who start processes and browsers live in folders of their own: `bin/run_tests.py` looks for them there."""
    for item in items:
        for mark in ("platform", "browser"):
            if item.get_closest_marker(mark) and not item.path.is_relative_to(ROOT / "tests" / mark):
                raise pytest.UsageError(f"{item.nodeid} is marked {mark}, so it must be in tests/{mark}")


@pytest.fixture(autouse=True)
def usual_language() -> None:
    """A request of another test leaves its language in the thread."""
    from django.utils import translation

    translation.deactivate()


def _fingerprint() -> str:
    """Changes when the schema or the rights may have changed."""
    digest = hashlib.sha256()
    sources = [*ROOT.glob("niaga/*/migrations/*.py"), ROOT / "uv.lock", ROOT / "niaga/config/database.py"]
    for path in sorted(sources):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _admin(name: str = "postgres") -> psycopg.Connection[Any]:
    from niaga.config.database import admin_url

    return psycopg.connect(admin_url(name), autocommit=True)


def _point_to(name: str, *, role: str) -> None:
    """Make Django, and whatever processes a test starts, use this database as this role."""
    from django.db import connections

    from niaga.config.database import configuration

    connections.close_all()
    os.environ["NIAGA_DATABASE"] = name
    os.environ["NIAGA_ROLE"] = role
    wanted = configuration()
    for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
        connections["default"].settings_dict[key] = wanted.get(key, "")


def _drop(connection: psycopg.Connection[Any], name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _copy(template: str, name: str) -> None:
    with _admin() as connection:
        _drop(connection, name)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))


def _ensure_template() -> str:
    """The migrated template of this schema; made by the first worker that needs it."""
    from django.core.management import call_command
    from django.db import connections

    from niaga.config.database import prepare
    from niaga.config.environment import data_folder

    template = PREFIX + _fingerprint()
    with (data_folder() / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _admin() as connection:
            names = connection.execute(
                "SELECT datname, datistemplate FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"]
            ).fetchall()
            if (template, True) in names:
                return template
            for name, is_template in names:
                if is_template and name != template:  # of an older schema
                    connection.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(sql.Identifier(name)))
                    _drop(connection, name)
            _drop(connection, template)
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(template))
            )
            os.environ["NIAGA_DATABASE"] = template
            prepare()
            _point_to(template, role="owner")
            call_command("migrate", interactive=False, verbosity=0)
            connections.close_all()
            connection.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(template)))
    return template


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    from django.db import connections
    from django.test import TransactionTestCase

    from niaga.config import database

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ.pop("NIAGA_DATABASE", None)
    with database.available(), django_db_blocker.unblock():
        template = _ensure_template()
        name = f"{template}_{worker}_{os.getpid()}"
        _copy(template, name)
        _point_to(name, role="app")

        def copy_anew(case: Any) -> None:
            connections.close_all()
            _copy(template, name)

        TransactionTestCase._fixture_teardown = copy_anew  # type: ignore[attr-defined]
        yield
        connections.close_all()
        os.environ.pop("NIAGA_DATABASE", None)
        with _admin() as connection:
            _drop(connection, name)
