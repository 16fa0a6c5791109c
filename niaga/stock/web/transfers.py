"""A transfer between warehouses: sent by one, on its way, counted in by the other."""

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
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.stock.models import Transfer
from niaga.stock.queries.transfers import transfer_lines, visible_transfers
from niaga.stock.services.bring_back_transfer import bring_back_transfer
from niaga.stock.services.cancel_transfer import cancel_transfer
from niaga.stock.services.postpone_transfer import postpone_transfer
from niaga.stock.services.receive_transfer import receive_transfer
from niaga.stock.services.ship_transfer import ship_transfer
from niaga.stock.web.delivery_page import timeline_of
from niaga.stock.web.expected import numbers_of
from niaga.stock.web.words import TRANSFER
from niaga.ui import formatting
from niaga.ui.documents import Action, Axis, Consequence, DocumentPage
from niaga.ui.forms import DayField, facts_of, once

HAPPENED = {
    "transfer": _("Moved at once"),
    "draft": _("Drawn up"),
    "ship": _("Left the warehouse"),
    "receive_part": _("Came in part"),
    "receive": _("Received"),
    "bring_back": _("Came back"),
    "postpone": _("Another day"),
    "cancel": _("Cancelled"),
}


def _found(request: HttpRequest, transfer_id: UUID) -> Transfer:
    found = visible_transfers(by=request.user).filter(pk=transfer_id).first()
    if found is None:
        raise NotFound()
    return found


@login_required
@require_GET
def show_transfer(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    transfer = _found(request, transfer_id)
    may = _rights(request, transfer)
    lines = transfer_lines(transfer_id)
    page = DocumentPage(
        kind="transfer", id=transfer.pk, status=transfer.status, number=transfer.number, party=transfer.target.name,
        axes=_axes(transfer), primary=_primary(transfer, may), actions=_papers(transfer), more=_more(transfer, may),
        timeline=timeline_of(transfer.pk, HAPPENED),
    ).read(request)  # fmt: skip
    page.chain = ()  # goods that stay in the house are no part of a sale
    context = {
        "page": page, "transfer": transfer, "lines": lines, "may": may,
        "travels": transfer.expected_date is not None, "ended": transfer.status in ("received", "returned"),
        "short": any(line["lost"] for line in lines), "over": any(line["over"] for line in lines),
    }  # fmt: skip
    return render(request, "stock/transfer.html", context)


def _rights(request: HttpRequest, transfer: Transfer) -> dict[str, bool]:
    access = access_of(request.user)
    here, there = transfer.source, transfer.target
    under_way = transfer.status == "shipped"
    return {
        "ship": transfer.status == "draft" and access.reaches("stock", "create", here),
        "cancel": transfer.status == "draft" and access.reaches("stock", "cancel", here),
        "receive": under_way and access.reaches("stock", "create", there),
        "bring_back": under_way and access.reaches("stock", "create", here),
        "postpone": under_way and any(access.reaches("stock", "change", place) for place in (here, there)),
    }


def _axes(transfer: Transfer) -> list[Axis]:
    status = TRANSFER[transfer.status]
    axes = [Axis(_("Status"), status.label, status.tone, status.icon), Axis(_("From warehouse"), transfer.source.name)]
    if transfer.shipped_at is not None and transfer.expected_date is not None:
        axes.append(Axis(_("Shipped"), formatting.day(transfer.shipped_at)))
    if transfer.expected_date is not None and transfer.status in ("draft", "shipped"):
        axes.append(Axis(_("Expected there"), formatting.day(transfer.expected_date)))
    if transfer.received_at is not None:
        axes.append(Axis(_("Ended"), formatting.day(transfer.received_at)))
    return axes


def _primary(transfer: Transfer, may: dict[str, bool]) -> Action | None:
    if may["ship"]:
        return Action(
            _("Send off"), url=reverse("stock:ship_transfer", args=[transfer.pk]), icon="truck", kind="go", key="s",
            confirm=Consequence(
                _("Send these goods off?"),
                _("They leave %(place)s now and are on hand nowhere until they are counted in.")
                % {"place": transfer.source.name},
                button=_("Send off"),
            ),
        )  # fmt: skip
    if may["receive"]:
        return Action(_("Count in"), icon="package-plus", kind="go", key="r", dialog="receive")
    return None


def _papers(transfer: Transfer) -> list[Action]:
    note = reverse("documents:paper", args=["transfer", transfer.pk])
    return [Action(_("Delivery note"), url=note, method="get", icon="file-text", new_tab=True)]


def _more(transfer: Transfer, may: dict[str, bool]) -> list[Action]:
    more = []
    if may["postpone"]:
        more.append(Action(_("Another day"), dialog="postpone", icon="calendar-clock"))
    if may["bring_back"]:
        more.append(
            Action(
                _("Came back"), url=reverse("stock:bring_back_transfer", args=[transfer.pk]), icon="undo-2",
                confirm=Consequence(
                    _("Back to %(place)s?") % {"place": transfer.source.name},
                    _("What is still on its way is on hand there again, worth what it left with."),
                    reason=_("Reason"), button=_("Came back"),
                ),
            )
        )  # fmt: skip
    if may["cancel"]:
        more.append(
            Action(
                _("Cancel transfer"), url=reverse("stock:cancel_transfer", args=[transfer.pk]), icon="ban", kind="bad",
                confirm=Consequence(
                    _("Cancel this transfer?"), _("The goods stay where they are and are free again."),
                    reason=_("Reason"), must=False, button=_("Cancel transfer"), danger=True,
                ),
            )
        )  # fmt: skip
    return more


def _deed(request: HttpRequest, transfer_id: UUID, act: Any, said: str) -> HttpResponse:
    """One deed on a transfer that the person may see, once, and its page again."""
    _found(request, transfer_id)

    def deed() -> str:
        act(transfer_id=transfer_id, by=request.user, at=clock.now())
        messages.success(request, said)
        return reverse("stock:transfer", args=[transfer_id])

    return once(request, deed)


@login_required
@require_POST
def ship(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    return _deed(request, transfer_id, ship_transfer, gettext("The goods are on their way."))


@login_required
@require_POST
def receive(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    quantities = numbers_of(request, "line-")

    def act(**who: Any) -> None:
        receive_transfer(
            quantities=quantities or None, is_last=request.POST.get("is_last") == "1",
            reason=request.POST.get("reason", "")[:200], **who,
        )  # fmt: skip

    return _deed(request, transfer_id, act, gettext("The goods are on hand."))


@login_required
@require_POST
def bring_back(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    def act(**who: Any) -> None:
        bring_back_transfer(reason=request.POST.get("reason", "")[:200], **who)

    return _deed(request, transfer_id, act, gettext("The goods are back."))


@login_required
@require_POST
def cancel(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    def act(**who: Any) -> None:
        cancel_transfer(reason=request.POST.get("reason", "")[:200], **who)

    return _deed(request, transfer_id, act, gettext("The goods are free again."))


class DayForm(forms.Form):
    expected_date = DayField(label=_("Expected there"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


@login_required
@require_POST
def postpone(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    facts = facts_of(DayForm(request.POST))

    def act(**who: Any) -> None:
        postpone_transfer(expected_date=facts["expected_date"], reason=facts["reason"], **who)

    day = formatting.day(facts["expected_date"])
    return _deed(request, transfer_id, act, gettext("Expected on %(day)s now.") % {"day": day})
