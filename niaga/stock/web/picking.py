"""Picking: the lists, what is in one, and the phone's page for one hand and a scanner."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.catalog.queries.load_words import load_words
from niaga.catalog.rules.load import GoodsLoad
from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.organization.access import access_of
from niaga.stock.queries.loads import route_loads
from niaga.stock.queries.picking import (
    ToPick,
    get_pick_list,
    lines_to_pick,
    list_of_line,
    stops_of,
    visible_pick_lists,
)
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.registry import PickOffer, pick_offers
from niaga.stock.services.hand_back_lines import hand_back_lines
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.take_lines import take_lines
from niaga.stock.web.words import PICK_LIST
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.forms import once
from niaga.ui.lists import Choice, Day, Days, Empty, Flag, Listing, Number, Search, StatusColumn, Text, View
from niaga.ui.lists.addresses import row_address


class PickLists(Listing):
    key, title, sort = "pick_lists", _("Pick lists"), "-date"
    above = (_("Deliveries"), "/deliveries")
    columns = (
        Text("number", _("Number"), sort="number", phone="title"),
        Day("date", _("Day"), sort="date", phone="meta"),
        Text("vehicle", _("Vehicle"), source=lambda row: _vehicle(row), sub=lambda row: row.route.driver, phone="meta"),
        Text("warehouse", _("Warehouse"), source="warehouse__name"),
        Number("stops", _("Deliveries"), source="stop_count"),
        Text("done", _("Fetched"), source=lambda row: f"{row.done_count} / {row.line_count}", phone="value"),
        Number("short", _("Short"), source="short_count"),
        StatusColumn("status", _("Status"), statuses=PICK_LIST, sort="status", phone="status"),
    )
    filters = (
        Search("q", _("Number or driver"), match=lambda rows, text: rows.filter(
            Q(number__icontains=text) | Q(route__driver__icontains=text))),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in PICK_LIST.items()]),
        Choice("warehouse", _("Warehouse"),
               options=lambda request: visible_warehouses(by=request.user).values_list("id", "name")),
        Days("date", _("Day")),
        Flag("short", _("Fell short"), match=lambda rows: rows.filter(short_count__gt=0)),
    )  # fmt: skip
    views = (View(_("To pick"), "status=open&sort=date"),)
    empty = Empty(
        _("No pick lists yet"),
        _("Plan a day of deliveries: each route gets the list of what is fetched for it, shelf after shelf."),
        icon="clipboard-list",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("stock", "view")
        return visible_pick_lists(by=self.request.user)

    def actions(self) -> list[Action]:
        if not access_of(self.request.user).allows("delivery", "view"):
            return []
        return [Action(_("Plan a day"), url="/deliveries/day", icon="route", method="get", kind="go", key="n")]

    def url(self, row: Any) -> str:
        return row_address("stock:pick_list", row.pk)


def _vehicle(row: Any) -> str:
    return str(row.route.vehicle or gettext("No vehicle"))


@login_required
@require_GET
def show(request: HttpRequest, pick_list_id: UUID) -> HttpResponse:
    """What is in a list, how far it is, and the stops it is for."""
    found = get_pick_list(pick_list_id=pick_list_id, by=request.user)
    access = access_of(request.user)
    lines = lines_to_pick(pick_list_id=found.id)
    may_pick = access.reaches("stock", "record", found) and found.status == "open"
    taken = any(line.picker_id and line.picked is None for line in lines)
    context = {
        "found": found, "lines": lines, "status": PICK_LIST[found.status], "vehicle": _vehicle(found),
        "load": load_words(route_loads([found.route_id]).get(found.route_id, GoodsLoad())),
        "stops": stops_of(route_ids=[found.route_id]).get(found.route_id, []), "may_pick": may_pick,
        "may_free": taken and access.reaches("stock", "cancel", found),
        "share": found.done_count * 100 // found.line_count if found.line_count else 100,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "stock/pick_list.html", context)


@login_required
@require_POST
def take(request: HttpRequest, pick_list_id: UUID) -> HttpResponse:
    get_pick_list(pick_list_id=pick_list_id, by=request.user)

    def deed() -> str:
        count = take_lines(pick_list_id=pick_list_id, by=request.user, at=clock.now())
        if not count:
            messages.info(request, gettext("Nothing is left to fetch: all lines are picked, or others have them."))
        return reverse("stock:walk" if count else "stock:pick_list", args=[pick_list_id])

    return once(request, deed)


@login_required
@require_POST
def hand_back(request: HttpRequest, pick_list_id: UUID) -> HttpResponse:
    get_pick_list(pick_list_id=pick_list_id, by=request.user)

    def deed() -> str:
        count = hand_back_lines(
            pick_list_id=pick_list_id, everyones=request.POST.get("everyones") == "1", by=request.user, at=clock.now()
        )
        words = ngettext("%(count)d line is free for others.", "%(count)d lines are free for others.", count)
        messages.success(request, words % {"count": count})
        return reverse("stock:pick_list", args=[pick_list_id])

    return once(request, deed)


@login_required
@require_GET
def walk(request: HttpRequest, pick_list_id: UUID) -> HttpResponse:
    """What the person has taken, line after line."""
    found = get_pick_list(pick_list_id=pick_list_id, by=request.user)
    access_of(request.user).require("stock", "record", found)
    lines = lines_to_pick(pick_list_id=found.id, picker_id=request.user.pk)
    if not lines:
        return redirect("stock:pick_list", pick_list_id=found.id)
    offers: dict[UUID, list[PickOffer]] = {}
    for _name, source in pick_offers:
        assert request.user.pk is not None
        for line_id, found_offers in source(found.id, request.user.pk).items():
            offers.setdefault(line_id, []).extend(found_offers)
    facts = {
        "list": str(found.id), "lines": [_line(one, offers.get(one.id, [])) for one in lines], "say": _words(),
        "save": "/picking/lines/",
    }  # fmt: skip
    return render(request, "stock/walk.html", {"found": found, "facts": facts})


def _line(one: ToPick, offers: Sequence[PickOffer]) -> dict[str, Any]:
    return {
        "id": str(one.id), "place": one.place, "sku": one.sku, "name": one.name, "unit": one.unit,
        "digits": one.digits, "quantity": f"{one.quantity.normalize():f}", "codes": one.codes, "delivery": one.delivery,
        "customer": one.customer, "by_lot": one.by_lot,
        "lots": [
            {"number": number, "day": formatting.day(date.fromisoformat(day)), "quantity": quantity}
            for number, day, quantity in one.lots
        ],
        "offers": [
            {"id": str(offer.product_id), "sku": offer.sku, "name": offer.name, "unit": offer.unit,
             "place": offer.place, "digits": offer.digits, "codes": offer.codes, "agreement": offer.agreement,
             **{name: f"{getattr(offer, name).normalize():f}" for name in ("free", "ratio", "step")}}
            for offer in offers
        ],
    }  # fmt: skip


@login_required
@require_POST
def save_pick(request: HttpRequest, pick_line_id: UUID) -> HttpResponse:
    """What the phone says of a line, as JSON; the key makes it count once."""
    get_pick_list(pick_list_id=list_of_line(pick_line_id), by=request.user)
    try:
        told = orjson.loads(request.body)
        key, quantity, reason = UUID(told["key"]), Decimal(str(told["quantity"])), str(told.get("reason", ""))
        lots = [(str(lot["number"])[:40], Decimal(str(lot["quantity"]))) for lot in told.get("lots") or ()]
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise Invalid(gettext("This is no pick.")) from error
    if not all(figure.is_finite() for figure in (quantity, *(lot[1] for lot in lots))):
        raise Invalid(gettext("This is no pick."))
    line = record_pick(
        key=key, line_id=pick_line_id, quantity=quantity, reason=reason, lots=lots, by=request.user, at=clock.now()
    )
    return JsonResponse({"id": str(line.id), "picked": str(line.picked)})


def _words() -> dict[str, str]:
    """What the phone's page says; it goes on saying it without a connection."""
    return {
        "no_place": gettext("No shelf"), "scan": gettext("Scan or type the code"),
        "camera": gettext("Scan with the camera"),
        "no_camera": gettext("The camera cannot be used: {reason}"),
        "wrong": gettext("WRONG ITEM: {code}"), "wrong_more": gettext("Put it back. You need {name}."),
        "right": gettext("Right: {name}"), "by_hand": gettext("It has no bar code: I looked"),
        "of": gettext("of {quantity} {unit}"), "less": gettext("One less"), "more": gettext("One more"),
        "how_many": gettext("How many"), "picked": gettext("Picked"), "why": gettext("Why is some missing?"),
        "not_found": gettext("Not found on the shelf"), "damaged": gettext("Damaged"),
        "expired": gettext("Too old to sell"), "for": gettext("for {customer} · {delivery}"),
        "scan_first": gettext("Scan the item first."), "say_why": gettext("Say why some is missing."),
        "too_much": gettext("At most {quantity} {unit}."), "progress": gettext("{done} of {all} fetched"),
        "kept": gettext("{count} kept on this phone, sent as soon as there is a connection"),
        "sent": gettext("Everything is sent"), "all_done": gettext("All fetched"),
        "lot": gettext("Lot {number}, until {day}: {quantity}"), "other_lot": gettext("Other lot"),
        "scan_lot": gettext("Number of the lot you took"), "why_lot": gettext("Why another lot?"),
        "lot_behind": gettext("The other could not be reached"), "lot_wish": gettext("The customer wants it"),
        "instead": gettext("Give something else instead"), "take_from": gettext("{free} {unit} there · {place}"),
        "instead_scan": gettext("Scan or type the code of {name}"),
        "instead_ask": gettext("The customer is asked first: leave it on the shelf."),
        "instead_ahead": gettext("The customer agreed: take it along."), "instead_none": gettext("Nothing instead"),
        "instead_wrong": gettext("This is not {name}."), "instead_all": gettext("of at most {quantity} {unit}"),
        "instead_done": gettext("{name}: replaced"), "instead_asked": gettext("{name}: the seller is asked"),
        "take_more": gettext("Take the next lines"), "refused": gettext("{name}: {reason}"),
        "try_again": gettext("Try again"), "put_away": gettext("Dismiss"),
    }  # fmt: skip
