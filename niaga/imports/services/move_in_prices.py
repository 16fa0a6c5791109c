from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from niaga.core.errors import Refusal
from niaga.imports.queries.keys import load_keys
from niaga.imports.services.staged import Cells, Run, staged_rows
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.set_prices import MOST, NewPrice, set_prices

_COLUMNS = {"sku": "sku", "product": "sku", "min_quantity": "min_quantity", "price": "price"}
_BEFORE = """
SELECT e.price_list_id, e.product_id, e.min_quantity, e.price, p.sku FROM pricing_pricelistentry e
JOIN catalog_product p ON p.id = e.product_id WHERE e.price_list_id = %s::uuid AND e.unit_id IS NULL
  AND p.sku = ANY(%s::text[])
"""


def move_in_prices(run: Run) -> dict[str, Any]:
    """Set the prices of the staged rows, list by list; lists that are new are opened. Prices that are there change."""
    lists = dict(load_keys(run.company_id).price_lists)
    groups = load_keys(run.company_id).groups
    found: list[tuple[int, str, str, str]] = []
    waiting: dict[UUID, list[tuple[int, NewPrice]]] = defaultdict(list)
    counts = {"created": 0, "changed": 0, "same": 0, "lists": 0}
    for cells in staged_rows(run, found):
        for one in cells:
            price = _price(one, lists, groups, run, counts)
            if price is not None:
                waiting[price[0]].append((one.row, price[1]))
        run.find_all(found)
        found.clear()
        for list_id, prices in waiting.items():
            if len(prices) >= MOST // 2:
                _write(run, list_id, prices, counts)
                waiting[list_id] = []
    for list_id, prices in waiting.items():
        _write(run, list_id, prices, counts)
    return counts


def _price(
    cells: Cells, lists: dict[str, UUID], groups: Any, run: Run, counts: dict[str, int]
) -> tuple[UUID, NewPrice] | None:
    code, sku = cells.text("price_list"), cells.text("sku")
    figure, least = cells.money("price"), cells.money("min_quantity") or Decimal(0)
    currency = cells.text("currency").upper()
    if currency and currency != run.currency:
        cells.fault("currency", "wrong_currency", currency)
    group = cells.text("group")
    if group and group.casefold() not in groups:
        cells.fault("group", "unknown", group)
    starts, ends = cells.moment("valid_from"), cells.moment("valid_to")
    if not code or not sku or figure is None:
        if figure is None and not cells.text("price"):
            pass  # noted as missing already
        return None
    if code.casefold() not in lists:
        facts = {"group_id": groups.get(group.casefold()), "valid_from": _day(starts), "valid_to": _day(ends),
                 "prices_include_tax": cells.yes("with_tax") if cells.text("with_tax") else None}  # fmt: skip
        lists[code.casefold()] = _open(cells, run, code, **facts)
        counts["lists"] += 1
    return lists[code.casefold()], NewPrice(price=figure, sku=sku, min_quantity=least)


def _day(moment: Any) -> date | None:
    return moment.date() if moment else None


def _open(cells: Cells, run: Run, code: str, **facts: Any) -> UUID:
    try:
        with transaction.atomic():
            opened = create_price_list(
                company_id=run.company_id, code=code[:30], name=code, import_batch_id=run.batch_id, by=run.by,
                at=run.at, **facts,
            )  # fmt: skip
    except Refusal as refusal:
        cells.fault("price_list", "refused", str(refusal.message))
        return run.batch_id  # nothing of the file will be written
    run.undo.setdefault("lists", []).append(str(opened.pk))
    return opened.pk


def _write(run: Run, list_id: UUID, prices: list[tuple[int, NewPrice]], counts: dict[str, int]) -> None:
    if not prices or list_id == run.batch_id:
        return
    if str(list_id) not in run.undo.get("lists", []):
        with connection.cursor() as cursor:
            cursor.execute(_BEFORE, [list_id, [price.sku for _row, price in prices]])
            new = {(price.sku, price.min_quantity): price.price for _row, price in prices}
            run.undo.setdefault("prices_before", []).extend(
                [str(one), str(product), str(least), str(before), str(new[sku, least])]
                for one, product, least, before, sku in cursor.fetchall()
                if (sku, least) in new and new[sku, least] != before
            )
    try:
        with transaction.atomic():
            done = set_prices(
                price_list_id=list_id, prices=[price for _row, price in prices], by=run.by, at=run.at,
                import_batch_id=run.batch_id,
            )  # fmt: skip
    except Refusal as refusal:
        run.find_all(
            [
                (
                    prices[int(answer.get("line", 1)) - 1][0],
                    _COLUMNS.get(str(answer.get("field", "")), "price"),
                    "refused",
                    str(answer.get("message") or refusal.message),
                )
                for answer in (refusal.lines or [{"line": 1}])
            ]
        )
        return
    counts["created"] += done.added
    counts["changed"] += done.changed
    counts["same"] += done.same
