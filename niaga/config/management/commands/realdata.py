import argparse
import os
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils.translation import override
from psycopg import sql

from niaga.config import database
from niaga.core.clock import now
from niaga.imports.queries.companies import company_by_code
from niaga.imports.queries.history_figures import NAMES, history_figures
from niaga.imports.rules.flow import BatchStatus
from niaga.imports.services.convert_complete_journey import (
    ZONE,
    SourceFigures,
    convert_complete_journey,
    source_figures,
)
from niaga.imports.services.found_company import found_company
from niaga.imports.services.import_file import import_file
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_user import create_user
from niaga.organization.services.grant_role import grant_role

DATABASE = "niaga_realdata"
CODE = "CJ"
PEOPLE = (
    ("owner", "Olivia Owner", "owner"),
    ("manager", "Mark Manager", "sales_manager"),
    ("admin", "Ada Admin", "sales_admin"),
    ("warehouse", "Will Warehouse", "warehouse"),
    ("finance", "Fiona Finance", "finance"),
)
PASSWORD = "complete-journey"
FOUNDED = date(2015, 1, 1)


class Command(BaseCommand):
    help = "Fill a database of its own with a real retailer's year and set its figures beside the source's"
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="throw the database away and fill it anew")
        parser.add_argument("--keep-files", type=Path, help="keep the import files in this folder")

    def handle(self, *args: Any, again: bool, keep_files: Path | None, **options: Any) -> None:
        wanted = source_figures()
        with override("en"):
            self._open_database(again)
            if self._is_there():
                self.stdout.write("The real data are there already (--again fills them anew).")
            else:
                with tempfile.TemporaryDirectory(prefix="niaga-realdata-") as place:
                    self._fill(keep_files or Path(place))
            self._compare(wanted)
        self.stdout.write(
            f"\nStart Niaga on it:  NIAGA_DATABASE={DATABASE} NIAGA_NOW=2017-12-15 make up\n"
            f"Log in as {', '.join(name for name, _title, _role in PEOPLE)}; the password is {PASSWORD}"
        )

    def _open_database(self, again: bool) -> None:
        """Make and migrate the database beside the one in use, and work in it as the product does."""
        connections.close_all()
        if again:
            with psycopg.connect(database.admin_url("postgres"), autocommit=True) as admin:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        os.environ["NIAGA_DATABASE"] = DATABASE
        database.prepare()
        for role in ("owner", "app"):
            os.environ["NIAGA_ROLE"] = role
            connections.close_all()
            found = database.configuration()
            for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
                connections["default"].settings_dict[key] = found.get(key, "")
            if role == "owner":
                call_command("migrate", interactive=False, verbosity=0)

    def _is_there(self) -> bool:
        """Whether a run before this one came to its end: the company is founded first, the sales come last."""
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM organization_company")
            companies = cursor.fetchone()[0]
            cursor.execute("SELECT EXISTS (SELECT 1 FROM sales_historicalsale)")
            if companies and not cursor.fetchone()[0]:
                raise CommandError("A run before this one was cut off. Start anew: make realdata ARGS=--again")
        return bool(companies)

    def _fill(self, folder: Path) -> None:
        started = time.monotonic()
        self.stdout.write("Turning Complete Journey into import files")
        convert_complete_journey(folder, said=lambda text: self.stdout.write(f"  {text}"))
        at = now()
        company_id = found_company(
            code=CODE, name="Complete Journey", currency="USD", zone=ZONE, language="en", country="US",
            head_code="HQ", head_name="Head office", charges_tax=False, valid_from=FOUNDED, by=SYSTEM, at=at,
        )  # fmt: skip
        for username, title, role in PEOPLE:
            person = create_user(
                username=username, name=title, language="en", password=PASSWORD, company_id=company_id, by=SYSTEM, at=at
            )
            grant_role(user_id=person.pk, company_id=company_id, role=role, by=SYSTEM, at=at)
        for kind in ("branches", "customers", "products", "stock", "sales"):
            begun = time.monotonic()
            batch = import_file(
                path=folder / f"{kind}.csv", kind=kind, company_id=company_id, dry_run=False, at=at, by=SYSTEM
            )
            if batch.status != BatchStatus.DONE:
                raise CommandError(f"{kind}: {batch.failure or batch.findings[:5]}")
            seconds = time.monotonic() - begun
            self.stdout.write(
                f"Imported {kind}: {batch.rows:,} rows, {seconds:.1f} s, {batch.rows / seconds:,.0f} a second"
            )
        self._refresh_statistics()
        self.stdout.write(f"Filled in {time.monotonic() - started:.0f} s")

    def _refresh_statistics(self) -> None:
        """As the server would by itself some minutes later: what is visible, and what the planner should know."""
        with psycopg.connect(database.admin_url(), autocommit=True) as admin:
            admin.execute("VACUUM (ANALYZE)")

    def _compare(self, wanted: SourceFigures) -> None:
        """Print the database's figures beside the source's.

        :raises CommandError: one of them differs
        """
        counts, months = history_figures(company_by_code(CODE))
        rows: list[tuple[str, Any, Any]] = [(name, getattr(wanted, name), counts[name]) for name in NAMES]
        rows += [
            (f"revenue {month}", value, months.get(month, Decimal(0)))
            for month, value in wanted.revenue_by_month.items()
        ]
        rows += [(f"revenue {month}", Decimal(0), value) for month, value in months.items()
                 if month not in wanted.revenue_by_month]  # fmt: skip
        self.stdout.write(f"\n{'':<20}{'source':>18}{'Niaga':>18}")
        differ = 0
        for name, source, ours in rows:
            same = source == ours
            differ += not same
            shown = [f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}" for value in (source, ours)]
            self.stdout.write(
                f"{name.replace('_', ' '):<20}{shown[0]:>18}{shown[1]:>18}  {'equal' if same else 'DIFFERS'}"
            )
        if differ:
            raise CommandError(f"{differ} figures differ from the source.")
        self.stdout.write("All figures are equal, to the cent.")
