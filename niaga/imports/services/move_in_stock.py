from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from niaga.core.errors import Refusal
from niaga.imports.queries.keys import load_keys
from niaga.imports.services.staged import Run, staged_rows
from niaga.stock.services.check_lines import MOST_LINES, StockItem
from niaga.stock.services.receive_goods import receive_goods


def move_in_stock(run: Run) -> dict[str, Any]:
    """Receive the opening stock of the staged rows: a posted receipt for each warehouse and ten thousand rows."""
    places = load_keys(run.company_id).warehouses
    only = next(iter(set(places.values()))) if len(set(places.values())) == 1 else None
    found: list[tuple[int, str, str, str]] = []
    waiting: dict[UUID, list[tuple[int, StockItem]]] = defaultdict(list)
    seen: set[tuple[UUID | None, str]] = set()
    counts = {"created": 0, "receipts": 0, "without_stock": 0}
    for cells in staged_rows(run, found):
        for one in cells:
            word, sku, quantity = one.text("warehouse"), one.text("sku"), one.figure("quantity")
            cost = one.money("unit_cost")
            place = places.get(word.casefold()) if word else only
            if place is None:
                one.fault("warehouse", "unknown" if word else "missing", word)
            if (place, sku.casefold()) in seen:
                one.fault("sku", "twice", sku)
            seen.add((place, sku.casefold()))
            if quantity is not None and quantity < 0:
                one.fault("quantity", "not_a_figure", one.text("quantity"))
            elif quantity == 0:
                counts["without_stock"] += 1
            elif place is not None and sku and quantity is not None:
                waiting[place].append((one.row, StockItem(Decimal(quantity), sku=sku, unit_cost=cost)))
        run.find_all(found)
        found.clear()
        for place, items in waiting.items():
            if len(items) >= MOST_LINES - 1_000:
                _receive(run, place, items, counts)
                waiting[place] = []
    for place, items in waiting.items():
        _receive(run, place, items, counts)
    return counts


def _receive(run: Run, warehouse_id: UUID, items: list[tuple[int, StockItem]], counts: dict[str, int]) -> None:
    if not items:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT branch_id FROM stock_warehouse WHERE id = %s", [warehouse_id])
        branch_id = cursor.fetchone()[0]
    try:
        with transaction.atomic():
            receipt = receive_goods(
                branch_id=branch_id, warehouse_id=warehouse_id, items=[item for _row, item in items],
                reference=_("Opening stock"), is_opening=True, by=run.by, at=run.at,
            )  # fmt: skip
    except Refusal as refusal:
        run.find_all(
            [
                (
                    items[int(answer.get("line", 1)) - 1][0],
                    {"quantity": "quantity", "unit_cost": "unit_cost"}.get(str(answer.get("field", "")), "sku"),
                    "refused",
                    str(answer.get("message") or refusal.message),
                )
                for answer in (refusal.lines or [{"line": 1}])
            ]
        )
        return
    run.undo.setdefault("receipts", []).append(str(receipt.pk))
    counts["created"] += len(items)
    counts["receipts"] += 1
