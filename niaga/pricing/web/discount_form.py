"""Agreeing a discount with a customer: a short form, with the contract as a file."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services.agree_discount import agree_discount
from niaga.pricing.web.promotion_kinds import KINDS
from niaga.pricing.web.promotion_rows import Rows, read_rows, take_faults
from niaga.ui.forms import DayField, NumberField, once, refuse

AGREED = ("percent", "amount", "fixed_price")


class DiscountForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What was agreed"), choices=[(code, KINDS[code].label) for code in AGREED], initial="percent"
    )
    figure = NumberField(
        label=_("How much"), min_value=0, max_digits=19, decimal_places=6,
        help_text=_("A percentage, an amount off each unit, or the price of a unit."),
    )  # fmt: skip
    min_quantity = NumberField(
        label=_("From how many units"), required=False, min_value=0, max_digits=19, decimal_places=6,
        help_text=_("Empty: from the first on."),
    )  # fmt: skip
    valid_from = DayField(label=_("First day"), required=False, help_text=_("Empty: at once."))
    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Included. Empty: without end."))
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As the customer reads it, for example with the contract's number."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        kind = KINDS.get(data.get("kind", "") if data is not None else "percent", KINDS["percent"])
        self.rows = read_rows(data, kind) if data is not None else Rows()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.rows.faults

    def discount(self) -> NewPromotion:
        data = self.cleaned_data
        return NewPromotion(
            name=data["name"], kind=data["kind"], tiers=((data["min_quantity"] or Decimal(0), data["figure"]),),
            scopes=tuple(self.rows.scopes), valid_from=data["valid_from"], valid_to=data["valid_to"],
        )  # fmt: skip


@login_required
def agree(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    customer = customer_for(request.user, customer_id)
    access_of(request.user).require("price_list", "create", company_id=customer.company_id)
    status = 200
    form = DiscountForm(initial={"name": gettext("Agreed with %(name)s") % {"name": customer.name[:90]}})
    if request.method == "POST":
        form = DiscountForm(request.POST)
        if form.is_valid():
            files = [(sent.name or "", sent) for sent in request.FILES.getlist("contract")]

            def deed() -> str:
                agree_discount(
                    customer_id=customer_id, discount=form.discount(), contract=files, by=request.user, at=clock.now()
                )
                messages.success(request, gettext("The discount is agreed. It holds on new documents."))
                return f"/customers/{customer_id}#agreed"

            try:
                return once(request, deed)
            except Refusal as refusal:
                _refuse(form, refusal)
        status = 422
    form.rows.shown()
    context = {"form": form, "customer": customer, "chose_file": bool(request.FILES)}
    return render(request, "pricing/discount_form.html", context, status=status)


def _refuse(form: DiscountForm, refusal: Refusal) -> None:
    names = {"figure": "figure", "tiers": "min_quantity"}
    faults = [{**fault, "field": names.get(fault["field"], fault["field"])} for fault in refusal.lines]
    own = [fault for fault in faults if fault["field"] in form.fields]
    for fault in own:
        form.add_error(fault["field"], fault["message"])
    for other in take_faults(form.rows, [fault for fault in faults if fault not in own]):
        form.add_error(None, other["message"])
    if not refusal.lines:
        refuse(form, refusal)
