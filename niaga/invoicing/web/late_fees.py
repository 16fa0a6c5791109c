"""Late fees: what was charged, what is to be credited of it, and letting go of some."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Invalid, NotFound
from niaga.invoicing.queries.charged_fees import late_fees, not_owed, see_charge
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.queries.late_fee_rules import Everybody
from niaga.invoicing.services.ask_late_fees import ask_late_fees
from niaga.invoicing.services.waive_late_days import waive_late_days
from niaga.invoicing.services.waive_late_fee import waive_late_fee
from niaga.invoicing.web.invoice_list import today_of
from niaga.invoicing.web.words import STATUS
from niaga.organization.access import access_of
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.forms import once
from niaga.ui.lists import Choice, Days, Empty, Flag, Listing, Money, Reference, Search, StatusColumn, Text, Total
from niaga.ui.lists.addresses import row_address


class LateFeeList(Listing):
    key, title, sort, template = "late_fees", _("Late fees"), "-month", "invoicing/late_fees.html"
    above = (_("Receivables by age"), "/ageing")
    columns = (
        Reference("number", _("Number"), source=lambda row: row.invoice.number or gettext("Draft"),
                  sort="invoice__number", phone="meta"),
        Text("customer", _("Customer"), source="customer__name", sort="customer__name", phone="title"),
        Text("month", _("Month"), source=lambda row: f"{row.month:%m.%Y}", sort="month", phone="meta"),
        StatusColumn("status", _("Status"), source=lambda row: STATUS[row.invoice.status], phone="status"),
        Money("charged", _("Charged"), sort="charged", phone="value"),
        Money("waived", _("Waived"), sort="waived"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number or customer"), match=lambda rows, text: rows.filter(
            Q(invoice__number__icontains=text) | Q(customer__name__icontains=text)
            | Q(charges__invoice__number__icontains=text)).distinct()),
        Choice("status", _("Status"), lookup="invoice__status",
               options=[("draft", _("Draft")), ("issued", _("Issued")), ("discarded", _("Discarded"))]),
        Days("month", _("Month")),
        Flag("waived", _("Waived"), match=lambda rows: rows.filter(waived__gt=0)),
    )  # fmt: skip
    totals = (Total("charged", _("Charged"), currency="currency"), Total("waived", _("Waived"), currency="currency"))
    empty = Empty(
        _("No late fee was charged yet"),
        _("Say in the settings what paying late costs. When a month is over, who paid late gets one fee invoice with"
          " its reckoning: a draft for you, or issued at once."),
        icon="alarm-clock",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "view")
        rows = late_fees(by=self.request.user)
        try:
            return rows.filter(customer_id=UUID(self.request.GET["customer"]))
        except (KeyError, ValueError):
            return rows

    def url(self, row: Any) -> str:
        return row_address("invoicing:invoice", row.invoice_id)

    def actions(self) -> list[Action]:
        access = access_of(self.request.user)
        shown = [Action(_("To be credited"), url=reverse("invoicing:fees_not_owed"), icon="undo-2", method="get")]
        if access.allows("customer", "credit"):
            shown.append(Action(_("Rules"), url=reverse("invoicing:late_fee_rules"), icon="settings", method="get"))
        if access.reaches("invoice", "create", Everybody(access.current_company.id)):
            shown.append(
                Action(_("Charge last month"), url=reverse("invoicing:ask_late_fees"), icon="alarm-clock", kind="go")
            )
        return shown


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Charge the last month now, rather than when the job comes round."""

    def deed() -> str:
        ask_late_fees(by=request.user, at=clock.now())
        messages.success(request, gettext("Fee invoices are being written. They stand here in a moment."))
        return reverse("invoicing:late_fees")

    return once(request, deed)


@login_required
@require_GET
def fees_not_owed(request: HttpRequest) -> HttpResponse:
    """Fees of days that turned out not to be owed: proposals, credited by a person."""
    access = access_of(request.user)
    access.require("invoice", "view")
    after = request.GET.get("after", "")
    try:
        after_id = UUID(after) if after else None
    except ValueError as error:
        raise NotFound() from error
    rows, next_id = not_owed(by=request.user, today=today_of(request), after_id=after_id)
    return render(
        request, "invoicing/fees_not_owed.html",
        {"rows": rows, "next_id": next_id, "is_later": after_id is not None,
         "may_waive": access.allows("invoice", "waive"), "reason": gettext("Days that were not owed")},
    )  # fmt: skip


@login_required
@require_POST
def waive(request: HttpRequest, late_days_id: UUID) -> HttpResponse:
    """Let go of a charge, or of a part of it."""
    found = see_charge(days_id=late_days_id, by=request.user)
    amount = _amount(request)
    back = reverse("invoicing:fees_not_owed") if request.POST.get("back") == "not_owed" else ""

    def deed() -> str:
        waiver = waive_late_fee(
            days_id=late_days_id, amount=amount, reason=request.POST.get("reason", ""), by=request.user,
            at=clock.now(),
        )  # fmt: skip
        told = formatting.money(waiver.amount, found.currency)
        if waiver.credit_note_id is not None:
            messages.success(request, gettext("%(amount)s is waived by a credit note.") % {"amount": told})
        else:
            messages.success(request, gettext("%(amount)s is waived.") % {"amount": told})
        target = found.fee.invoice_id if found.fee is not None else found.invoice_id
        return back or reverse("invoicing:invoice", args=[target])

    return once(request, deed)


@login_required
@require_POST
def waive_days(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Let go of late days of an invoice before they are charged."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    until = _until(request)

    def deed() -> str:
        waive_late_days(
            invoice_id=invoice_id, until=until, reason=request.POST.get("reason", ""), by=request.user, at=clock.now()
        )
        messages.success(request, gettext("These days are waived. They are never charged."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


def _amount(request: HttpRequest) -> Decimal | None:
    text = request.POST.get("amount", "").strip()
    try:
        return formatting.parse_number(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("Write an amount, or leave it empty."), field="amount") from error


def _until(request: HttpRequest) -> date | None:
    text = request.POST.get("until", "").strip()
    try:
        found = parse_date(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("Choose a day."), field="until") from error
    if text and found is None:
        raise Invalid(gettext("Choose a day."), field="until")
    return found
