"""Early-payment discounts: granting one late and taking one back on an invoice's page, and the list of all."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.invoicing.queries.early_discounts import see_discount, visible_discounts
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.services.grant_discount import grant_discount
from niaga.invoicing.services.take_back_discount import take_back_discount
from niaga.organization.access import access_of
from niaga.ui.forms import once
from niaga.ui.lists import Day, Days, Empty, Flag, Listing, Money, Reference, Search, Status, StatusColumn, Text, Total
from niaga.ui.lists.addresses import row_address

IN_TIME = Status(_("In time"), "good", "circle-check")
LATE = Status(_("Granted late"), "warn", "handshake")
BACK = Status(_("Taken back"), "calm", "rotate-ccw")


@login_required
@require_POST
def grant(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)

    def deed() -> str:
        grant_discount(
            invoice_id=invoice_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now()
        )  # fmt: skip
        messages.success(request, gettext("The discount is granted. The invoice is paid."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def take_back(request: HttpRequest, discount_id: UUID) -> HttpResponse:
    found = see_discount(discount_id=discount_id, by=request.user)

    def deed() -> str:
        take_back_discount(
            discount_id=discount_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now()
        )  # fmt: skip
        messages.success(request, gettext("The discount is taken back. It is open again."))
        return reverse("invoicing:invoice", args=[found.invoice_id])

    return once(request, deed)


class DiscountList(Listing):
    key, title, sort = "early_discounts", _("Early-payment discounts"), "-date"
    above = (_("Invoices"), "/invoices")
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Text("invoice", _("Invoice"), source="invoice__number", sort="invoice__number", phone="meta"),
        Text("customer", _("Customer"), source="invoice__customer__name", sort="invoice__customer__name",
             phone="meta"),
        Day("date", _("Date"), sort="date"),
        Day("until", _("Until"), sort="until"),
        StatusColumn("late", _("Given"), source=lambda row: BACK if row.reversed_on else LATE if row.late else IN_TIME,
                     phone="status"),
        Text("note", _("Credit note"), source=lambda row: row.credit_note.number if row.credit_note else ""),
        Text("reason", _("Reason")),
        Money("amount", _("Amount"), sort="amount", phone="value"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number, invoice or customer"), match=lambda rows, text: rows.filter(
            Q(number__icontains=text) | Q(invoice__number__icontains=text)
            | Q(invoice__customer__name__icontains=text))),
        Days("date", _("Date")),
        Flag("granted", _("Granted late"), match=lambda rows: rows.filter(late=True)),
        Flag("back", _("Taken back"), match=lambda rows: rows.exclude(reversed_on=None)),
    )  # fmt: skip
    totals = (Total("amount", _("Amount"), currency="currency"),)
    empty = Empty(
        _("No discount was given yet"),
        _("Give a payment term a discount, such as 2 % within 10 days. Who pays the rest of an invoice in time has paid"
          " it; what was let go of stands here, and in the books on an account of its own."),
        icon="ticket-percent",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "view")
        rows = visible_discounts(by=self.request.user)
        try:
            return rows.filter(pk=UUID(self.request.GET["id"]))
        except (KeyError, ValueError):
            return rows

    def url(self, row: Any) -> str:
        return row_address("invoicing:invoice", row.invoice_id)
