"""A driver's day on a phone: one page that goes on without a connection, and where it sends what it was told."""

import hashlib
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.core.errors import Invalid
from niaga.organization.access import access_of
from niaga.shipping.errors import BadVisit
from niaga.shipping.queries.drivers_day import drivers_day
from niaga.shipping.rules.visit import NotAVisit, Visit, read_visit
from niaga.shipping.services.answer_position import answer_position
from niaga.shipping.services.hand_in_report import hand_in_report
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.web.driving_facts import day_facts
from niaga.shipping.web.driving_words import driving_words
from niaga.ui import assets


@login_required
@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The page. It draws the day from its facts, so that what was kept on the phone is drawn as well."""
    day = day_facts(drivers_day(by=request.user, at=now()), currency=access_of(request.user).current_company.currency)
    facts = {
        "day": day, "say": driving_words(), "urls": {
            "day": reverse("shipping:driving_day"), "stop": reverse("shipping:driving") + "/stops/",
            "consent": reverse("shipping:position_consent"), "worker": reverse("shipping:driving_worker"),
        },
    }  # fmt: skip
    return render(request, "shipping/driving.html", {"facts": facts})


@login_required
@never_cache
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """The day as it is now; nothing when it is as the phone has it."""
    facts = day_facts(drivers_day(by=request.user, at=now()), currency=access_of(request.user).current_company.currency)
    body = orjson.dumps(facts)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(status=304) if request.headers.get("If-None-Match") == tag else HttpResponse(body)
    answer["Content-Type"], answer["ETag"] = "application/json", tag
    return answer


def _told(request: HttpRequest) -> Any:
    """What the phone sent as JSON; nothing when it is none, a form for example."""
    try:
        return orjson.loads(request.body)
    except (ValueError, RawPostDataException):
        return None


def _visit(request: HttpRequest) -> tuple[dict[str, Any], Visit]:
    """:raises BadVisit: what the phone sent is no visit"""
    told = _told(request)
    try:
        return told, read_visit(told)
    except NotAVisit as error:
        raise BadVisit(field=error.field) from error


@login_required
@require_POST
def visit(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """What the phone tells of a door; its key makes it count once."""
    _told, given = _visit(request)
    done = record_visit(delivery_id=delivery_id, visit=given, by_phone=True, by=request.user, at=now())
    return JsonResponse({"id": str(done.id), "outcome": done.outcome})


@login_required
@require_POST
def report(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """What could not be taken as a visit goes to the office."""
    told, given = _visit(request)
    code, words = (str(told.get(name) or "") for name in ("refused_code", "refused_words"))
    key = hand_in_report(delivery_id=delivery_id, visit=given, code=code, words=words, by=request.user, at=now())
    return JsonResponse({"id": str(key)})


@login_required
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """The driver's yes or no to having kept where the phone is."""
    told = _told(request)
    is_given = told.get("is_given") if isinstance(told, dict) else None
    if not isinstance(is_given, bool):
        raise Invalid(field="is_given")
    return JsonResponse({"is_given": answer_position(is_given=is_given, by=request.user, at=now())})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that opens the page without a connection. It stands here so that it may serve this page only; like
    every script it is anybody's, since the browser asks for it anew also when the log-in is over."""
    scripts = assets.entry("driving_worker")["scripts"]
    if not scripts:
        raise Http404
    file = assets.DIST / scripts[0].removeprefix(f"{settings.STATIC_URL}dist/")
    answer = HttpResponse(file.read_bytes(), content_type="text/javascript")
    answer["Service-Worker-Allowed"] = reverse("shipping:driving")
    answer["Cache-Control"] = "no-cache"
    return answer
