"""What is given up of invoices: the deed on an invoice's page, small rests of many, the list, and the threshold."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.approvals.errors import ApprovalNeeded
from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.queries.write_offs import see_write_off, small_rest_of, visible_write_offs
from niaga.invoicing.services.ask_write_off import ask_write_off
from niaga.invoicing.services.reverse_write_off import reverse_write_off
from niaga.invoicing.services.set_write_off_rule import set_write_off_rule
from niaga.invoicing.services.write_off_invoice import write_off_invoice
from niaga.invoicing.services.write_off_rests import write_off_rests
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.forms import AmountField, once
from niaga.ui.lists import (
    Choice,
    Day,
    Days,
    Done,
    Empty,
    Flag,
    Listing,
    Money,
    Reference,
    Search,
    Status,
    StatusColumn,
    Text,
    Total,
)
from niaga.ui.lists.addresses import row_address
from niaga.ui.stale import one_at_a_time

KINDS = {
    "bad_debt": Status(_("Bad debt"), "bad", "circle-x"),
    "difference": Status(_("Small difference"), "faint", "equal"),
}
AGAIN = Status(_("Claimed again"), "calm", "rotate-ccw")


def may_write_off(request: HttpRequest) -> bool:
    return access_of(request.user).allows("invoice", "write_off")


@login_required
@require_POST
def write_off(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Write an invoice off, or ask for the yes that this needs."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    text = request.POST.get("amount", "").strip()
    try:
        amount: Decimal | None = formatting.parse_number(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("Write an amount, or leave it empty."), field="amount") from error
    told: dict[str, Any] = {"invoice_id": invoice_id, "amount": amount, "reason": request.POST.get("reason", "")}

    def deed() -> str:
        try:
            write_off_invoice(**told, by=request.user, at=clock.now())
        except ApprovalNeeded as needed:
            if needed.facts.get("waiting"):
                raise
            ask_write_off(**told, by=request.user, at=clock.now())
            messages.info(request, gettext("This needs a yes, which is asked for now. Write it off when it is given."))
        else:
            messages.success(request, gettext("Written off. The invoice itself stays as it was issued."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def claim_again(request: HttpRequest, write_off_id: UUID) -> HttpResponse:
    found = see_write_off(write_off_id=write_off_id, by=request.user)

    def deed() -> str:
        reverse_write_off(
            write_off_id=write_off_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now()
        )
        messages.success(request, gettext("It is open again. Record what comes in as a payment."))
        return reverse("invoicing:invoice", args=[found.invoice_id])

    return once(request, deed)


def write_off_picked(request: HttpRequest, ids: list[UUID]) -> Done:
    """Write off the small rests of the invoices that are ticked, in one deed."""
    deed = write_off_rests(invoice_ids=ids, reason=gettext("Small difference"), by=request.user, at=clock.now())
    return Done(
        gettext("Written off as %(number)s.") % {"number": deed.number},
        url=f"{reverse('invoicing:write_offs')}?q={deed.number}",
    )


class WriteOffList(Listing):
    key, title, sort = "write_offs", _("Write-offs"), "-number"
    above = (_("Invoices"), "/invoices")
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Text("invoice", _("Invoice"), source="invoice__number", sort="invoice__number", phone="meta"),
        Text("customer", _("Customer"), source="invoice__customer__name", sort="invoice__customer__name",
             phone="meta"),
        Day("date", _("Date"), sort="date"),
        StatusColumn("kind", _("Kind"), source=lambda row: AGAIN if row.reversed_on else KINDS[row.kind],
                     phone="status"),
        Text("reason", _("Reason")),
        Money("amount", _("Amount"), sort="amount", phone="value"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number, invoice or customer"), match=lambda rows, text: rows.filter(
            Q(deed__number__icontains=text) | Q(invoice__number__icontains=text)
            | Q(invoice__customer__name__icontains=text))),
        Choice("kind", _("Kind"), options=[(key, one.label) for key, one in KINDS.items()]),
        Days("date", _("Date")),
        Flag("again", _("Claimed again"), match=lambda rows: rows.exclude(reversed_on=None)),
    )  # fmt: skip
    totals = (Total("amount", _("Amount"), currency="currency"),)
    empty = Empty(
        _("Nothing is written off"),
        _("What a customer will not pay is given up on the invoice's page; small rests of many are ticked in the list"
          " of invoices. The invoice stays as it was issued, and what comes in after all is claimed again."),
        icon="circle-x",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "view")
        rows = visible_write_offs(by=self.request.user)
        deed = self.request.GET.get("deed", "")
        return rows.filter(deed_id=deed) if _is_key(deed) else rows

    def url(self, row: Any) -> str:
        return row_address("invoicing:invoice", row.invoice_id)

    def actions(self) -> list[Action]:
        if not access_of(self.request.user).allows("customer", "credit"):
            return []
        url = reverse("invoicing:write_off_rule")
        return [Action(_("Small differences"), url=url, method="get", icon="settings")]


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class RuleForm(forms.Form):
    most = AmountField(
        label=_("Small rests up to"), min_value=0,
        help_text=_("An open rest that is not above it is written off at once. 0: none is. For larger amounts the"
                    " rules about approvals hold."),
    )  # fmt: skip


@login_required
@one_at_a_time
def write_off_rule(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    company = access.current_company
    access.require("customer", "credit", company_id=company.id)

    def save(values: dict[str, Any]) -> str:
        set_write_off_rule(company_id=company.id, most=values["most"], by=request.user, at=clock.now())
        return reverse("invoicing:write_offs")

    present = small_rest_of(company.id)
    return form_page(
        request, form=lambda data: RuleForm(data, initial={"most": present}), deed=save,
        template="invoicing/write_off_rule.html", subject=company.id,
    )  # fmt: skip
