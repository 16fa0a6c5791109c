"""The pages of what changed stock, and the forms that make it: receipts, adjustments, transfers, expected goods."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.stock.models import Warehouse
from niaga.stock.queries.counts import adjustment_lines, visible_adjustments
from niaga.stock.queries.lots import lots_moved
from niaga.stock.queries.receipts import receipt_line_rows, visible_receipts
from niaga.stock.queries.transfers import transfer_lines, visible_transfers
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.services.adjust_stock import adjust_stock
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.receive_goods import receive_goods
from niaga.stock.services.transfer_stock import transfer_stock
from niaga.stock.web.grid import items_of, line_errors, stock_grid
from niaga.stock.web.lot_lines import LotsField, with_lots
from niaga.ui import formatting
from niaga.ui.forms import DayField, once, refuse

Make = Callable[[HttpRequest, dict[str, Any], Warehouse], str]


class WarehouseForm(forms.Form):
    """A warehouse of those the person may see; the first is taken at once."""

    warehouse = forms.ChoiceField(label=_("Warehouse"))

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in visible_warehouses(by=request.user)}
        choices = [(key, one.name) for key, one in self.places.items()]
        for name in ("warehouse", "target"):
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
        own = access_of(request.user).default_branch.id
        first = next((key for key, one in self.places.items() if one.branch_id == own), None)
        self.fields["warehouse"].initial = first
        for field in self.fields.values():
            if not isinstance(field.widget, forms.Textarea):
                field.widget_width = "half"  # type: ignore[attr-defined]


class LotsForm(WarehouseForm):
    """With the lots of its lines."""

    lots = LotsField()


class ReceiptForm(LotsForm):
    supplier = forms.CharField(label=_("Supplier"), max_length=120, required=False)
    reference = forms.CharField(label=_("Delivery note or invoice"), max_length=60, required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("warehouse", "supplier", "reference", "note", "lots")


class AdjustmentForm(LotsForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Broken, lost, found, sample …; it stays with the document.")
    )
    field_order = ("warehouse", "reason", "lots")


class TransferForm(LotsForm):
    target = forms.ChoiceField(label=_("To warehouse"))
    note = forms.CharField(label=_("Note"), required=False)
    field_order = ("warehouse", "target", "note", "lots")


class ExpectedForm(WarehouseForm):
    supplier = forms.CharField(label=_("Supplier"), max_length=120)
    expected_date = DayField(label=_("Expected"))
    reference = forms.CharField(label=_("Order number at the supplier"), max_length=60, required=False)


def _form_page(
    request: HttpRequest,
    *,
    form_class: type[WarehouseForm],
    make: Make,
    title: Any,
    button: Any,
    teach: Any,
    key: str,
    back: str,
    costs: bool = False,
) -> HttpResponse:
    """A form with a grid of lines; what was refused stands beside its field or line, and nothing typed is lost."""
    access_of(request.user).require("stock", "record" if key == "adjustment" else "create")
    costs = costs and access_of(request.user).sees_cost
    status, grid = 200, stock_grid(costs=costs)
    form = form_class(request, request.POST or None)
    if request.method == "POST":
        lines = request.POST.get("lines", "")
        grid = stock_grid(lines, costs=costs)
        status = 422
        if form.is_valid():
            facts = form.cleaned_data
            place = form.places[facts["warehouse"]]
            try:
                items = with_lots(items_of(lines), facts.get("lots", ""), company_id=place.company_id)
                return once(request, lambda: make(request, {**facts, "items": items}, place))
            except Refusal as refusal:
                grid = stock_grid(lines, costs=costs, errors=line_errors(lines, refusal))
                refuse(form, refusal)
    context = {
        "form": form, "grid": grid, "title": title, "button": button, "teach": teach, "draft": f"stock-{key}",
        "back": reverse(back),
    }  # fmt: skip
    return render(request, "stock/paper_form.html", context, status=status)


def _receive(request: HttpRequest, facts: dict[str, Any], place: Warehouse) -> str:
    receipt = receive_goods(
        branch_id=place.branch_id, warehouse_id=place.pk, items=facts["items"], supplier=facts["supplier"],
        reference=facts["reference"], note=facts["note"], by=request.user, at=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("%(number)s: the goods are on hand.") % {"number": receipt.number})
    return reverse("stock:receipt", args=[receipt.pk])


@login_required
def new_receipt(request: HttpRequest) -> HttpResponse:
    return _form_page(
        request, form_class=ReceiptForm, make=_receive, title=_("Receive goods"), button=_("Receive"), key="receipt",
        back="stock:receipts", costs=True,
        teach=_("Scan or type what came in. The price is what one base unit cost; it may stay empty."),
    )  # fmt: skip


def _adjust(request: HttpRequest, facts: dict[str, Any], place: Warehouse) -> str:
    adjustment = adjust_stock(
        warehouse_id=place.pk, items=facts["items"], reason=facts["reason"], by=request.user, at=clock.now()
    )
    messages.success(request, gettext("%(number)s: stock is put right.") % {"number": adjustment.number})
    return reverse("stock:adjustment", args=[adjustment.pk])


@login_required
def new_adjustment(request: HttpRequest) -> HttpResponse:
    return _form_page(
        request, form_class=AdjustmentForm, make=_adjust, title=_("Adjust stock"), button=_("Adjust"),
        key="adjustment", back="stock:adjustments",
        teach=_("A quantity adds; with a minus before it, it takes away. What is reserved for orders cannot go."),
    )  # fmt: skip


def _transfer(request: HttpRequest, facts: dict[str, Any], place: Warehouse) -> str:
    transfer = transfer_stock(
        source_id=place.pk, target_id=UUID(facts["target"]), items=facts["items"], note=facts["note"],
        by=request.user, at=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("%(number)s: the goods are moved.") % {"number": transfer.number})
    return reverse("stock:transfer", args=[transfer.pk])


@login_required
def new_transfer(request: HttpRequest) -> HttpResponse:
    return _form_page(
        request, form_class=TransferForm, make=_transfer, title=_("Transfer goods"), button=_("Transfer goods"),
        key="transfer", back="stock:transfers",
        teach=_("Free goods leave the first warehouse and are in the second at once."),
    )  # fmt: skip


def _expect(request: HttpRequest, facts: dict[str, Any], place: Warehouse) -> str:
    expected = expect_receipt(
        warehouse_id=place.pk, supplier=facts["supplier"], expected_date=facts["expected_date"],
        items=facts["items"], reference=facts["reference"], by=request.user, at=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("Sellers see it as coming now."))
    return reverse("stock:one_expected", args=[expected.pk])


@login_required
def new_expected(request: HttpRequest) -> HttpResponse:
    return _form_page(
        request, form_class=ExpectedForm, make=_expect, title=_("Expect goods"), button=_("Expect"), key="expected",
        back="stock:expected",
        teach=_("What a supplier will bring, and when. It counts as coming until it is received or cancelled."),
    )  # fmt: skip


def _paper(
    request: HttpRequest, *, number: str, facts: list[tuple[Any, Any]], rows: list[dict[str, Any]], back: str,
    title: Any, note: str = "",
) -> HttpResponse:  # fmt: skip
    context = {
        "number": number, "facts": [(label, value) for label, value in facts if value], "rows": rows,
        "back": reverse(back), "title": title, "note": note,
    }  # fmt: skip
    return render(request, "stock/paper.html", context)


def _line(
    row: Mapping[str, Any], *, quantity: Any, unit: str, extra: str = "", lots: Sequence[Any] = ()
) -> dict[str, Any]:
    return {
        "product_id": row["product_id"], "sku": row["product__sku"], "name": row["product__name"],
        "quantity": quantity, "unit": unit, "extra": extra, "lots": lots,
    }  # fmt: skip


def _lot(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lot of a line, where it has one."""
    return [{"number": row["lot__number"], "expires_on": row["lot__expires_on"]}] if row["lot__number"] else []


@login_required
@require_GET
def show_receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    receipt = visible_receipts(by=request.user).filter(pk=receipt_id).first()
    if receipt is None:
        raise NotFound()
    currency = access_of(request.user).current_company.currency
    sees_cost = access_of(request.user).sees_cost
    who = user_names([receipt.received_by])
    rows = []
    lines = receipt_line_rows(receipt_id=receipt_id)
    lots = lots_moved(source_id=receipt_id) if any(row["product__by_lot"] for row in lines) else {}
    for row in lines:
        cost = formatting.money(row["unit_cost"], currency) if sees_cost and row["unit_cost"] is not None else ""
        rows.append(_line(row, quantity=row["quantity"], unit=row["unit__code"], extra=cost,
                          lots=lots.get((row["id"], row["product_id"]), ())))  # fmt: skip
    return _paper(
        request, number=receipt.number, title=_("Receipts"), back="stock:receipts", rows=rows, note=receipt.note,
        facts=[
            (_("Warehouse"), receipt.warehouse.name), (_("Supplier"), receipt.supplier),
            (_("Reference"), receipt.reference), (_("Received"), formatting.moment(receipt.received_at)),
            (_("By"), who.get(receipt.received_by, "") if receipt.received_by else ""),
        ],
    )  # fmt: skip


@login_required
@require_GET
def show_adjustment(request: HttpRequest, adjustment_id: UUID) -> HttpResponse:
    found = visible_adjustments(by=request.user).filter(pk=adjustment_id, is_count=False).first()
    if found is None:
        raise NotFound()
    who = user_names([found.created_by])
    return _paper(
        request, number=found.number, title=_("Adjustments and counts"), back="stock:adjustments",
        rows=[
            _line(row, quantity=row["difference"], unit=row["product__unit__code"], lots=_lot(row))
            for row in adjustment_lines(adjustment_id)
        ],
        facts=[
            (_("Warehouse"), found.warehouse.name), (_("Reason"), found.reason),
            (_("Posted"), formatting.moment(found.posted_at)),
            (_("By"), who.get(found.created_by, "") if found.created_by else ""),
        ],
    )  # fmt: skip


@login_required
@require_GET
def show_transfer(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    found = visible_transfers(by=request.user).filter(pk=transfer_id).first()
    if found is None:
        raise NotFound()
    who = user_names([found.moved_by])
    return _paper(
        request, number=found.number, title=_("Transfers"), back="stock:transfers", note=found.note,
        rows=[
            _line(row, quantity=row["quantity"], unit=row["product__unit__code"], lots=_lot(row))
            for row in transfer_lines(transfer_id)
        ],
        facts=[
            (_("From warehouse"), found.source.name), (_("To warehouse"), found.target.name),
            (_("Moved"), formatting.moment(found.moved_at)),
            (_("By"), who.get(found.moved_by, "") if found.moved_by else ""),
        ],
    )  # fmt: skip
