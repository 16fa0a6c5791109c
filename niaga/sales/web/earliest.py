"""The earliest day for what stands in the order grid, before anything is saved."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.organization.access import access_of
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.earliest_day import earliest_days, wanted_lines
from niaga.sales.rules.earliest_day import Earliest, Wanted
from niaga.sales.web.day_words import why_day
from niaga.sales.web.forms import as_id
from niaga.sales.web.grid_lines import to_input
from niaga.stock.queries.warehouses import visible_warehouses, warehouse_for
from niaga.ui.order_grid import read_preview


@login_required
@require_POST
def grid_earliest(request: HttpRequest) -> HttpResponse:
    """Both ways, all at once and in parts, with their reasons; nothing is written."""
    access = access_of(request.user)
    access.require("order", "view")
    rows, fields = read_preview(request)
    company, branch = access.current_company, access.default_branch
    given = [(row.key, to_input(row)) for row in rows if not row.errors and row.kind == "item"]
    products = product_facts(
        company_id=company.id, ids={line.product_id for _key, line in given if line.product_id},
        skus={line.sku for _key, line in given if line.sku and not line.product_id},
    )  # fmt: skip
    amended = as_id(request.GET.get("order", ""))
    order = get_order(order_id=amended, by=request.user) if amended else None
    zone = order.branch.zone if order else branch.zone
    wanted = wanted_lines(given, products, today=day_at(at=now(), zone=zone))
    chosen = order.warehouse_id if order else as_id(fields.get("warehouse", ""))
    if chosen and not visible_warehouses(by=request.user).filter(pk=chosen).exists():
        chosen = None
    found = earliest_days(
        warehouse_id=warehouse_for(company_id=company.id, branch_id=branch.id, warehouse_id=chosen), lines=wanted,
        asked=_day(fields.get("requested_date", "")), at=now(), for_order=order.id if order else None,
    )  # fmt: skip
    return render(request, "sales/parts/earliest.html", {"lines": wanted, **shown_offer(found, wanted)})


def shown_offer(found: Earliest, lines: Sequence[Wanted]) -> dict[str, Any]:
    """What the dialogs say of both ways, and what a tap on one takes over: days by line, the order's own first."""
    parts = [{"name": line.name, "day": found.parts[line.key].day, "why": why_day(found.parts[line.key])}
             for line in lines]  # fmt: skip
    days = found.part_days
    by_line = {line.key: found.parts[line.key].day for line in lines}
    return {
        "together": found.together, "why_together": why_day(found.together), "parts": parts, "part_days": days,
        "is_split": len(days) > 1 or (found.together.day is None and bool(days)),
        "take_together": orjson.dumps({"": str(found.together.day or "")}).decode(),
        "take_parts": orjson.dumps(
            {"": str(days[0]) if days else ""}
            | {key: str(day) for key, day in by_line.items() if day is not None and day != days[0]}
        ).decode(),
    }  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def line_days(found: Earliest) -> dict[UUID, date]:
    """By order line, the day on which it leaves when all goes as early as possible."""
    return {UUID(key): one.day for key, one in found.parts.items() if one.day is not None}
