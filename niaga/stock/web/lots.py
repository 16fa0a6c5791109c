"""Lots: what lies there and until when, where a lot came from and went, and what is kept by lot."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import DateField, DecimalField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.catalog.queries.product_facts import ProductFacts, product_facts
from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.stock.models import Lot, LotBlock, StockCost
from niaga.stock.queries.levels import levels_of_product, of_matching_products
from niaga.stock.queries.lots import get_lot, trace_of, visible_lot_levels
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.services.block_lot import block_lot
from niaga.stock.services.check_lines import LotGiven
from niaga.stock.services.start_lots import start_lots
from niaga.stock.services.stop_lots import stop_lots
from niaga.stock.web.lot_lines import rows_of
from niaga.stock.web.tabs import may, stock_tabs
from niaga.stock.web.words import LOT, REASONS, source_url
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import once
from niaga.ui.lists import Choice, Day, Days, Empty, Flag, Listing, Money, Quantity, Search, StatusColumn, Text
from niaga.ui.lists import View as Saved
from niaga.ui.lists.addresses import row_address
from niaga.ui.registry import DocumentRef, chains_of

SOON = 30
"""So many days before its day a lot is told to expire soon."""


def _today(request: HttpRequest) -> Any:
    return clock.today(at=clock.now(), zone=access_of(request.user).current_company.zone)


def state_of(lot: Lot, today: Any) -> str:
    if lot.blocked_at is not None:
        return "blocked"
    if lot.expires_on <= today:
        return "over"
    return "soon" if lot.expires_on <= today + timedelta(days=SOON) else "good"


class LotList(Listing):
    key, title, sort, template = "lots", _("Lots"), "expires", "stock/list.html"
    columns = (
        Text("lot", _("Lot"), source="lot__number", sort="lot__number", phone="title"),
        Text("product", _("Product"), source="product__name", sub="product__sku", sort="product__name", phone="meta"),
        Text("warehouse", _("Warehouse"), source="warehouse__name", phone="meta"),
        Day("expires", _("Until"), source="lot__expires_on", sort="lot__expires_on", phone="meta"),
        Quantity("on_hand", _("On hand"), unit="product__unit__code", sort="on_hand", phone="value"),
        Money("worth", _("Worth"), hidden_from=lambda request: not access_of(request.user).sees_cost),
        StatusColumn("state", _("Status"), source=lambda row: LOT[state_of(row.lot, row.today)], phone="status"),
    )
    filters = (
        Search("q", _("Lot, SKU or name"),
               match=lambda rows, text: rows.filter(
                   Q(lot__number__istartswith=text) | Q(pk__in=of_matching_products(rows, text).values("pk")))),
        Choice("warehouse", _("Warehouse"),
               options=lambda request: visible_warehouses(by=request.user).values_list("id", "name")),
        Days("expires", _("Until"), lookup="lot__expires_on"),
        Flag("soon", _("Expires within 30 days"), match=lambda rows: rows.filter(
            lot__expires_on__lte=clock.now().date() + timedelta(days=SOON))),
        Flag("blocked", _("Blocked lots"), match=lambda rows: rows.filter(lot__blocked_at__isnull=False)),
        Flag("barred", _("Not to be sold"), match=lambda rows: rows.filter(is_barred=True)),
    )  # fmt: skip
    views = (Saved(_("Expires within 30 days"), "soon=1"), Saved(_("Not to be sold"), "barred=1"))
    empty = Empty(
        _("No lots here"),
        _("Products with a last day are kept by lot: switch it on at the product's stock. Then each receipt names"
          " its lots, and what expires first leaves first."),
        icon="layers",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("stock", "view")
        average = StockCost.objects.filter(product_id=OuterRef("product_id")).values("average")
        worth = ExpressionWrapper(
            F("on_hand") * Subquery(average), output_field=DecimalField(max_digits=19, decimal_places=4)
        )
        currency = access_of(self.request.user).current_company.currency
        return (
            visible_lot_levels(by=self.request.user)
            .filter(on_hand__gt=0)
            .annotate(
                worth=worth, currency=Value(currency),
                today=Value(_today(self.request), output_field=DateField()),
            )
        )  # fmt: skip

    def url(self, row: Any) -> str:
        return row_address("stock:lot", row.lot_id)

    def context(self) -> dict[str, Any]:
        return {"tabs": stock_tabs("lots")}


@login_required
@require_GET
def show_lot(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Where a lot came from, where it lies and where it went: to call it back."""
    lot = get_lot(lot_id=lot_id, by=request.user)
    moves = trace_of(lot_id=lot.id, by=request.user)
    sent = [DocumentRef("delivery", move.source_id) for move in moves if move.customer_id]
    bills = {
        ref.id: [link for stage in stages if stage.kind == "invoice" for link in stage.links]
        for ref, stages in (chains_of(request, sent) if sent else {}).items()
    }
    rows = [
        {"move": move, "reason": REASONS[move.reason], "bills": bills.get(move.source_id, []),
         "url": source_url(move.source_kind, move.source_id) if move.number else ""}
        for move in moves
    ]  # fmt: skip
    customers = {move.customer_id for move in moves if move.customer_id}
    context = {
        "lot": lot, "state": LOT[state_of(lot, _today(request))], "rows": rows, "customers": len(customers),
        "levels": list(visible_lot_levels(by=request.user).filter(lot_id=lot.id).order_by("warehouse__name")),
        "blocks": list(LotBlock.objects.filter(lot_id=lot.id).order_by("-at")),
        "action": _block_action(lot) if may(request, "record") else None,
        "left": -sum((move.quantity for move in moves if move.source_kind == "delivery"), Decimal(0)),
    }  # fmt: skip
    return render(request, "stock/lot.html", context)


def _block_action(lot: Lot) -> Action:
    if lot.blocked_at is None:
        said = Consequence(
            _("Block this lot?"), _("Nobody is promised any more of it, and none of it leaves, wherever it lies."),
            reason=_("Reason"), button=_("Block"), danger=True,
        )  # fmt: skip
        return Action(_("Block"), url=reverse("stock:block_lot", args=[lot.pk]), icon="lock", kind="bad", confirm=said)
    said = Consequence(
        _("Let this lot go?"), _("It is sold again, unless its day has come."), reason=_("Reason"), button=_("Let go")
    )
    return Action(_("Let go"), url=reverse("stock:release_lot", args=[lot.pk]), icon="lock-open", confirm=said)


@login_required
@require_POST
def block(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    return _blocking(request, lot_id, is_block=True)


@login_required
@require_POST
def release(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    return _blocking(request, lot_id, is_block=False)


def _blocking(request: HttpRequest, lot_id: UUID, *, is_block: bool) -> HttpResponse:
    get_lot(lot_id=lot_id, by=request.user)

    def deed() -> str:
        block_lot(
            lot_id=lot_id, reason=request.POST.get("reason", ""), is_block=is_block, by=request.user, at=clock.now()
        )
        messages.success(request, gettext("The lot is blocked.") if is_block else gettext("The lot is sold again."))
        return reverse("stock:lot", args=[lot_id])

    return once(request, deed)


def _product(request: HttpRequest, product_id: UUID) -> ProductFacts:
    company_id = access_of(request.user).current_company.id
    product = product_facts(company_id=company_id, ids={product_id}).get(product_id)
    if product is None or product.kind != "goods":
        raise NotFound()
    return product


class TellApartForm(forms.Form):
    """The lots of what lies in each warehouse: number, last day and quantity in each row."""

    def __init__(self, product: ProductFacts, levels: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = product.units[0].code
        for level in levels:
            there = f"{level.on_hand.normalize():f}"
            self.fields[f"place-{level.warehouse_id}"] = forms.CharField(
                label=level.warehouse.name, max_length=100_000,
                widget=forms.Textarea(
                    attrs={"rows": 3, "spellcheck": "false", "placeholder": f"L2711  2027-06-30  {there}"}
                ),
                help_text=_("%(quantity)s are there. One lot in each row: number, last day, quantity.")
                % {"quantity": f"{there} {unit}"},
            )  # fmt: skip


@login_required
def tell_apart(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Keep a product by lot: the lots of what is there are asked for."""
    product = _product(request, product_id)
    access_of(request.user).require("product", "change")
    levels = [level for level in levels_of_product(product_id=product_id, by=request.user) if level.on_hand]
    form = TellApartForm(product, levels, request.POST or None)
    status, error = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                lots = {
                    level.warehouse_id: [
                        LotGiven(row.number, row.quantity, row.expires_on, row.made_on)
                        for row in rows_of(_with_code(form.cleaned_data[f"place-{level.warehouse_id}"], product.sku))
                    ]
                    for level in levels
                }

                def deed() -> str:
                    start_lots(product_id=product_id, lots=lots, by=request.user, at=clock.now())
                    messages.success(request, gettext("It is kept by lot from now on."))
                    return reverse("stock:product", args=[product_id])

                return once(request, deed)
            except Refusal as refusal:
                said = [str(line["message"]) for line in refusal.lines if "message" in line]
                error = " · ".join([str(refusal.message), *said])
    context = {"form": form, "product": product, "levels": levels, "error": error}
    return render(request, "stock/tell_apart.html", context, status=status)


def _with_code(text: str, sku: str) -> str:
    """Rows without a code are of the page's product; a scanned code says it itself."""
    code = "-".join(sku.split())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(line if line.startswith(("(", "]")) or "\x1d" in line else f"{code} {line}" for line in lines)


@login_required
@require_POST
def keep_together(request: HttpRequest, product_id: UUID) -> HttpResponse:
    _product(request, product_id)

    def deed() -> str:
        stop_lots(product_id=product_id, by=request.user, at=clock.now())
        messages.success(request, gettext("It is no longer kept by lot."))
        return reverse("stock:product", args=[product_id])

    return once(request, deed)
