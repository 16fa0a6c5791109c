"""A drop-ship: what a supplier was asked to send, what they said, and what they sent."""

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

from niaga.core import clock
from niaga.core.clock import today as day_at
from niaga.organization.access import access_of
from niaga.sales.models import DropShip
from niaga.sales.queries.drop_ships import drop_ship_lines, get_drop_ship, sendings_of
from niaga.sales.rules.drop_ship import OPEN, left_of
from niaga.sales.services.cancel_drop_ship import cancel_drop_ship
from niaga.sales.services.confirm_drop_ship import confirm_drop_ship
from niaga.sales.services.record_drop_shipment import Sent, record_drop_shipment
from niaga.sales.services.send_drop_ship import send_drop_ship
from niaga.sales.web.deliveries import figures
from niaga.sales.web.drop_ship_lots import lots_of_lines
from niaga.sales.web.words import DROP_SHIP
from niaga.stock.web.delivery_page import timeline_of
from niaga.ui import formatting
from niaga.ui.documents import Action, Axis, Consequence, DocumentPage
from niaga.ui.forms import DayField, facts_of, once

HAPPENED = {
    "ask": _("Drawn up"),
    "send": _("Sent to the supplier"),
    "confirm": _("The supplier said a day"),
    "ship_part": _("Sent in part"),
    "ship": _("Sent by the supplier"),
    "end": _("The rest was called off"),
    "cancel": _("Cancelled"),
}


@login_required
@require_GET
def show(request: HttpRequest, drop_ship_id: UUID) -> HttpResponse:
    drop = get_drop_ship(drop_ship_id=drop_ship_id, by=request.user)
    lines = drop_ship_lines(drop.id)
    may = _rights(request, drop)
    late = drop.status in OPEN and drop.promised_date < day_at(at=clock.now(), zone=drop.branch.zone)
    page = DocumentPage(
        kind="drop_ship", id=drop.pk, status=drop.status, number=drop.number, party=drop.supplier.name,
        axes=_axes(drop, late), primary=_primary(drop, may), actions=_actions(drop, may), more=_more(drop, may),
        timeline=timeline_of(drop.pk, HAPPENED),
    ).read(request)  # fmt: skip
    context = {
        "page": page, "drop": drop, "may": may, "lines": [{"row": line, "left": left_of(line)} for line in lines],
        "sendings": sendings_of(drop.id), "sees_cost": access_of(request.user).sees_cost, "late": late,
        "by_lot": any(line.order_line.product and line.order_line.product.by_lot for line in lines),
    }  # fmt: skip
    return render(request, "sales/drop_ship.html", context)


def _rights(request: HttpRequest, drop: DropShip) -> dict[str, bool]:
    access, is_open = access_of(request.user), drop.status in OPEN
    rights = {name: is_open and access.reaches("delivery", name, drop) for name in ("send", "change", "ship", "cancel")}
    rights["send"] = rights["send"] and drop.status != "confirmed"
    return rights


def _axes(drop: DropShip, late: bool) -> list[Axis]:
    status = DROP_SHIP[drop.status]
    axes = [
        Axis(_("Status"), status.label, status.tone, status.icon),
        Axis(_("Order"), drop.order.number),
        Axis(_("Sends on"), formatting.day(drop.promised_date), "bad" if late else "", "clock" if late else ""),
    ]
    if drop.supplier_reference:
        axes.append(Axis(_("Supplier's reference"), drop.supplier_reference))
    return axes


def _primary(drop: DropShip, may: dict[str, bool]) -> Action | None:
    if drop.status == "asked" and may["send"]:
        return Action(_("Send request"), icon="send", kind="go", key="s", dialog="send")
    if drop.status == "sent" and may["change"]:
        return Action(_("Supplier confirmed"), icon="check", kind="go", key="c", dialog="confirm")
    if may["ship"]:
        return Action(_("Supplier has sent"), icon="truck", kind="go", key="k", dialog="ship")
    return None


def _actions(drop: DropShip, may: dict[str, bool]) -> list[Action]:
    paper = reverse("documents:paper", args=["drop_ship", drop.pk])
    actions = [Action("PDF", url=paper, method="get", icon="file-text", new_tab=True, key="p")]
    if may["ship"] and drop.status in ("asked", "sent"):
        actions.insert(0, Action(_("Supplier has sent"), icon="truck", dialog="ship"))
    return actions


def _more(drop: DropShip, may: dict[str, bool]) -> list[Action]:
    more = []
    if may["change"] and drop.status != "sent":
        words = _("Another day") if drop.status == "confirmed" else _("Supplier confirmed")
        more.append(Action(words, icon="calendar-clock", dialog="confirm"))
    if may["send"] and drop.status == "sent":
        more.append(Action(_("Send again"), icon="send", dialog="send"))
    if may["cancel"]:
        more.append(
            Action(
                _("Cancel request"), url=reverse("sales:cancel_drop_ship", args=[drop.pk]), icon="ban", kind="bad",
                confirm=Consequence(
                    _("Cancel this request?"),
                    _("Tell the supplier too. What was not sent is held from your own stock, as far as some is free;"
                      " the rest waits."),
                    reason=_("Reason"), must=drop.status == "confirmed", button=_("Cancel request"), danger=True,
                ),
            )
        )  # fmt: skip
    return more


def _deed(request: HttpRequest, drop_ship_id: UUID, act: Any, said: str) -> HttpResponse:
    """One deed on a drop-ship that the person may see, once, and its page again."""
    get_drop_ship(drop_ship_id=drop_ship_id, by=request.user)

    def deed() -> str:
        act(drop_ship_id=drop_ship_id, by=request.user, at=clock.now())
        messages.success(request, said)
        return reverse("sales:drop_ship", args=[drop_ship_id])

    return once(request, deed)


@login_required
@require_POST
def send(request: HttpRequest, drop_ship_id: UUID) -> HttpResponse:
    to = [one.strip() for one in request.POST.get("to", "").replace(";", ",").split(",") if one.strip()]

    def act(**who: Any) -> None:
        send_drop_ship(to=to, message=request.POST.get("message", "")[:4000], **who)

    said = gettext("On its way to %(to)s.") % {"to": ", ".join(to)} if to else gettext("Noted: the supplier has it.")
    return _deed(request, drop_ship_id, act, said)


class ConfirmationForm(forms.Form):
    promised_date = DayField(label=_("Sends on"))
    reference = forms.CharField(label=_("Supplier's reference"), max_length=60, required=False)


@login_required
@require_POST
def confirm(request: HttpRequest, drop_ship_id: UUID) -> HttpResponse:
    get_drop_ship(drop_ship_id=drop_ship_id, by=request.user)
    facts = facts_of(ConfirmationForm(request.POST))

    def act(**who: Any) -> None:
        confirm_drop_ship(promised_date=facts["promised_date"], reference=facts["reference"], **who)

    day = formatting.day(facts["promised_date"])
    return _deed(request, drop_ship_id, act, gettext("Promised for %(day)s now.") % {"day": day})


@login_required
@require_POST
def ship(request: HttpRequest, drop_ship_id: UUID) -> HttpResponse:
    drop = get_drop_ship(drop_ship_id=drop_ship_id, by=request.user)
    quantities, costs = figures(request), figures(request, "cost-")
    lots = lots_of_lines(drop, request.POST.get("lots", "")[:100_000])
    words = {name: request.POST.get(name, "") for name in ("carrier", "tracking", "reference", "note")}

    def act(**who: Any) -> None:
        sent = Sent(
            quantities=quantities or None, unit_costs={key: cost for key, cost in costs.items() if cost}, lots=lots,
            is_last=request.POST.get("is_last") == "1", **words,
        )  # fmt: skip
        record_drop_shipment(sent=sent, **who)

    return _deed(request, drop_ship_id, act, gettext("The goods are on their way to the customer."))


@login_required
@require_POST
def cancel(request: HttpRequest, drop_ship_id: UUID) -> HttpResponse:
    def act(**who: Any) -> None:
        cancel_drop_ship(reason=request.POST.get("reason", "")[:200], **who)

    return _deed(request, drop_ship_id, act, gettext("The request is called off."))
