"""What there is: by product and warehouse, and how it moved."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.catalog.queries.product_facts import product_facts
from niaga.catalog.queries.products import name_key
from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.stock.models import StockCost, StockMove
from niaga.stock.queries.availability import availability, number_of_source, visible_moves
from niaga.stock.queries.levels import levels_of_product, of_matching_products, visible_levels
from niaga.stock.queries.lots import lot_levels_of
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.web.lots import state_of
from niaga.stock.web.tabs import may, stock_tabs
from niaga.stock.web.words import LOT, REASONS, source_url
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.lists import (
    Choice,
    Days,
    Empty,
    Flag,
    Listing,
    Moment,
    Quantity,
    Search,
    Status,
    StatusColumn,
    Text,
    View,
)
from niaga.ui.lists.addresses import row_address


def _warehouses(request: HttpRequest) -> Any:
    return visible_warehouses(by=request.user).values_list("id", "name")


def _state(row: Any) -> Status | None:
    if row.available > 0:
        return None
    if row.incoming:
        return Status(_("On its way"), "calm", "truck")
    return Status(_("Sold out"), "bad", "circle-x") if row.on_hand == 0 else Status(_("All reserved"), "warn", "lock")


class StockList(Listing):
    key, title, sort, template = "stock", _("Stock"), "product", "stock/list.html"
    columns = (
        Text("product", _("Product"), source="product__name", sub="product__sku", sort="name_key", phone="title"),
        Text("warehouse", _("Warehouse"), source="warehouse__name", sort="warehouse__name", phone="meta"),
        Quantity("on_hand", _("On hand"), unit="product__unit__code", sort="on_hand"),
        Quantity("reserved", _("Reserved"), sort="reserved"),
        Quantity("available", _("Free"), sort="available", phone="value"),
        Quantity("incoming", _("Coming"), sort="incoming"),
        Text("incoming_date", _("From"), source=lambda row: _day(row.incoming_date)),
        StatusColumn("state", _("Status"), source=_state, phone="status"),
    )
    filters = (
        Search("q", _("SKU, name or barcode"), match=of_matching_products),
        Choice("warehouse", _("Warehouse"), options=_warehouses, lookup="warehouse"),
        Flag("short", _("Nothing free"), match=lambda rows: rows.filter(available__lte=0)),
        Flag("reserved", _("Reserved"), match=lambda rows: rows.filter(reserved__gt=0)),
        Flag("coming", _("Coming"), match=lambda rows: rows.filter(incoming__gt=0)),
    )
    views = (View(_("Nothing free"), "short=1"), View(_("Coming"), "coming=1"))
    empty = Empty(
        _("No stock yet"),
        _(
            "Stock begins with a receipt: what came in, from whom, at what cost. Opening stock of an old system can be"
            " imported."
        ),
        icon="package",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("stock", "view")
        return visible_levels(by=self.request.user)

    def ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The index of names begins with the company; the count does without the products."""
        here = access_of(self.request.user).current_company.id
        return super().ordered(rows.filter(product__company_id=here).annotate(name_key=name_key("product")))

    def url(self, row: Any) -> str:
        return row_address("stock:product", row.product_id)

    def context(self) -> dict[str, Any]:
        return {"tabs": stock_tabs("levels")}

    def actions(self) -> list[Action]:
        if not may(self.request, "create"):
            return []
        return [
            Action(_("Receive goods"), url=reverse("stock:new_receipt"), icon="package-plus", method="get", kind="go",
                   key="n")
        ]  # fmt: skip


def _day(day: Any) -> str:
    return formatting.day(day) if day else ""


class MoveList(Listing):
    key, title, sort, template = "moves", _("Moves"), "-at", "stock/list.html"
    columns = (
        Moment("at", _("When"), sort="at", phone="meta"),
        Text("product", _("Product"), source="product__name", sub="product__sku", phone="title"),
        StatusColumn("reason", _("Reason"), statuses=REASONS, phone="status"),
        Quantity("quantity", _("Quantity"), unit="product__unit__code", sort="quantity", phone="value"),
        Text("warehouse", _("Warehouse"), source="warehouse__name", phone="meta"),
        Text("source", _("Document"), source=lambda row: getattr(row, "source_number", "")),
    )
    filters = (
        Search("q", _("SKU or name"), match=of_matching_products),
        Choice("reason", _("Reason"), options=[(key, status.label) for key, status in REASONS.items()]),
        Choice("warehouse", _("Warehouse"), options=_warehouses, lookup="warehouse"),
        Days("day", _("Day"), lookup="at__date"),
    )
    empty = Empty(_("Nothing moved yet"), _("Every receipt, shipment and correction leaves its line here, for good."))

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("stock", "view")
        return visible_moves(by=self.request.user)

    def prepare(self, rows: list[StockMove]) -> list[StockMove]:
        numbers = number_of_source(rows)
        for row in rows:
            row.source_number = numbers.get(row.source_id, "")  # type: ignore[attr-defined]
        return rows

    def url(self, row: Any) -> str:
        return source_url(row.source_kind, row.source_id)

    def context(self) -> dict[str, Any]:
        return {"tabs": stock_tabs("moves")}


@login_required
@require_GET
def show_product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """A product in every warehouse: what is there, held and coming, and its last moves."""
    access = access_of(request.user)
    access.require("stock", "view")
    company_id = access.current_company.id
    product = product_facts(company_id=company_id, ids={product_id}).get(product_id)
    if product is None:
        raise NotFound()
    moves = list(visible_moves(by=request.user).filter(product_id=product_id).order_by("-at", "-id")[:30])
    numbers = number_of_source(moves)
    there = availability(product_ids=[product_id], company_id=company_id)[product_id]
    may_change = access.allows("product", "change")
    lots = lot_levels_of(product_id=product_id, by=request.user) if product.by_lot else []
    today = clock.today(at=clock.now(), zone=access.current_company.zone)
    for lot in lots:
        lot.state = LOT[state_of(lot.lot, today)]  # type: ignore[attr-defined]
    context = {
        "lots": lots,
        "may_tell_apart": may_change and product.kind == "goods" and not product.by_lot,
        "may_keep_together": may_change,
        "product": product,
        "unit": product.units[0].code,
        "there": there,
        "steps": there.to_promise(today),
        "levels": levels_of_product(product_id=product_id, by=request.user),
        "moves": [
            {
                "row": move, "reason": REASONS[move.reason], "number": numbers.get(move.source_id, ""),
                "url": source_url(move.source_kind, move.source_id),
            }
            for move in moves
        ],
        "may_record": access.allows("stock", "record"),
        "may_place": access.allows("stock", "change"),
        "worth": StockCost.objects.filter(product_id=product_id).first() if access.sees_cost else None,
        "currency": access.current_company.currency,
    }  # fmt: skip
    return render(request, "stock/product.html", context)
