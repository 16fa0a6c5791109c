from dataclasses import asdict
from typing import Any

from django.db import connection

from niaga.catalog.rules.product import NewProduct
from niaga.catalog.services.create_products import create_products
from niaga.imports.rules.values import MONTHS
from niaga.imports.services.staged import FINDINGS, STAGE, Run
from niaga.organization.access import access_of
from niaga.sales.rules.historical import Writing
from niaga.sales.services.check_historical_sales import check_historical_sales
from niaga.sales.services.record_historical_sales import record_historical_sales

_PLACEHOLDERS_AT_ONCE = 1_000


def move_in_sales(run: Run, *, typed: bool, placeholder_name: str) -> dict[str, Any]:
    """Check the staged lines and write them as closed sales with their original numbers.

    :raises BadFigures: the stage is typed, and some figure is missing or absurd
    """
    access_of(run.by).require("import", "create", company_id=run.company_id)
    style = run.style
    writing = Writing(
        typed=typed, plain=style.plain_pattern, grouped=style.grouped_pattern, sign=style.sign_pattern,
        decimal=style.decimal, grouping=style.grouping, month_first=style.month_first, months=MONTHS,
    )  # fmt: skip
    counts = check_historical_sales(
        stage=STAGE, findings=FINDINGS, columns=run.columns, writing=writing, company_id=run.company_id,
        currency=run.currency, branch=_head_office(run), at=run.at,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {FINDINGS})")
        if cursor.fetchone()[0]:
            return asdict(counts)
        cursor.execute("SELECT sku FROM history_unknown ORDER BY sku")
        unknown = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(unknown), _PLACEHOLDERS_AT_ONCE):
        create_products(
            company_id=run.company_id,
            rows=[
                NewProduct(sku=sku, name=placeholder_name % {"sku": sku}, archived=True)
                for sku in unknown[start : start + _PLACEHOLDERS_AT_ONCE]
            ],
            by=run.by,
            at=run.at,
            import_batch_id=run.batch_id,
        )
    lines = record_historical_sales(
        stage=STAGE, columns=run.columns, writing=writing, company_id=run.company_id, currency=run.currency,
        batch_id=run.batch_id,
    )  # fmt: skip
    if lines != counts.lines:
        raise AssertionError(f"{counts.lines} lines were read, {lines} written")
    run.said(lines)
    return asdict(counts)


def _head_office(run: Run) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM organization_branch WHERE company_id = %s AND is_head", [run.company_id])
        row = cursor.fetchone()
    return row[0] if row else None
