"""Whom a document is for: their people and places, and adding one on the way."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.core.errors import Invalid
from niaga.organization.access import access_of
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.sales.web.forms import PartyForm, as_id

CONTACT = ("name", "role", "phone", "email")
ADDRESS = ("label", "street", "district", "city", "province", "postcode")


def may_add(request: HttpRequest) -> dict[str, bool]:
    """What of a customer the person may add without leaving a document's form."""
    access = access_of(request.user)
    return {
        "may_add_customer": access.allows("customer", "create"), "may_add_places": access.allows("customer", "change"),
    }  # fmt: skip


@login_required
@require_GET
def party_fields(request: HttpRequest) -> HttpResponse:
    """The people and places of the customer that was just chosen."""
    return _fields(request, request.GET)


def _fields(request: HttpRequest, chosen: QueryDict | dict[str, Any]) -> HttpResponse:
    form = PartyForm(request, initial={name: chosen.get(name) for name in PartyForm.base_fields})
    return render(request, "sales/parts/party_fields.html", {"form": form, "customer": form.known, **may_add(request)})


@login_required
@require_POST
def add_customer(request: HttpRequest) -> HttpResponse:
    """Add a customer by name and a way to reach them; answers the field with them chosen."""
    facts = _typed(request, "new", ("name", "phone", "email"))
    if not facts["name"]:
        raise Invalid(_("Give the customer's name."), field="new_name")
    try:
        customer = create_customer(
            company_id=access_of(request.user).current_company.id, salesperson_id=request.user.pk, by=request.user,
            at=now(), **facts,
        )  # fmt: skip
    except Invalid as refusal:
        raise _beside(refusal, "new") from refusal
    form = PartyForm(request, initial={"customer": customer.pk})
    shown = {"customer": customer, "fresh": True, "form": form, **may_add(request)}
    answer = render(request, "sales/parts/customer_field.html", shown)
    answer["HX-Trigger"] = "close-dialog"
    return answer


@login_required
@require_POST
def add_contact(request: HttpRequest) -> HttpResponse:
    """Add a person to the chosen customer; answers the fields with them chosen."""
    try:
        contact = save_contact(
            customer_id=_customer_id(request, "person_name"), by=request.user, at=now(),
            **_typed(request, "person", CONTACT),
        )  # fmt: skip
    except Invalid as refusal:
        raise _beside(refusal, "person") from refusal
    return _added(request, contact=contact.pk)


@login_required
@require_POST
def add_address(request: HttpRequest) -> HttpResponse:
    """Add a place to the chosen customer; answers the fields with it chosen for goods."""
    facts = _typed(request, "place", ADDRESS)
    if not facts["street"] and not facts["city"]:
        raise Invalid(_("Give the street or the city."), field="place_street")
    try:
        address = save_address(
            customer_id=_customer_id(request, "place_street"), by=request.user, at=now(),
            for_billing=request.POST.get("place_for_billing") == "1", **facts,
        )  # fmt: skip
    except Invalid as refusal:
        raise _beside(refusal, "place") from refusal
    return _added(request, delivery_address=address.pk)


def _added(request: HttpRequest, **fresh: Any) -> HttpResponse:
    answer = _fields(request, {**request.POST.dict(), **fresh})
    answer["HX-Trigger"] = "close-dialog"
    return answer


def _customer_id(request: HttpRequest, field: str) -> Any:
    customer_id = as_id(request.POST.get("customer", ""))
    if customer_id is None:
        raise Invalid(_("Choose the customer first."), field=field)
    return customer_id


def _typed(request: HttpRequest, prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: request.POST.get(f"{prefix}_{name}", "").strip()[:300] for name in names}


def _beside(refusal: Invalid, prefix: str) -> Invalid:
    """The refusal beside the dialog's own field."""
    return Invalid(refusal.message, field=f"{prefix}_{refusal.field}" if refusal.field else None)
