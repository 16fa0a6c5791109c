"""A driver's round on the phone: stop after stop, who took what, signed, with or without a connection."""

from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.shipping.errors import BadVisit
from niaga.shipping.queries.carriers import shipping_settings
from niaga.shipping.queries.visits import round_of, rounds_of
from niaga.shipping.rules.visit import NotAVisit, read_visit
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.web.words import WHY
from niaga.stock.queries.deliveries import get_delivery


@login_required
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """The day's rounds, one's own first."""
    today = clock.today(at=clock.now(), zone=access_of(request.user).current_company.zone)
    try:
        day = parse_date(request.GET.get("date", "")) or today
    except ValueError:
        day = today
    rows = list(rounds_of(by=request.user, day=day)[:100])
    return render(request, "shipping/rounds.html", {"rows": rows, "day": day, "is_today": day == today})


@login_required
@require_GET
def drive(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """One round for one hand; it goes on without a connection."""
    route, stops = round_of(route_id=route_id, by=request.user)
    facts = {
        "round": str(route.id), "stops": [_stop(one) for one in stops], "say": _words(), "why": _why(),
        "save": "/rounds/stops/", "position": bool(shipping_settings(route.company_id).position_days),
        "today": clock.today(at=clock.now(), zone=access_of(request.user).current_company.zone).isoformat(),
    }  # fmt: skip
    return render(request, "shipping/drive.html", {"route": route, "facts": facts})


def _stop(stop: Any) -> dict[str, Any]:
    delivery, address = stop.delivery, stop.delivery.address
    where = [address.get(name) for name in ("street", "district", "city", "postcode")]
    return {
        "id": str(delivery.id), "number": delivery.number, "status": delivery.status,
        "customer": address.get("name") or delivery.customer.name, "address": ", ".join(one for one in where if one),
        "phone": address.get("phone") or delivery.customer.phone or "", "note": delivery.note,
        "outcome": stop.visit.outcome if stop.visit else "",
        "lines": [
            {"id": str(one.id), "name": one.name, "sku": one.sku, "unit": one.unit, "digits": one.digits,
             "quantity": f"{one.quantity.normalize():f}"}
            for one in stop.lines
        ],
    }  # fmt: skip


@login_required
@require_POST
def visit(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """What the phone tells of a door, as JSON; its key makes it count once."""
    get_delivery(delivery_id=delivery_id, by=request.user)
    try:
        told = read_visit(orjson.loads(request.body))
    except orjson.JSONDecodeError as error:
        raise BadVisit() from error
    except NotAVisit as error:
        raise BadVisit(field=error.field) from error
    done = record_visit(delivery_id=delivery_id, visit=told, by=request.user, at=clock.now())
    return JsonResponse({"id": str(done.id), "outcome": done.outcome})


def _why() -> dict[str, dict[str, str]]:
    """Reasons why nothing was delivered, and why a part was not taken."""
    return {
        "failed": {code: str(WHY[code]) for code in ("nobody", "closed", "address", "refused", "other")},
        "part": {code: str(WHY[code]) for code in ("damaged", "wrong", "refused", "other")},
    }


def _words() -> dict[str, str]:
    """What the phone's page says; it goes on saying it without a connection."""
    return {
        "progress": gettext("{done} of {all} stops"), "call": gettext("Call"), "navigate": gettext("Show the way"),
        "delivered": gettext("Delivered"), "part": gettext("Not all of it"), "failed": gettext("Not delivered"),
        "open": gettext("To bring"), "not_left": gettext("Has not left the warehouse"),
        "received_by": gettext("Who took the goods"), "sign": gettext("Sign here"), "clear": gettext("Clear"),
        "photo": gettext("Take a photo"), "photos": gettext("{count} photos"), "cash": gettext("Paid in cash"),
        "note": gettext("Note"), "finish": gettext("Done, next stop"), "back": gettext("All stops"),
        "refused": gettext("Not taken"), "reason": gettext("Why?"), "next": gettext("Next try on"),
        "place": gettext("Note where I am, as proof of this delivery"),
        "place_why": gettext("To some ten metres, seen by the office only, and deleted after its time."),
        "say_who": gettext("Say who took the goods."), "say_why": gettext("Say why."),
        "too_much": gettext("At most {quantity} {unit}."), "nothing": gettext("Say how much was not taken."),
        "all_refused": gettext("Nothing was taken: choose “Not delivered”."),
        "kept": gettext("{count} kept on this phone, sent as soon as there is a connection"),
        "sent": gettext("Everything is sent"), "all_done": gettext("All stops are done"),
        "answer": gettext("{name}: {reason}"), "no_photo": gettext("This picture cannot be read."),
        "waiting": gettext("Kept on this phone"), "no_stops": gettext("No stop in this round"),
        "lost": gettext("This phone cannot keep it without a connection. Stay here until it is sent."),
    }  # fmt: skip
