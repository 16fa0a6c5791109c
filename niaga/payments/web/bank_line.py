"""One bank line: what it may be, booking it, and taking that back."""

from decimal import Decimal
from typing import Any
from uuid import UUID

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
from niaga.core.queries.together import ask
from niaga.invoicing.queries.allocations import open_balances
from niaga.invoicing.queries.early_discounts import offering, standing_offers
from niaga.ledger.queries.journal import journal_of
from niaga.organization.access import access_of
from niaga.organization.queries.users import deeds_of
from niaga.parties.queries.customers import customer_for
from niaga.payments.models import BankLine
from niaga.payments.queries.bank_lines import get_line, settlements_of
from niaga.payments.queries.giro_fees import giro_fee_setting
from niaga.payments.queries.payouts import may_record_payouts
from niaga.payments.queries.proposals import proposals_for
from niaga.payments.queries.tie_choices import payout_choices, tie_choices
from niaga.payments.rules.line_parts import GIRO_RETURN, SUSPENSE
from niaga.payments.services.accept_proposals import accept_proposals
from niaga.payments.services.book_lines import book_line
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.unbook_line import unbook_line
from niaga.payments.web.bank_statement import accepted_in
from niaga.payments.web.bank_words import HOW, LINE_STATUS, shown_proposals, waits_for
from niaga.payments.web.giro_fees import may_charge, typed_fee
from niaga.payments.web.line_form import IN_ROLES, OUT_ROLES, ROWS, typed_parts
from niaga.payments.wording import ACCOUNTS
from niaga.ui.documents import Action, Consequence, TimelineEntry
from niaga.ui.forms import once

HAPPENED = {"book": _("Booked"), "unbook": _("Booking taken back")}
MOST_INVOICES = 100


@login_required
@require_GET
def show_line(request: HttpRequest, bank_line_id: UUID) -> HttpResponse:
    access_of(request.user).require("bank", "view")
    line = get_line(line_id=bank_line_id, by=request.user)
    if request.headers.get("HX-Target") == "line-invoices":
        return render(request, "payments/line_invoices.html", _invoices(request, line))
    access = access_of(request.user)
    may = {name: access.allows("bank", name) for name in ("record", "reverse")}
    found = proposals_for(lines=[line] if line.status == "open" else [], by=request.user)
    settled: list[Any] = list(settlements_of([line.pk]))
    for one in settled:
        one.label, one.how_said = ACCOUNTS.get(one.role, one.role), HOW.get(one.how, one.how)
    room = _room(line, settled)
    journal, payouts = ask(journal_of(line.pk, by=request.user), payout_choices(line=line, room=room))
    context = {
        "line": line, "state": LINE_STATUS[line.status], "may": may, "proposals": shown_proposals(line, found),
        "waits_for": waits_for(line, found), "may_record_payout": may["record"] and may_record_payouts(by=request.user),
        "settled": settled, "journal": journal, "timeline": _timeline(line), "room": room,
        "undo": _undo(line, may["reverse"]), "bookable": may["record"] and line.status != "settled",
        **_invoices(request, line),
    }  # fmt: skip
    if context["bookable"]:
        context |= {
            "roles": [(role, ACCOUNTS[role]) for role in (IN_ROLES if line.amount > 0 else OUT_ROLES)],
            "rows": range(ROWS), "payouts": payouts, "choices": tie_choices(line=line, room=room, by=request.user),
        }  # fmt: skip
        if line.amount < 0 and context["choices"] and may_charge(request, line):
            context |= {
                "may_charge_fee": True, "usual_fee": giro_fee_setting(line.company_id),
                "fee_currency": line.company.currency,
            }  # fmt: skip
    return render(request, "payments/line.html", context)


def _invoices(request: HttpRequest, line: BankLine) -> dict[str, Any]:
    """The open invoices of who is chosen, in the line's currency, each with what it would get, the earliest first."""
    try:
        customer = customer_for(request.user, UUID(request.GET.get("customer", "")))
    except (ValueError, NotFound):
        return {"customer": None, "invoices": [], "line": line}
    left = _room(line, list(settlements_of([line.pk])))
    rows: list[Any] = list(
        open_balances(customer_id=customer.pk, by=request.user).filter(currency=line.currency)[:MOST_INVOICES]
    )
    offers = standing_offers(invoice_ids=offering(rows), on=line.date)
    for row in rows:
        row.offer = offers.get(row.invoice_id)
        row.share = max(min(left, row.offer.pay if row.offer else row.open), Decimal(0))
        left -= row.share
    return {"customer": customer, "invoices": rows, "line": line}


def _room(line: BankLine, settled: list[Any]) -> Decimal:
    """What is to be booked: all of it, or the part that is not identified yet."""
    if line.status == "open":
        return line.amount
    return sum((one.amount for one in settled if one.role == SUSPENSE), Decimal(0))


def _undo(line: BankLine, may: bool) -> Action | None:
    if line.status == "open" or not may:
        return None
    text = gettext(
        "The line waits again. Payments that were recorded from it are taken back: what they settled is owed again."
    )
    return Action(
        _("Take the booking back"), url=reverse("payments:unbooking", args=[line.pk]), icon="undo-2", kind="bad",
        confirm=Consequence(_("Take this booking back?"), text, reason=_("Reason"), danger=True),
    )  # fmt: skip


def _timeline(line: BankLine) -> list[TimelineEntry]:
    return [
        TimelineEntry(at=row.at, text=str(HAPPENED.get(row.verb, row.verb)), by=row.who or "", quote=row.note)
        for row in deeds_of(line.pk)
    ]


@login_required
@require_POST
def accepting(request: HttpRequest, bank_line_id: UUID) -> HttpResponse:
    """Book the line as it was proposed."""
    line = get_line(line_id=bank_line_id, by=request.user)

    def deed() -> str:
        accepted = [one for one in accepted_in(request.POST) if one.line_id == bank_line_id]
        for refusal in accept_proposals(accepted=accepted, by=request.user, at=clock.now()).values():
            raise refusal
        messages.success(request, gettext("Booked."))
        return reverse("payments:bank_statement", args=[line.statement_id])

    access_of(request.user).require("bank", "record")
    return once(request, deed)


@login_required
@require_POST
def booking(request: HttpRequest, bank_line_id: UUID) -> HttpResponse:
    """Book the line as the person says; without anything said it waits as not identified yet."""
    line = get_line(line_id=bank_line_id, by=request.user)
    version = request.POST.get("version", "")

    def deed() -> str:
        room = _room(line, list(settlements_of([line.pk])))
        choices = tie_choices(line=line, room=room, by=request.user)
        [found] = ask(payout_choices(line=line, room=room))
        payouts = {one.payout_id: one.amount for one in found}
        typed = typed_parts(request.POST, line, room, {one.payment_id: one.amount for one in choices}, payouts)
        returned = any(one.kind == GIRO_RETURN for one in typed.parts)
        book_line(
            booking=Booking(
                line.pk, typed.parts, version=int(version) if version.isdigit() else None, note=typed.note,
                booked_on=typed.booked_on, giro_fee=typed_fee(request) if returned else None,
            ),
            by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Booked."))
        return reverse("payments:bank_statement", args=[line.statement_id])

    access_of(request.user).require("bank", "record")
    return once(request, deed)


@login_required
@require_POST
def unbooking(request: HttpRequest, bank_line_id: UUID) -> HttpResponse:
    get_line(line_id=bank_line_id, by=request.user)

    def deed() -> str:
        unbook_line(line_id=bank_line_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
        messages.success(request, gettext("The booking is taken back; the line waits again."))
        return reverse("payments:bank_line", args=[bank_line_id])

    access_of(request.user).require("bank", "reverse")
    return once(request, deed)
