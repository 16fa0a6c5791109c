from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.db import DataError, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from niaga.core.batch import Batch, Sql
from niaga.core.flow import move
from niaga.imports.errors import BadFile, ColumnsMissing, StillRunning
from niaga.imports.models import ImportBatch
from niaga.imports.queries.running import hold_run, is_running
from niaga.imports.rules.flow import FLOW, BatchStatus
from niaga.imports.rules.kinds import KINDS, ROW, UPDATABLE, Kind, Shape, guess_mapping, marks
from niaga.imports.rules.refusals import UnreadableFile
from niaga.imports.rules.rights import rights_of
from niaga.imports.rules.table import open_table, sample
from niaga.imports.services.choose_columns import checked_mapping, style_of
from niaga.imports.services.data_folder import path_of
from niaga.imports.services.find_doubles import find_doubles
from niaga.imports.services.move_in_branches import move_in_branches
from niaga.imports.services.move_in_customers import move_in_customers
from niaga.imports.services.move_in_prices import move_in_prices
from niaga.imports.services.move_in_products import move_in_products
from niaga.imports.services.move_in_sales import move_in_sales
from niaga.imports.services.move_in_stock import move_in_stock
from niaga.imports.services.move_in_tax_serials import move_in_tax_serials
from niaga.imports.services.stage_rows import stage_rows
from niaga.imports.services.staged import FINDINGS, STAGE, Run, Said
from niaga.imports.services.write_error_file import write_error_file
from niaga.imports.wording import COLUMN_NAMES, CUT_OFF_OFTEN, column_name, file_fault, reason_of
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.sales.services.check_historical_sales import BadFigures

SHOWN = 50
"""Findings that are kept with the batch for the page; all of them are in the error file."""
MOST_ATTEMPTS = 3
"""Runs that may be cut off by a killed process before the import is given up: it may be the file that kills it."""
_MOVERS: dict[str, Callable[[Run], dict[str, Any]]] = {
    "branches": move_in_branches,
    "customers": move_in_customers,
    "products": move_in_products,
    "prices": move_in_prices,
    "stock": move_in_stock,
    "tax_serials": move_in_tax_serials,
}


class _NotWritten(Exception):
    """Rolls back what a dry run or a refused file wrote."""


def run_import(*, batch_id: UUID, dry_run: bool, by: Actor, at: datetime, said: Said | None = None) -> ImportBatch:
    """Move the batch's file in, all of it or nothing. A dry run does the same and takes it back.

    The batch ends as done, checked (a sound dry run), refused (some rows are wrong: the error file holds them) or
    failed (the file as a whole). `said` is told the rows done, in the midst of the transaction. A run whose process or
    database died has written nothing and is begun anew; it stays `running` until then (`close_cut_off_imports`).

    :raises WrongState: the batch was not queued
    :raises StillRunning: another process is at it
    :raises Forbidden: `by` may not import, or not create or change what the file holds
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        for right in rights_of(batch.kind, update=_updates(batch)):
            access_of(by).require(*right, company_id=batch.company_id)
        if batch.status == BatchStatus.RUNNING and is_running(batch_id):
            raise StillRunning()
        if batch.attempts >= MOST_ATTEMPTS:
            _move(batch, "fail", by, at, failure=CUT_OFF_OFTEN, finished_at=at)
            return batch
        _move(batch, "begin", by, at, progress=0, errors=0, findings=[], failure="", dry_run=dry_run, error_file="",
              samples={}, attempts=batch.attempts + 1, begun_at=Sql("clock_timestamp()"))  # fmt: skip
    tell = said or (lambda _rows: None)
    rows = errors = 0
    try:
        with transaction.atomic():
            if not hold_run(batch_id):
                raise StillRunning()
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL work_mem = '64MB'")
                # Tables grow within the transaction: a plan made for the first rows would not do for the last.
                cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{FINDINGS}")
                cursor.execute(
                    f"CREATE TEMP TABLE {FINDINGS} (row int, col text, code text, value text) ON COMMIT DROP"
                )
            run, rows, counts = _move_in(batch, by, at, tell)
            errors, findings, file = _findings(batch, run)
            if errors:
                raise _NotWritten
            if dry_run:
                raise _NotWritten
            done = ImportBatch.objects.select_for_update().get(pk=batch_id)
            _move(done, "finish", by, at, rows=rows, progress=rows, counts=counts, samples=run.samples, undo=run.undo,
                  finished_at=at)  # fmt: skip
            return done
    except _NotWritten:
        pass
    except (OperationalError, InterfaceError, StillRunning):
        raise  # the database went away, or another process is at it: nobody can say now what becomes of the batch
    except UnreadableFile as error:
        return _fail(batch, by, at, file_fault(error))
    except (BadFile, ColumnsMissing) as error:
        return _fail(batch, by, at, str(error.message))
    except Exception:
        _fail(batch, by, at, _("This import stopped by a fault of Niaga; nothing was written. The log says more."))
        raise
    with transaction.atomic():
        values = {"rows": rows, "progress": rows, "counts": counts, "samples": run.samples, "finished_at": at}
        if errors:
            values |= {"errors": errors, "findings": findings, "error_file": file}
        _move(batch, "refuse" if errors else "find_sound", by, at, **values)
    return batch


def _move(batch: ImportBatch, verb: str, by: Actor, at: datetime, **values: Any) -> None:
    writes = Batch()
    move(batch=writes, flow=FLOW, document=batch, move=verb, by=by.id, at=at, values=values)
    writes.write()
    for name, value in values.items():
        if not isinstance(value, Sql):
            setattr(batch, name, value)


def _updates(batch: ImportBatch) -> bool:
    return bool(batch.options.get("update")) and batch.kind in UPDATABLE


def _fail(batch: ImportBatch, by: Actor, at: datetime, why: str) -> ImportBatch:
    with transaction.atomic():
        _move(batch, "fail", by, at, failure=why, finished_at=at)
    return batch


def _move_in(batch: ImportBatch, by: Actor, at: datetime, said: Said) -> tuple[Run, int, dict[str, Any]]:
    """Stage the rows, with corrections in place of theirs, and hand them to the kind's mover."""
    kind = KINDS[batch.kind]
    company = company_basics(batch.company_id)
    path = path_of(batch.source_file)
    headings, rows, _source = sample(path)
    mapping = checked_mapping(kind, headings, batch.mapping, update=_updates(batch))
    style = style_of(kind, headings, rows, mapping, batch.options, company.currency)
    run = Run(
        batch_id=batch.pk, file_name=batch.file_name, company_id=batch.company_id, currency=company.currency,
        country=company.country, kind=kind, columns=tuple(mapping), style=style, by=by, at=at, said=said,
        update=_updates(batch),
    )  # fmt: skip
    figures = {name for name in mapping if kind.column(name).shape == Shape.NUMBER}
    typed = kind.name == "sales" and style.decimal == "." and not batch.corrections_file
    if typed:
        try:
            with transaction.atomic():
                count = _stage(path, mapping, said, figures)
                counts = move_in_sales(run, typed=True, placeholder_name=_("%(sku)s (not in the product list)"))
            return run, count, counts
        except (DataError, psycopg.DataError, BadFigures):
            pass  # some cell is no figure: as text it can be said which
    count = _stage(path, mapping, said, ())
    if batch.corrections_file:
        count = _correct(path_of(batch.corrections_file), mapping, kind, run)
    _find_extra_cells(run)
    if kind.name == "sales":
        counts = move_in_sales(run, typed=False, placeholder_name=_("%(sku)s (not in the product list)"))
    else:
        counts = _MOVERS[kind.name](run)
        find_doubles(run)
    return run, count, counts


def _stage(path: Path, mapping: dict[str, str], said: Said, figures: Any) -> int:
    with open_table(path) as table:
        return stage_rows(
            rows=table.rows,
            positions=[(name, table.headings.index(heading)) for name, heading in mapping.items()],
            width=len(table.headings),
            first_row=table.first_row,
            said=said,
            figures=figures,
        )


def _correct(path: Path, mapping: dict[str, str], kind: Kind, run: Run) -> int:
    """Put rows of a corrected error file in the place of the rows they correct."""
    with open_table(path) as table:
        marked = marks(table.headings)
        if ROW not in marked:
            raise BadFile(_("The corrected file has lost its column “Row”, which says what it corrects."))
        labels = {name: str(text) for name, text in COLUMN_NAMES.items()}
        own = guess_mapping(kind, table.headings, labels)
        positions = [(name, table.headings.index(own[name])) for name in mapping if name in own]
        stage_rows(
            rows=table.rows, positions=positions, width=len(table.headings), first_row=table.first_row,
            said=lambda _rows: None, table="import_correction", marked_row=marked[ROW],
        )  # fmt: skip
    names = ", ".join(f'"{name}" = c."{name}"' for name, _place in positions)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {STAGE} s SET extra = NULL, {names} FROM import_correction c WHERE c.row = s.row")
        cursor.execute(f"SELECT count(*) FROM {STAGE}")
        return int(cursor.fetchone()[0])


def _find_extra_cells(run: Run) -> None:
    first = run.columns[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {FINDINGS} SELECT row, %s, 'extra_cells', extra FROM {STAGE} WHERE extra <> ''", [first]
        )


def _findings(batch: ImportBatch, run: Run) -> tuple[int, list[dict[str, Any]], str]:
    """How many rows are wrong, the first findings in words, and the error file."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT row) FROM {FINDINGS}")
        errors = int(cursor.fetchone()[0])
        if not errors:
            return 0, [], ""
        cursor.execute(f"SELECT row, col, code, value FROM {FINDINGS} ORDER BY row, col LIMIT %s", [SHOWN])
        shown = [
            {"row": row, "column": col, "name": column_name(col), "message": reason_of(code, value or "")}
            for row, col, code, value in cursor.fetchall()
        ]
    return errors, shown, write_error_file(batch_id=batch.pk, columns=run.columns)
