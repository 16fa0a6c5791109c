"""The lines of receipts, adjustments, transfers and expected goods, typed or scanned into the order grid."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niaga.catalog.queries.find_products import find_products
from niaga.catalog.queries.product_facts import product_facts
from niaga.catalog.queries.product_pictures import product_thumbnails
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.stock.errors import BadStockLines
from niaga.stock.queries.availability import availability
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.services.check_lines import StockItem
from niaga.ui import formatting
from niaga.ui.order_grid import (
    GridAnswer,
    GridTotal,
    OrderGrid,
    preview_answer,
    products_answer,
    read_lines,
    read_preview,
)


def stock_grid(lines: str | list[dict[str, Any]] = (), *, costs: bool = False, errors: Any = None) -> OrderGrid:  # type: ignore[assignment]
    """The grid of a stock document; `costs` shows the price column, which is what one unit cost."""
    return OrderGrid(
        products=reverse("stock:grid_products"), preview=reverse("stock:grid_preview"), fields=("warehouse",),
        lines=lines, errors=errors or {}, prices=costs, discounts=False,
    )  # fmt: skip


def items_of(text: str) -> list[StockItem]:
    """The lines that a form sent, as a service takes them; a cost is given for the line's unit, kept for one base unit.

    :raises BadStockLines: a figure could not be read
    """
    lines = [line for line in read_lines(text) if line.kind == "item" and (line.product or line.sku)]
    faults = [
        {"line": place, "field": cell, "code": "unreadable", "message": message}
        for place, line in enumerate(lines, 1)
        for cell, message in line.errors.items()
    ]
    if faults:
        raise BadStockLines(lines=faults, field="lines")
    return [
        StockItem(
            quantity=Decimal(1) if line.quantity is None else line.quantity, product_id=line.product,
            sku=line.sku or None, unit=line.unit or None, unit_cost=line.price,
        )
        for line in lines
    ]  # fmt: skip


def line_errors(text: str, refusal: Refusal) -> dict[str, str]:
    """A refusal's answers by the key of the grid's line."""
    lines = [line for line in read_lines(text) if line.kind == "item" and (line.product or line.sku)]
    said: dict[str, str] = {}
    for answer in refusal.lines:
        place = answer.get("line")
        if not isinstance(place, int) or not 0 < place <= len(lines):
            continue
        message = str(answer.get("message") or "")
        if not message and "available" in answer:
            message = _("Free are %(available)s, asked were %(wanted)s.") % {
                "available": formatting.number(answer["available"]),
                "wanted": formatting.number(answer["wanted"]),
            }
        said[lines[place - 1].key] = message or str(refusal.message)
    return said


def _warehouse(request: HttpRequest, text: str) -> UUID | None:
    try:
        wanted = UUID(text)
    except ValueError:  # none chosen yet, too
        return None
    return wanted if wanted and visible_warehouses(by=request.user).filter(pk=wanted).exists() else None


@require_GET
@login_required
def grid_products(request: HttpRequest) -> JsonResponse:
    """Products as one types or scans, with what is free in the warehouse of the form."""
    company_id = access_of(request.user).current_company.id
    found = [one for one in find_products(request.GET.get("q", "")[:100], request.user, 12) if one.kind == "goods"]
    there = availability(
        product_ids=[one.id for one in found], company_id=company_id,
        warehouse_id=_warehouse(request, request.GET.get("warehouse", "")),
    )  # fmt: skip
    pictures = product_thumbnails({one.id: one.image_id for one in found})
    return products_answer(
        [
            {
                "id": one.id, "sku": one.sku, "name": one.name, "unit": one.unit, "available": there[one.id].free,
                "exact": one.exact, "picture": pictures.get(one.id, ""),
            }
            for one in found
        ]
    )  # fmt: skip


@require_POST
@login_required
def grid_preview(request: HttpRequest) -> JsonResponse:
    """What the grid shows of its lines: name and units of pasted SKUs, what is free, the sum of the costs."""
    lines, fields = read_preview(request)
    access = access_of(request.user)
    company_id, currency = access.current_company.id, access.current_company.currency
    access.require("product", "view")
    products = product_facts(
        company_id=company_id, ids={line.product for line in lines if line.product},
        skus={line.sku for line in lines if line.sku and not line.product},
    )  # fmt: skip
    there = availability(
        product_ids={product.id for product in products.values()}, company_id=company_id,
        warehouse_id=_warehouse(request, fields.get("warehouse", "")),
    )  # fmt: skip
    answers: dict[str, GridAnswer] = {}
    total = Decimal(0)
    for line in lines:
        if line.kind != "item":
            continue
        product = products.get(line.product or line.sku)
        if product is None:
            answers[line.key] = GridAnswer(error=_("There is no such product."))
            continue
        quantity = Decimal(1) if line.quantity is None else line.quantity
        unit = product.unit(line.unit)
        subtotal = line.price * quantity * unit.factor if line.price is not None and unit else None
        total += subtotal or 0
        error = next(iter(line.errors.values()), "") or ("" if unit else _("The product is not kept in this unit."))
        answers[line.key] = GridAnswer(
            product=product.id, sku=product.sku, name=product.name, unit=(unit or product.units[0]).code,
            units=[one.code for one in product.units], subtotal=subtotal, available=there[product.id].free,
            error=error, error_field=next(iter(line.errors), "") if line.errors else ("" if unit else "unit"),
        )  # fmt: skip
    totals = [GridTotal(_("Lines"), formatting.number(len(answers)))]
    if total:
        totals.append(GridTotal(_("Cost"), formatting.money(total, currency), sum=True))
    return preview_answer(lines=answers, totals=totals, currency=currency)
