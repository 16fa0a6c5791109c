import argparse
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.imports.queries.companies import company_by_code
from niaga.imports.rules.flow import BatchStatus
from niaga.imports.rules.kinds import KINDS
from niaga.imports.services.close_cut_off_imports import close_cut_off_imports
from niaga.imports.services.data_folder import path_of
from niaga.imports.services.import_file import import_file
from niaga.imports.wording import KIND_NAMES, column_name, failure_text

SHOWN = 20
AWAIT_DATABASE = 60
"""Seconds to wait for a database that went away, so that the batch does not stay as running."""


class Command(BaseCommand):
    help = "Move a CSV or XLSX in: branches, customers, products, prices, opening stock or sales history"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the file")
        parser.add_argument("--kind", choices=sorted(KINDS), help="what it holds; else its headings say")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--update", action="store_true", help="customers and products that are there: bring them up"
                            " to date by code or SKU; empty cells leave what is there")  # fmt: skip
        parser.add_argument("--company", default="", help="the company's code, when there are several")
        parser.add_argument("--corrections", type=Path, help="the corrected error file of an earlier run")
        parser.add_argument("--language", default="en", choices=["id", "en"], help="of messages and the error file")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["language"]):
            self._import(**options)

    def _import(self, *, path: Path, kind: str | None, dry_run: bool, company: str, corrections: Path | None,
                update: bool, **_options: Any) -> None:  # fmt: skip
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        close_cut_off_imports(at=now())
        started = time.monotonic()
        try:
            batch = import_file(
                path=path.resolve(), kind=kind, company_id=company_by_code(company), dry_run=dry_run,
                corrections=corrections.resolve() if corrections else None, at=now(), said=self._say,
                update=update,
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        except (OperationalError, InterfaceError) as error:
            raise CommandError(self._after_the_database_went(error)) from error
        if sys.stderr.isatty():
            self.stderr.write("")
        seconds = time.monotonic() - started
        self.stdout.write(f"{path.name}: {KIND_NAMES[batch.kind]}, {batch.rows:,} rows, {seconds:.1f} s")
        for name, value in batch.counts.items():
            if value not in (0, "", "0"):
                self.stdout.write(f"  {name.replace('_', ' ')}: {value:,}" if isinstance(value, int) else
                                  f"  {name.replace('_', ' ')}: {value}")  # fmt: skip
        self._show_samples(batch.samples)
        if batch.status == BatchStatus.FAILED:
            raise CommandError(failure_text(batch.failure))
        if batch.status == BatchStatus.REFUSED:
            for finding in batch.findings[:20]:
                self.stderr.write(f"  row {finding['row']}, {finding['name']}: {finding['message']}")
            raise CommandError(
                _("%(errors)s rows are wrong, nothing was written. Correct them in %(path)s and send it again:"
                  " --corrections %(path)s") % {"errors": f"{batch.errors:,}", "path": path_of(batch.error_file)}
            )  # fmt: skip
        self.stdout.write(_("Sound. Nothing was written.") if dry_run else _("Done."))

    def _show_samples(self, samples: dict[str, Any]) -> None:
        """Some of what changes, and new rows that look like known ones."""
        for one in samples.get("changes", [])[:SHOWN]:
            self.stdout.write(
                f"  row {one['row']}, {one['code']}, {column_name(one['column'])}: {one['before']} -> {one['after']}"
            )
        for one in samples.get("doubles", []):
            self.stdout.write(
                _("  %(code)s looks like %(other)s %(name)s: the same %(column)s")
                % {**one, "column": column_name(one["column"])}
            )

    def _after_the_database_went(self, error: Exception) -> str:
        """Note the batch as failed once the database answers again, for up to a minute."""
        deadline = time.monotonic() + AWAIT_DATABASE
        while time.monotonic() < deadline:
            connection.close()
            try:
                close_cut_off_imports(at=now(), beginning=0)
                break
            except (OperationalError, InterfaceError):
                time.sleep(1)
        return _("The database stopped in the midst of the import; nothing was written. Run it again. (%(error)s)") % {
            "error": str(error).strip().splitlines()[0]
        }

    def _say(self, rows: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r  {rows:,}", ending="")
