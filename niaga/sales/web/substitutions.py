"""Other goods in place of missing ones: who agreed to it, what is asked, and the answers."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import orjson
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.sales.queries.substitutions import (
    agreement_subject,
    get_substitution,
    own_agreement,
    see_pick_line,
    visible_substitutions,
    waiting,
)
from niaga.sales.services.decide_substitution import decide_substitution
from niaga.sales.services.save_substitution_rule import save_substitution_rule
from niaga.sales.services.substitute_pick import substitute_pick
from niaga.ui import formatting
from niaga.ui.forms import once
from niaga.ui.lists import Choice, Empty, Flag, Listing, Moment, Reference, Search, Status, StatusColumn, Text, View
from niaga.ui.lists.listing import Rows
from niaga.ui.stale import one_at_a_time

AGREEMENTS = {
    "never": _("Never: what is missing comes later"),
    "ask": _("Ask first: the seller answers for the customer"),
    "ahead": _("Agreed ahead: it goes at once"),
}
STATES = {
    "asked": Status(_("Waits for an answer"), "warn", "hourglass"),
    "made": Status(_("Replaced"), "good", "check"),
    "declined": Status(_("Declined"), "faint", "ban"),
    "late": Status(_("Went without"), "faint", "truck"),
}


def state_of(row: Any) -> str:
    """Its state; a question whose delivery left, or was called off, is late."""
    return "late" if row.state == "asked" and row.delivery.status not in ("draft", "picking") else row.state


def _amount(quantity: Decimal, product: Any) -> str:
    return f"{formatting.number(quantity)} {product.unit.code}"


class SubstitutionList(Listing):
    key, title, sort = "substitutions", _("Substitutes"), "-asked_at"
    columns = (
        Text("customer", _("Customer"), source="order__customer__name", sort="order__customer__name", phone="title"),
        Reference("number", _("Order"), source="order__number", sub=lambda row: row.delivery.number, phone="meta"),
        Text("ordered", _("Ordered"), source=lambda row: row.product.name,
             sub=lambda row: _amount(row.quantity, row.product)),
        Text("substitute", _("In its place"), source=lambda row: row.substitute.name,
             sub=lambda row: _amount(row.substitute_quantity, row.substitute), phone="meta"),
        Text("reason", _("Why"), source="reason"),
        Moment("asked_at", _("Since"), sort="asked_at"),
        StatusColumn("state", _("Status"), source=state_of, statuses=STATES, phone="status"),
    )  # fmt: skip
    filters = (
        Search("q", _("Customer, order or product"), match=lambda rows, text: rows.filter(
            Q(order__customer__name__icontains=text) | Q(order__number__icontains=text)
            | Q(product__name__icontains=text) | Q(substitute__name__icontains=text))),
        Choice("state", _("Status"), options=[(key, STATES[key].label) for key in ("asked", "made", "declined")]),
        Flag("waiting", _("Waits for an answer"), match=waiting),
    )  # fmt: skip
    views = (View(_("To answer"), "waiting=1"),)
    above = (_("Orders"), "/orders")
    empty = Empty(
        _("Nothing was replaced yet"),
        _("When a picker cannot find something and its product has substitutes, they offer one. Customers who want to"
          " be asked are asked here, through their seller."),
        icon="replace",
    )  # fmt: skip

    def rows(self) -> Rows:
        access_of(self.request.user).require("order", "view")
        return visible_substitutions(by=self.request.user)

    def url(self, row: Any) -> str:
        return reverse("sales:order", args=[row.order_id])


class AgreementForm(forms.Form):
    agreement = forms.ChoiceField(label=_("When something cannot be found"), required=False)

    def __init__(self, data: Any, *, initial: dict[str, Any], none: Any) -> None:
        super().__init__(data, initial=initial)
        self.fields["agreement"].choices = [("", none), *AGREEMENTS.items()]  # type: ignore[attr-defined]


def _rule_page(request: HttpRequest, customer_id: UUID | None, none: Any, back: str) -> HttpResponse:
    company_id = access_of(request.user).current_company.id
    customer = agreement_subject(by=request.user, company_id=company_id, customer_id=customer_id)
    initial = {"agreement": own_agreement(company_id=company_id, customer_id=customer_id)}

    def save(values: dict[str, Any]) -> str:
        save_substitution_rule(
            company_id=company_id, customer_id=customer_id, by=request.user, at=clock.now(), **values
        )
        return back

    return form_page(
        request, form=lambda data: AgreementForm(data, initial=initial, none=none), deed=save,
        template="sales/substitution_rule.html", subject=customer_id or company_id, customer=customer, back=back,
    )  # fmt: skip


@login_required
@one_at_a_time
def company_rule(request: HttpRequest) -> HttpResponse:
    """Whether customers without a rule of their own take substitutes."""
    return _rule_page(request, None, _("No rule: never"), reverse("sales:substitution_rule"))


@login_required
@one_at_a_time
def customer_rule(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Whether this customer takes substitutes."""
    return _rule_page(request, customer_id, _("As the company's rule says"), f"/customers/{customer_id}")


def _decide(request: HttpRequest, substitution_id: UUID, *, approved: bool, said: str) -> HttpResponse:
    found = get_substitution(substitution_id=substitution_id, by=request.user)

    def deed() -> str:
        decide_substitution(
            substitution_id=substitution_id, approved=approved, note=request.POST.get("reason", ""), by=request.user,
            at=clock.now(),
        )  # fmt: skip
        messages.success(request, said)
        return reverse("sales:order", args=[found.order_id])

    return once(request, deed)


@login_required
@require_POST
def approve(request: HttpRequest, substitution_id: UUID) -> HttpResponse:
    said = gettext("The substitute is in the delivery. Somebody has to fetch it.")
    return _decide(request, substitution_id, approved=True, said=said)


@login_required
@require_POST
def decline(request: HttpRequest, substitution_id: UUID) -> HttpResponse:
    said = gettext("Declined. What is missing stays in the order for a later delivery.")
    return _decide(request, substitution_id, approved=False, said=said)


@login_required
@require_POST
def save_substitute(request: HttpRequest, pick_line_id: UUID) -> HttpResponse:
    """What the phone says of a substitute, as JSON; the key makes it count once."""
    try:
        told = orjson.loads(request.body)
        key, substitute_id = UUID(told["key"]), UUID(told["substitute"])
        quantity = Decimal(str(told["quantity"]))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, RawPostDataException) as error:
        raise Invalid(gettext("This is no substitute.")) from error
    if not quantity.is_finite():
        raise Invalid(gettext("This is no substitute."))
    see_pick_line(pick_line_id=pick_line_id, key=key, by=request.user)
    found = substitute_pick(
        key=key, pick_line_id=pick_line_id, substitute_id=substitute_id, quantity=quantity, by=request.user,
        at=clock.now(),
    )  # fmt: skip
    return JsonResponse({"id": str(found.id), "state": found.state})
