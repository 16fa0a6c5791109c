"""Shipments: the list, one of them, and giving deliveries to a carrier."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niaga.catalog.queries.load_words import short_load
from niaga.catalog.rules.load import GoodsLoad
from niaga.core import clock
from niaga.core.errors import Forbidden, NotFound, Refusal
from niaga.documents.web.serving import serve_pdf
from niaga.organization.access import access_of
from niaga.shipping.models import ShipmentEvent
from niaga.shipping.queries.carriers import carrier_names, visible_carriers
from niaga.shipping.queries.shipments import (
    deliveries_to_book,
    get_shipment,
    label_of,
    matching_shipments,
    visible_shipments,
)
from niaga.shipping.queries.visits import get_visit
from niaga.shipping.rules.carriers import CARRIERS
from niaga.shipping.rules.offer import page_of
from niaga.shipping.rules.shipment_flow import ASKED, Status, shipment_flow
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.cancel_shipment import cancel_shipment
from niaga.shipping.services.choose_service import choose_service
from niaga.shipping.services.note_happened import note_happened
from niaga.shipping.services.retry_shipment import retry_shipment
from niaga.shipping.services.share_tracking import share_tracking
from niaga.shipping.services.take_in_cash import take_in_cash
from niaga.shipping.web.words import REACHED, REASONS, SHIPMENT, why
from niaga.stock.queries.deliveries import get_delivery
from niaga.stock.queries.loads import delivery_loads
from niaga.ui.documents import Action
from niaga.ui.forms import AmountField, DayField, once, refuse
from niaga.ui.lists import Choice, Day, Days, Empty, Listing, Money, Search, StatusColumn, Text, View
from niaga.ui.lists.addresses import row_address

MOST_SHOWN = 200
MOVING = (Status.QUOTING, Status.QUEUED, Status.BOOKING, Status.UNCERTAIN)


class ShipmentList(Listing):
    key, title, sort = "shipments", _("Shipments"), "-created"
    columns = (
        Text("delivery", _("Delivery"), source="delivery__number", sort="delivery__number", phone="title"),
        Text("customer", _("Customer"), source="delivery__customer__name", sort="delivery__customer__name",
             phone="meta"),
        Text("carrier", _("Carrier"), source="carrier__name", sub="service", sort="carrier__name", phone="meta"),
        Text("tracking", _("Number"), sort="tracking"),
        StatusColumn("status", _("Status"), statuses=SHIPMENT, sort="status", phone="status"),
        Day("expected", _("Expected"), source="expected_date", sort="expected_date"),
        Money("cost", _("Freight"), sort="cost", phone="value"),
        Day("created", _("Booked at the carrier"), source="created_at", sort="created_at"),
    )  # fmt: skip
    filters = (
        Search("q", _("Delivery, customer or number"), match=matching_shipments),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in SHIPMENT.items()]),
        Choice("carrier", _("Carrier"), options=lambda request: carrier_names(by=request.user)),
        Days("created", _("Booked at the carrier"), lookup="created_at"),
    )
    views = (
        View(_("Choose a service"), "status=quoted"),
        View(_("Uncertain"), "status=uncertain"),
        View(_("Not booked"), "status=failed"),
        View(_("Needs attention"), "status=problem"),
    )
    empty = Empty(
        _("No shipment yet"),
        _("Give deliveries to your own fleet, to a courier, or to a carrier that is booked over the internet. Where"
          " they are stands here, and on the customer's own page."),
        icon="package",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("delivery", "view")
        return visible_shipments(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("shipping:shipment", row.pk)

    def actions(self) -> list[Action]:
        if not access_of(self.request.user).allows("delivery", "ship"):
            return []
        return [Action(_("Book carriers"), url=reverse("shipping:new"), icon="truck", method="get", kind="go", key="n")]


class BookForm(forms.Form):
    carrier = forms.ChoiceField(label=_("Carrier"))
    service = forms.CharField(
        label=_("Carrier's service"), max_length=60, required=False,
        help_text=_("Empty at a carrier over the internet: it is asked for its prices first."),
    )  # fmt: skip
    parcels = forms.IntegerField(label=_("Parcels"), min_value=1, max_value=999, initial=1)
    weight_grams = forms.IntegerField(
        label=_("Weight (grams)"), min_value=1, max_value=5_000_000, required=False,
        help_text=_("Of each delivery. Empty: what its goods weigh, a kilogram where that is not known."),
    )  # fmt: skip
    pickup_date = DayField(label=_("Fetched on"), required=False)
    expected_date = DayField(label=_("Expected"), required=False)
    tracking = forms.CharField(
        label=_("Number"), max_length=80, required=False, help_text=_("As the courier gave it; of one delivery.")
    )
    cost = AmountField(label=_("Freight"), required=False, help_text=_("What the courier takes; of one delivery."))

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier"].choices = [(str(key), name) for key, name in carrier_names(by=request.user)]  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give one or many deliveries to a carrier."""
    access_of(request.user).require("delivery", "ship")
    chosen = {
        key for text in (*request.GET.getlist("delivery"), *request.POST.getlist("delivery")) if (key := _id(text))
    }
    form = BookForm(request, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            facts = form.cleaned_data

            def deed() -> str:
                made = book_shipments(
                    delivery_ids=list(chosen), carrier_id=UUID(facts["carrier"]), by=request.user, at=clock.now(),
                    details=ShipmentDetails(
                        facts["service"], facts["parcels"], facts["weight_grams"], facts["pickup_date"],
                        facts["expected_date"], facts["tracking"], facts["cost"],
                    ),
                )  # fmt: skip
                messages.success(
                    request,
                    ngettext("%(count)d delivery was given to the carrier.",
                             "%(count)d deliveries were given to the carrier.", len(made)) % {"count": len(made)},
                )  # fmt: skip
                return reverse("shipping:shipment", args=made) if len(made) == 1 else reverse("shipping:shipments")

            try:
                return once(request, deed)
            except (Forbidden, NotFound):
                raise
            except Refusal as refusal:
                refuse(form, refusal)
    rows = list(deliveries_to_book(by=request.user)[:MOST_SHOWN])
    loads = delivery_loads([row.pk for row in rows])
    for row in rows:
        row.load = short_load(loads.get(row.pk, GoodsLoad()))
    context = {
        "form": form, "rows": rows, "chosen": chosen, "carriers": list(visible_carriers(by=request.user)),
        "may_set_up": access_of(request.user).allows("setting", "manage"),
    }  # fmt: skip
    return render(request, "shipping/new.html", context, status=status)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@login_required
@require_GET
def show(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    """A shipment, with what happened to it; it renews itself while a carrier is asked."""
    found = get_shipment(shipment_id=shipment_id, by=request.user)
    access = access_of(request.user)
    events = ShipmentEvent.objects.filter(shipment_id=found.id).order_by("-at", "-id")
    allowed = shipment_flow.allowed(found.status)
    context = {
        "found": found, "delivery": found.delivery, "status": SHIPMENT[found.status],
        "reason": REASONS.get(found.reason, ""),
        "rates": [{**one, "amount": Decimal(one["cost"])} for one in found.rates],
        "events": [{"row": one, "said": REACHED.get(one.state), "words": why(one.words)} for one in events],
        "page": page_of(found.carrier.tracking_url, found.tracking), "moving": found.status in MOVING,
        "has_label": hasattr(found, "label"), "speaks": CARRIERS[found.carrier.kind].speaks,
        "may": {
            "choose": access.reaches("delivery", "ship", found) and found.status == Status.QUOTED,
            "retry": access.reaches("delivery", "ship", found) and bool({"retry", "ask_again"} & allowed),
            "cancel": access.reaches("delivery", "ship", found) and "cancel" in allowed,
            "note": access.reaches("delivery", "deliver", found) and found.status in ASKED,
        },
        "asks_called_off": found.status in (Status.BOOKED, Status.UNCERTAIN) and CARRIERS[found.carrier.kind].speaks,
        "reached": REACHED,
    }  # fmt: skip
    return render(request, "shipping/shipment.html", context)


@login_required
@require_GET
def label(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    found = get_shipment(shipment_id=shipment_id, by=request.user)
    content = label_of(shipment_id=found.id)
    return serve_pdf(content, name=f"{found.tracking}.pdf", download="download" in request.GET)


@login_required
@require_POST
def choose(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    get_shipment(shipment_id=shipment_id, by=request.user)

    def deed() -> str:
        service = str(request.POST.get("service", ""))
        choose_service(shipment_id=shipment_id, service=service, by=request.user, at=clock.now())
        messages.success(request, gettext("It is being booked."))
        return reverse("shipping:shipment", args=[shipment_id])

    return once(request, deed)


@login_required
@require_POST
def retry(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    get_shipment(shipment_id=shipment_id, by=request.user)

    def deed() -> str:
        retry_shipment(shipment_id=shipment_id, by=request.user, at=clock.now())
        messages.success(request, gettext("The carrier is asked again."))
        return reverse("shipping:shipment", args=[shipment_id])

    return once(request, deed)


@login_required
@require_POST
def cancel(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    get_shipment(shipment_id=shipment_id, by=request.user)

    def deed() -> str:
        cancel_shipment(
            shipment_id=shipment_id, reason=str(request.POST.get("reason", "")),
            called_off="called_off" in request.POST, by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("The shipment is called off."))
        return reverse("shipping:shipment", args=[shipment_id])

    return once(request, deed)


@login_required
@require_POST
def happened(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    get_shipment(shipment_id=shipment_id, by=request.user)

    def deed() -> str:
        note_happened(
            shipment_id=shipment_id, state=str(request.POST.get("state", "")), words=str(request.POST.get("words", "")),
            place=str(request.POST.get("place", "")), by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Saved."))
        return reverse("shipping:shipment", args=[shipment_id])

    return once(request, deed)


@login_required
@require_POST
def tracking(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Make a link for the customer; its address is shown once."""
    get_delivery(delivery_id=delivery_id, by=request.user)

    def deed() -> str:
        url = share_tracking(delivery_id=delivery_id, by=request.user, at=clock.now())
        messages.success(request, gettext("The customer's link: %(url)s") % {"url": url})
        return reverse("stock:delivery", args=[delivery_id])

    return once(request, deed)


@login_required
@require_POST
def take_in(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The driver hands in what was paid at a door."""
    visit = get_visit(visit_id=visit_id, by=request.user)

    def deed() -> str:
        take_in_cash(visit_id=visit_id, by=request.user, at=clock.now())
        messages.success(request, gettext("The money is recorded."))
        return reverse("stock:delivery", args=[visit.delivery_id])

    return once(request, deed)
