"""Recording money that came in: who paid, how, and which invoices it settles."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branch_choices
from niaga.organization.queries.companies import bank_accounts
from niaga.parties.queries.customers import customer_for
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.web.open_invoices import OpenInvoices, open_rows
from niaga.payments.web.words import METHODS
from niaga.ui import formatting
from niaga.ui.forms import AmountField, DayField, once, refuse


class PaymentForm(forms.Form):
    customer = forms.UUIDField(label=_("Customer"), error_messages={"required": _("Choose who paid.")})
    method = forms.ChoiceField(
        label=_("Method"),
        choices=[(key, way.label) for key, way in METHODS.items() if key != "gateway"],
        initial="transfer",
    )
    date = DayField(label=_("Date"))
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    amount = AmountField(label=_("Amount"))
    branch = forms.ChoiceField(label=_("Branch"))
    bank_account = forms.ChoiceField(label=_("Received on"), required=False)
    reference = forms.CharField(
        label=_("Reference"), max_length=80, required=False,
        help_text=_("Bank reference, giro number or slip of the card terminal."),
    )  # fmt: skip
    giro_bank = forms.CharField(label=_("Bank of the giro"), max_length=80, required=False)
    giro_due_date = DayField(label=_("Giro is due"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, request: HttpRequest, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]
        access = access_of(request.user)
        codes = currencies(request)
        self.fields["currency"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        self.fields["currency"].initial = currency
        if len(codes) == 1:
            del self.fields["currency"]
        self.fields["branch"].choices = [  # type: ignore[attr-defined]
            (str(key), name) for key, name in branch_choices(by=request.user).values_list("id", "name")
        ]
        self.fields["branch"].initial = str(access.default_branch.id)
        banks = list(bank_accounts(by=request.user).filter(archived_at=None, currency__in=codes))
        own = [one for one in banks if one.currency == currency]
        offered = banks if self.is_bound else own
        self.fields["bank_account"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *((str(one.id), _account(one, codes)) for one in offered)
        ]  # fmt: skip
        if self.initial.get("bank_account") not in {str(one.id) for one in own}:
            self.initial["bank_account"] = str(own[0].id) if len(own) == 1 else ""


def _account(one: Any, codes: list[str]) -> str:
    text = f"{one.bank} {one.number}"
    return f"{text} · {one.currency}" if len(codes) > 1 else text


def currencies(request: HttpRequest) -> list[str]:
    """What a payment may be in, the company's own first."""
    here = access_of(request.user).current_company
    return [here.currency, *here.other_currencies]


def _currency(request: HttpRequest, source: Any, rows: list[Any]) -> str:
    """The chosen one; without a choice that of the invoice that is paid, or of what the customer owes first."""
    codes = currencies(request)
    if source.get("currency") in codes:
        return str(source["currency"])
    preferred = source.get("invoice", "")
    first = next((row for row in rows if str(row.invoice_id) == preferred), rows[0] if rows else None)
    return first.currency if first is not None and first.currency in codes else codes[0]


@login_required
def new_payment(request: HttpRequest) -> HttpResponse:
    """The form; htmx asks for its invoices alone when who paid, what, when or a rate changes."""
    access = access_of(request.user)
    access.require("payment", "record")
    today = clock.today(at=clock.now(), zone=access.current_company.zone)
    source = request.POST if request.method == "POST" else request.GET
    customer = _customer(request, source.get("customer", ""))
    rows = open_rows(request, customer)
    currency = _currency(request, source, rows)
    found = OpenInvoices(
        request, rows, source=source, currency=currency, on=_day(source.get("date", "")) or today, today=today
    )
    target = request.headers.get("HX-Target", "")
    if target == "open-invoices":
        form = PaymentForm(request, currency=currency, initial={"bank_account": source.get("bank_account", "")})
        shown = {**found.spread(_amount(source)), "form": form, "beside": True}
        return render(request, "payments/open_invoices.html", shown)
    if target.startswith("taken-"):
        return render(request, "payments/open_invoices.html", found.typed())
    status = 200
    if request.method == "POST":
        form = PaymentForm(request, request.POST, currency=currency)
        status = 422
        if form.is_valid():
            try:
                return once(request, lambda: _record(request, form.cleaned_data, found))
            except Refusal as refusal:
                if refusal.field == "bank_account_id":
                    form.add_error("bank_account", str(refusal.message))
                elif not found.refuse(refusal.facts.get("currency", ""), str(refusal.message)):
                    refuse(form, refusal)
        shown = found.typed()
    else:
        total = found.whole()
        initial = {"customer": customer.pk if customer else None, "date": today, "amount": total or None}
        form = PaymentForm(request, currency=currency, initial=initial)
        shown = found.spread(total)
    context = {"form": form, "customer": customer, "preferred": found.preferred, **shown}
    return render(request, "payments/new_payment.html", context, status=status)


def _customer(request: HttpRequest, text: str) -> Any:
    try:
        return customer_for(request.user, UUID(text)) if text else None
    except (ValueError, NotFound):
        return None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _amount(source: Any) -> Decimal | None:
    try:
        return formatting.parse_number(source.get("amount", ""))
    except ValueError:
        return None


def _record(request: HttpRequest, facts: dict[str, Any], found: OpenInvoices) -> str:
    settles = found.settles(facts["amount"])
    payment = record_payment(
        customer_id=facts["customer"], branch_id=UUID(facts["branch"]), by=request.user, at=clock.now(),
        invoices=list(settles.items()),
        details=PaymentDetails(
            method=facts["method"], currency=found.currency, amount=facts["amount"], reference=facts["reference"],
            bank_account_id=UUID(facts["bank_account"]) if facts["bank_account"] else None,
            giro_due_date=facts["giro_due_date"], giro_bank=facts["giro_bank"], note=facts["note"],
            paid_on=facts["date"], rates=found.typed_rates(settles),
        ),
    )  # fmt: skip
    advance = payment.amount - payment.allocated
    if advance:
        text = gettext("%(number)s recorded. %(advance)s is more than what was settled and waits as an advance.") % {
            "number": payment.number, "advance": formatting.money(advance, payment.currency),
        }  # fmt: skip
        messages.info(request, text)
    else:
        messages.success(request, gettext("%(number)s recorded.") % {"number": payment.number})
    return reverse("payments:payment", args=[payment.pk])
