import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.db import DataError, connection, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.imports.errors import BadFile, ColumnsMissing
from niaga.imports.models import ImportBatch
from niaga.imports.rules.flow import FLOW
from niaga.imports.rules.kinds import KINDS, ROW, Kind, Shape, guess_mapping, marks
from niaga.imports.rules.refusals import UnreadableFile
from niaga.imports.rules.table import open_table, sample
from niaga.imports.rules.values import Style, guess_style, signs_of
from niaga.imports.services.data_folder import path_of
from niaga.imports.services.move_in_branches import move_in_branches
from niaga.imports.services.move_in_customers import move_in_customers
from niaga.imports.services.move_in_prices import move_in_prices
from niaga.imports.services.move_in_products import move_in_products
from niaga.imports.services.move_in_sales import move_in_sales
from niaga.imports.services.move_in_stock import move_in_stock
from niaga.imports.services.stage_rows import stage_rows
from niaga.imports.services.staged import FINDINGS, STAGE, Run, Said, money_digits
from niaga.imports.services.write_error_file import write_error_file
from niaga.imports.wording import COLUMN_NAMES, column_name, file_fault, reason_of
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.sales.services.check_historical_sales import BadFigures

SHOWN = 50
"""Findings that are kept with the batch for the page; all of them are in the error file."""
_RIGHTS = {
    "branches": ("setting", "manage"), "customers": ("customer", "create"), "products": ("product", "create"),
    "prices": ("price_list", "create"), "stock": ("stock", "create"), "sales": ("import", "create"),
}  # fmt: skip
_MOVERS: dict[str, Callable[[Run], dict[str, Any]]] = {
    "branches": move_in_branches,
    "customers": move_in_customers,
    "products": move_in_products,
    "prices": move_in_prices,
    "stock": move_in_stock,
}


class _NotWritten(Exception):
    """Rolls back what a dry run or a refused file wrote."""


def run_import(*, batch_id: UUID, dry_run: bool, by: Actor, at: datetime, said: Said | None = None) -> ImportBatch:
    """Move the batch's file in, all of it or nothing. A dry run does the same and takes it back.

    The batch ends as done, checked (a sound dry run), refused (some rows are wrong: the error file holds them) or
    failed (the file as a whole). `said` is told the rows done, in the midst of the transaction.

    :raises WrongState: the batch was not queued
    :raises Forbidden: `by` may not import, or not create what the file holds
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        access_of(by).require("import", "create", company_id=batch.company_id)
        access_of(by).require(*_RIGHTS[batch.kind], company_id=batch.company_id)
        _move(batch, "begin", by, at, progress=0, errors=0, findings=[], failure="", dry_run=dry_run, error_file="")
    tell = said or (lambda _rows: None)
    run: Run | None = None
    rows = errors = 0
    try:
        with transaction.atomic():
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
            _move(done, "finish", by, at, rows=rows, progress=rows, counts=counts, undo=run.undo, finished_at=at)
            return done
    except _NotWritten:
        pass
    except UnreadableFile as error:
        return _fail(batch, by, at, file_fault(error))
    except (BadFile, ColumnsMissing) as error:
        return _fail(batch, by, at, str(error.message))
    except Exception:
        _fail(batch, by, at, _("This import stopped by a fault of Niaga; nothing was written. The log says more."))
        raise
    with transaction.atomic():
        values = {"rows": rows, "progress": rows, "counts": counts, "finished_at": at}
        if errors:
            values |= {"errors": errors, "findings": findings, "error_file": file}
        _move(batch, "refuse" if errors else "find_sound", by, at, **values)
    return batch


def _move(batch: ImportBatch, verb: str, by: Actor, at: datetime, **values: Any) -> None:
    writes = Batch()
    move(batch=writes, flow=FLOW, document=batch, move=verb, by=by.id, at=at, values=values)
    writes.write()
    for name, value in values.items():
        setattr(batch, name, value)


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
    mapping = checked_mapping(kind, headings, batch.mapping)
    style = style_of(kind, headings, rows, mapping, batch.options, company.currency)
    run = Run(
        batch_id=batch.pk, company_id=batch.company_id, currency=company.currency, country=company.country, kind=kind,
        columns=tuple(mapping), style=style, by=by, at=at, said=said,
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


def checked_mapping(kind: Kind, headings: Sequence[str], chosen: dict[str, str]) -> dict[str, str]:
    """Our columns to the file's headings: as chosen, else by names.

    :raises ColumnsMissing: a column that is needed has no heading
    """
    labels = {name: str(text) for name, text in COLUMN_NAMES.items()}
    mapping = chosen or guess_mapping(kind, headings, labels)
    mapping = {
        column.name: mapping[column.name] for column in kind.columns if mapping.get(column.name) in set(headings)
    }
    missing = [column.name for column in kind.columns if column.required and column.name not in mapping]
    if missing:
        raise ColumnsMissing(
            _("These columns are missing: %(names)s.") % {"names": ", ".join(column_name(name) for name in missing)},
            lines=[{"line": 1, "field": name} for name in missing],
        )
    return mapping


def style_of(
    kind: Kind,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    mapping: dict[str, str],
    options: dict[str, Any],
    currency: str,
) -> Style:
    """How the file writes figures and days: as the person said, else as a sample shows."""

    def cells(shape: Shape) -> list[str]:
        places = [headings.index(heading) for name, heading in mapping.items() if kind.column(name).shape == shape]
        return [row[place] for row in rows for place in places if place < len(row) and row[place]]

    guessed = guess_style(
        cells(Shape.NUMBER), cells(Shape.MOMENT), currency=currency, whole_money=money_digits(currency) == 0
    )
    decimal = {"point": ".", "comma": ","}.get(str(options.get("decimal", "")), guessed.decimal)
    month_first = {"day": False, "month": True}.get(str(options.get("days", "")), guessed.month_first)
    return Style(decimal, month_first, signs_of(currency))


def open_batch(
    *,
    company_id: UUID,
    kind: str,
    path: Path,
    source_file: str,
    file_name: str,
    by: Actor,
    at: datetime,
    mapping: dict[str, str] | None = None,
    options: dict[str, Any] | None = None,
    batch_id: UUID | None = None,
) -> ImportBatch:
    """Note a file that is to be moved in."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    batch = ImportBatch(
        id=batch_id or new_id(), company_id=company_id, kind=kind, file_name=file_name[:200],
        file_size=path.stat().st_size,
        file_sha256=digest.hexdigest(), source_file=source_file, mapping=mapping or {}, options=options or {},
        created_by=by.id, created_at=at, updated_at=at,
    )  # fmt: skip
    batch.save(force_insert=True)
    writes = Batch()
    record(batch=writes, subject_kind="import", subject_id=batch.pk, verb="open", by=by.id, at=at,
           company_id=company_id, data={"file": batch.file_name, "kind": kind})  # fmt: skip
    writes.write()
    return batch
