"""The call list, and a customer's page of it: call, write down what came of it, go on to the next."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from niaga.core import clock
from niaga.core.errors import Invalid, Refusal
from niaga.invoicing.models import CallOutcome
from niaga.invoicing.queries.call_list import OverdueClaim, call_list, calls_to, overdue_claims
from niaga.invoicing.queries.collection import pause_of
from niaga.invoicing.services.log_call import log_call
from niaga.invoicing.services.pause_reminders import pause_reminders, resume_reminders
from niaga.invoicing.web.invoice_list import today_of
from niaga.invoicing.web.reminder_words import OUTCOMES
from niaga.invoicing.web.words import age_status
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.parties.queries.customers import customer_for
from niaga.parties.queries.reachable import reachable
from niaga.parties.rules.phones import format_phone
from niaga.ui.documents import Action
from niaga.ui.forms import AmountField, DayField, deed_view, once, refuse
from niaga.ui.lists import Choice, Empty, Listing, Moment, Money, Number, Search, Status, StatusColumn, Text, Total
from niaga.ui.lists.addresses import row_address

BROKEN = Status(_("Promise not kept"), "bad", "circle-alert")


class CallList(Listing):
    key, title, sort, template = "calls", _("Calls to make"), "-overdue", "invoicing/calls.html"
    live = "invoice"
    above = (_("Receivables by age"), "/ageing")
    columns = (
        Text("customer", _("Customer"), source="customer__name", sub="customer__code", sort="customer__name",
             phone="title"),
        StatusColumn("state", _("Status"), phone="status",
                     source=lambda row: BROKEN if row.broken else age_status(row.days_late)),
        Money("overdue", _("Overdue"), sort="overdue", phone="value"),
        Number("days_late", _("Days"), sort="days_late"),
        Number("invoices", _("Invoices"), sort="invoices"),
        Text("last_outcome", _("Last call"), source=lambda row: str(OUTCOMES.get(row.last_outcome, "")),
             phone="meta"),
        Moment("last_call_at", _("When"), sort="last_call_at"),
    )  # fmt: skip
    filters = (
        Search("q", _("Customer"), match=lambda rows, text: rows.filter(
            Q(customer__name__icontains=text) | Q(customer__code__istartswith=text))),
        Choice("promise", _("Promise"), options=[("broken", _("Not kept"))],
               match=lambda rows, value: rows.filter(broken=value == "broken")),
    )  # fmt: skip
    totals = (Total("overdue", _("Overdue"), currency="currency"),)
    empty = Empty(
        _("Nobody is to be called today"),
        _("Customers come here when a level of their reminders asks for a call, when no message reaches them, or when"
          " a promise was not kept."),
        icon="phone",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "send")
        return call_list(by=self.request.user, day=today_of(self.request)).select_related("customer")

    def url(self, row: Any) -> str:
        return row_address("invoicing:call", row.pk)

    def actions(self) -> list[Action]:
        return [Action(_("What reminders brought in"), url=reverse("invoicing:level_yield"), icon="chart-column",
                       method="get")]  # fmt: skip


class CallForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect, choices=list(OUTCOMES.items()))
    until = DayField(label=_("They pay by"), required=False)
    amount = AmountField(
        label=_("Amount"), required=False, min_value=0, help_text=_("Empty: all that is open.")
    )  # fmt: skip
    invoice = forms.ChoiceField(label=_("Disputed invoice"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip
    next_call = DayField(label=_("Call again on"), required=False)

    def __init__(self, data: Any, claims: list[OverdueClaim]) -> None:
        super().__init__(data)
        self.fields["invoice"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *((str(one.invoice_id), one.number) for one in claims)
        ]  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def call_customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A customer with what is overdue, the number to dial, and what came of the call."""
    access = access_of(request.user)
    access.require("invoice", "send")
    customer = customer_for(request.user, customer_id)
    access.require("invoice", "send", customer)
    now = clock.now()
    claims = overdue_claims(customer_id=customer_id, by=request.user, at=now)
    form, status = CallForm(request.POST if request.method == "POST" else None, claims), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                return once(request, lambda: _log(request, customer_id, form.cleaned_data))
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    person = reachable([customer_id])[customer_id]
    calls = list(calls_to(customer_id=customer_id, company_id=customer.company_id))
    people = user_names([one.by for one in calls])
    today = today_of(request)
    context = {
        "customer": customer, "form": form, "claims": [_shown(one, today) for one in claims],
        "sums": _sums(claims), "phone": person.phone, "phone_shown": format_phone(person.phone),
        "calls": [{"row": one, "outcome": OUTCOMES[one.outcome], "by": people.get(one.by, "Niaga")} for one in calls],
        "pause": pause_of(customer_id=customer_id, today=today), "may_pause": access.reaches(
            "customer", "change", customer),
    }  # fmt: skip
    return render(request, "invoicing/call.html", context, status=status)


def _shown(claim: OverdueClaim, today: date) -> dict[str, Any]:
    return {"row": claim, "days": (today - claim.due_date).days,
            "broken": claim.until is not None and claim.until < today}  # fmt: skip


def _sums(claims: list[OverdueClaim]) -> list[tuple[Decimal, str]]:
    sums: dict[str, Decimal] = {}
    for one in claims:
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.open
    return [(amount, currency) for currency, amount in sums.items()]


def _log(request: HttpRequest, customer_id: UUID, values: dict[str, Any]) -> str:
    invoice = values.pop("invoice")
    if values["outcome"] not in (CallOutcome.PROMISED, CallOutcome.DISPUTED):
        values["amount"] = None
    log_call(
        customer_id=customer_id, company_id=access_of(request.user).current_company.id, by=request.user,
        at=clock.now(), invoice_ids=[UUID(invoice)] if invoice and values["outcome"] == CallOutcome.DISPUTED else [],
        **values,
    )  # fmt: skip
    messages.success(request, gettext("Noted."))
    return reverse("invoicing:calls")


@login_required
@require_POST
def pause(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Remind the customer of nothing for a while."""
    customer_for(request.user, customer_id, "change")
    text = request.POST.get("until", "").strip()
    try:
        until = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("Write a day."), field="until") from error

    def deed() -> str:
        pause_reminders(
            customer_id=customer_id, reason=request.POST.get("reason", ""), until=until, by=request.user,
            at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Reminders are paused."))
        return reverse("invoicing:call", args=[customer_id])

    return once(request, deed)


def _resume(request: HttpRequest, customer_id: UUID) -> str:
    resume_reminders(customer_id=customer_id, by=request.user, at=clock.now())
    messages.success(request, gettext("The customer is reminded again."))
    return reverse("invoicing:call", args=[customer_id])


def _seen(request: HttpRequest, customer_id: UUID) -> None:
    customer_for(request.user, customer_id, "change")


resume = deed_view("resume", _resume, check=_seen)
