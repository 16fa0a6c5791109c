"""Settings: who sends goods straight to customers; and, from a product's page, that it goes so."""

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
from django.views.decorators.http import require_GET, require_POST

from niaga.catalog.queries.products import product_for
from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.stock.models import Supplier
from niaga.stock.queries.suppliers import supply_of, visible_suppliers
from niaga.stock.services.archive_supplier import archive_supplier
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply
from niaga.ui.forms import AmountField, once, refuse
from niaga.ui.stale import one_at_a_time, overtaken


class SupplierForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    contact = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail for requests"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    address = forms.CharField(
        label=_("Address"), max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    language = forms.ChoiceField(label=_("Language of requests"), choices=(("id", "Indonesia"), ("en", "English")))
    lead_days = forms.IntegerField(
        label=_("Days until they send"), min_value=0, max_value=365, initial=3,
        help_text=_("What is promised to the customer until the supplier says a day."),
    )  # fmt: skip
    mails_at_once = forms.BooleanField(
        label=_("Mail requests as soon as an order is confirmed"), required=False,
        help_text=_("Otherwise a person looks at each request and sends it."),
    )  # fmt: skip


@login_required
@require_GET
def suppliers(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("product", "view")
    rows = list(visible_suppliers(by=request.user, archived=True).order_by("archived_at", "name", "id"))
    return render(request, "stock/suppliers.html", {"rows": rows, "may_change": access.allows("product", "change")})


def _found(request: HttpRequest, supplier_id: UUID) -> Supplier:
    found = visible_suppliers(by=request.user, archived=True).filter(pk=supplier_id).first()
    if found is None:
        raise NotFound()
    return found


@login_required
@one_at_a_time
def edit(request: HttpRequest, supplier_id: UUID | None = None) -> HttpResponse:
    """A new supplier, or a change of one."""
    access = access_of(request.user)
    access.require("product", "change")
    row = _found(request, supplier_id) if supplier_id is not None else None
    initial = {name: getattr(row, name) for name in SupplierForm.base_fields} if row is not None else {}
    form = bound_or_fresh(request, lambda data: SupplierForm(data, initial=initial), subject=supplier_id)
    status = 200
    if request.method == "POST":
        status = 422
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                save_supplier(
                    supplier_id=supplier_id, company_id=access.current_company.id,
                    details=SupplierDetails(**form.cleaned_data), by=request.user, at=clock.now(),
                )  # fmt: skip
                messages.success(request, gettext("Saved."))
                return reverse("stock:suppliers")

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
    return render(request, "stock/supplier_form.html", {"form": form, "row": row}, status=status)


@login_required
@require_POST
def archive(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    access_of(request.user).require("product", "change")
    row = _found(request, supplier_id)

    def deed() -> str:
        done = archive_supplier(
            supplier_id=supplier_id, archived=row.archived_at is None, by=request.user, at=clock.now()
        )
        words = gettext("Archived.") if done.archived_at else gettext("Restored.")
        undo = reverse("stock:archive_supplier", args=[supplier_id])
        messages.success(request, words, extra_tags=f"undo:{undo}")
        return reverse("stock:suppliers")

    return once(request, deed)


class SupplyForm(forms.Form):
    supplier = forms.ChoiceField(label=_("Comes from"), required=False)
    code = forms.CharField(
        label=_("Supplier's code"), max_length=40, required=False,
        help_text=_("What the supplier calls it; it stands on requests."),
    )  # fmt: skip
    unit_cost = AmountField(
        label=_("Agreed cost"), required=False,
        help_text=_("Of one base unit. It holds unless another is written when the supplier has sent."),
    )  # fmt: skip

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible_suppliers(by=request.user).order_by("name").values_list("id", "name")
        self.fields["supplier"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Our own stock")),
            *((str(key), name) for key, name in rows),
        ]
        if not access_of(request.user).sees_cost:
            del self.fields["unit_cost"]


@login_required
@one_at_a_time
def supply(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """How a product reaches who buys it."""
    access = access_of(request.user)
    access.require("product", "change")
    product = product_for(request.user, product_id)
    row = supply_of(product_id)
    initial = {"supplier": str(row.supplier_id), "code": row.code, "unit_cost": row.unit_cost} if row else {}
    form = bound_or_fresh(request, lambda data: SupplyForm(request, data, initial=initial), subject=product_id)
    status = 200
    if request.method == "POST":
        status = 422
        if not overtaken(form) and form.is_valid():
            facts = form.cleaned_data

            def deed() -> str:
                chosen = UUID(facts["supplier"]) if facts["supplier"] else None
                save_supply(
                    product_id=product_id, company_id=product.company_id, supplier_id=chosen, code=facts["code"],
                    unit_cost=facts.get("unit_cost"), by=request.user, at=clock.now(),
                )  # fmt: skip
                messages.success(request, gettext("Saved."))
                return reverse("catalog:product", args=[product_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
    return render(request, "stock/supply_form.html", {"form": form, "product": product}, status=status)
