"""`migrate` renders only what changes; Django's own way, which takes ten times as long, comes to the same schema."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

pytestmark = pytest.mark.platform

ROOT = Path(__file__).resolve().parents[2]
BOTH_WAYS = os.environ.get("NIAGA_SCHEMA_BOTH_WAYS", "") == "1"
MIGRATE = """
import django; django.setup()
from niaga.config.database import available, prepare
from django.core.management import call_command
from django.core.management.commands.migrate import Command
with available():
    prepare()
    call_command({how}, interactive=False, verbosity=0)
"""
SCHEMA = """
SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || a.attnotnull::text
       || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || a.attidentity::text
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL
SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function', '', p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
ORDER BY 1, 2, 3
"""


def schema_of(name: str, how: str, admin_url: Any) -> list[tuple[str, ...]]:
    """Migrate a fresh database in a process of its own, and read what came out."""
    with psycopg.connect(admin_url("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
        try:
            settings = {
                "NIAGA_DATABASE": name, "NIAGA_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "niaga.config.settings",
            }  # fmt: skip
            subprocess.run(
                [sys.executable, "-c", MIGRATE.format(how=how)], cwd=ROOT, check=True, env={**os.environ, **settings}
            )
            with psycopg.connect(admin_url(name)) as connection:
                return connection.execute(SCHEMA).fetchall()
        finally:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.skipif(not BOTH_WAYS, reason="more than a minute of work; `make soak` does it")
def test_the_short_way_to_migrate_comes_to_the_schema_of_djangos_own() -> None:
    from niaga.config.database import admin_url, available

    with available():
        short = schema_of(f"niaga_short_{os.getpid()}", "'migrate'", admin_url)
        whole = schema_of(f"niaga_whole_{os.getpid()}", "Command()", admin_url)

    assert len(short) > 2_500
    assert short == whole
