"""Deliveries that travel together: what could go along, what does, and taking it apart again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.stock.errors import NotTogether
from niaga.stock.queries.deliveries import get_delivery, lines_of_deliveries
from niaga.stock.queries.together import OPEN, could_go_along, deliveries_of_joint, get_joint
from niaga.stock.registry import delivery_orders
from niaga.stock.services.put_together import put_together
from niaga.stock.services.take_apart import take_apart
from niaga.stock.web.words import DELIVERY, NOT_TOGETHER
from niaga.ui.forms import once

MOST_NAMED = 5
"""So many deliveries that do not fit are named in a message."""


def chosen(request: HttpRequest) -> list[UUID]:
    """The deliveries that a form names.

    :raises NotFound: one that is no key
    """
    try:
        return [UUID(text) for text in request.POST.getlist("delivery")]
    except ValueError as error:
        raise NotFound(field="delivery") from error


def orders_told(delivery_ids: list[UUID]) -> dict[UUID, Any]:
    """What apps above say these deliveries fulfil. One statement each."""
    return {key: one for _name, source in delivery_orders for key, one in source(delivery_ids).items()}


@login_required
@require_GET
def candidates(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """What could go along with a delivery, to be chosen."""
    delivery = get_delivery(delivery_id=delivery_id, by=request.user)
    access_of(request.user).require("delivery", "change", delivery)
    rows = could_go_along(delivery=delivery, by=request.user) if delivery.status in OPEN else []
    shown = [
        {"row": row, "why": NOT_TOGETHER.get(row.why, ""), "status": DELIVERY[row.status]} for row in rows
    ]  # fmt: skip
    context = {
        "delivery": delivery, "rows": shown, "fits": sum(not row.why for row in rows),
        "open": delivery.status in OPEN,
    }  # fmt: skip
    return render(request, "stock/together.html", context)


def joined(request: HttpRequest, delivery_ids: list[UUID]) -> UUID:
    """Put deliveries together; what does not fit is named, with why, where the person reads the refusal."""
    try:
        return put_together(delivery_ids=delivery_ids, by=request.user, at=clock.now())
    except NotTogether as refused:
        named = [f"{line['number']}: {NOT_TOGETHER[line['why']]}" for line in refused.lines[:MOST_NAMED]]
        message = " ".join([str(refused.message), *named])
        raise NotTogether(message, lines=refused.lines, field=refused.field) from refused


@login_required
@require_POST
def put(request: HttpRequest) -> HttpResponse:
    access_of(request.user).require("delivery", "change")
    wanted = chosen(request)

    def deed() -> str:
        joint_id = joined(request, wanted)
        messages.success(request, gettext("They travel together now."))
        return reverse("stock:joint", args=[joint_id])

    return once(request, deed)


@login_required
@require_GET
def show(request: HttpRequest, joint_id: UUID) -> HttpResponse:
    """What travels together, by order, with the one deed that ships all of it."""
    joint = get_joint(joint_id=joint_id, by=request.user)
    rows = deliveries_of_joint(joint_id=joint.pk, by=request.user)
    ids = [one.pk for one in rows]
    orders, lines = orders_told(ids), lines_of_deliveries(delivery_ids=ids)
    access, first = access_of(request.user), rows[0]
    states = [DELIVERY[one.status] for one in rows]
    may = {
        name: all(access.reaches("delivery", name, one) for one in rows) for name in ("ship", "change", "deliver")
    }  # fmt: skip
    on_way = next((one for one in rows if one.status == "shipped"), None)
    note = reverse("documents:paper", args=["joint", joint.pk])
    context = {
        "joint": joint, "first": first, "first_on_way": on_way, "note": note, "may": may,
        "open": all(one.status in OPEN for one in rows), "on_way": on_way is not None,
        "status": states[0] if len({one.label for one in states}) == 1 else None,
        "arrived": next((one.proof for one in rows if getattr(one, "proof", None)), None),
        "rows": [
            {"row": one, "order": orders.get(one.pk), "lines": lines.get(one.pk, []), "status": state}
            for one, state in zip(rows, states, strict=True)
        ],
    }  # fmt: skip
    return render(request, "stock/joint.html", context)


@login_required
@require_POST
def apart(request: HttpRequest, joint_id: UUID) -> HttpResponse:
    """Take the named deliveries out of it, or all of it apart."""
    get_joint(joint_id=joint_id, by=request.user)
    leaving = chosen(request)

    def deed() -> str:
        take_apart(joint_id=joint_id, delivery_ids=leaving or None, by=request.user, at=clock.now())
        messages.success(
            request,
            ngettext("%(count)d delivery travels alone now.", "%(count)d deliveries travel alone now.", len(leaving))
            % {"count": len(leaving)} if leaving else gettext("They travel apart again."),
        )  # fmt: skip
        return reverse("stock:delivery", args=[leaving[0]]) if leaving else reverse("stock:deliveries")

    return once(request, deed)
