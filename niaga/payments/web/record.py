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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import Invalid, NotFound, Refusal
from niaga.invoicing.queries.allocations import open_balances
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branch_choices
from niaga.organization.queries.companies import bank_accounts
from niaga.parties.queries.customers import customer_for
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.web.words import METHODS
from niaga.ui import formatting
from niaga.ui.forms import AmountField, DayField, once, refuse


class PaymentForm(forms.Form):
    customer = forms.UUIDField(label=_("Customer"), error_messages={"required": _("Choose who paid.")})
    method = forms.ChoiceField(
        label=_("Method"), choices=[(key, way.label) for key, way in METHODS.items()], initial="transfer"
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
        self.fields["bank_account"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *((str(one.id), _account(one, codes)) for one in banks)
        ]  # fmt: skip
        own = [one for one in banks if one.currency == currency]
        if len(own) == 1:
            self.fields["bank_account"].initial = str(own[0].id)


def _account(one: Any, codes: list[str]) -> str:
    text = f"{one.bank} {one.number}"
    return f"{text} · {one.currency}" if len(codes) > 1 else text


def currencies(request: HttpRequest) -> list[str]:
    """What a payment may be in, the company's own first."""
    here = access_of(request.user).current_company
    return [here.currency, *here.other_currencies]


def _currency(request: HttpRequest, source: Any, customer: Any, preferred: str) -> str:
    """The chosen one; without a choice that of the invoice that is paid, or of what the customer owes first."""
    codes = currencies(request)
    if source.get("currency") in codes:
        return str(source["currency"])
    if customer is None or len(codes) == 1:
        return codes[0]
    rows = list(open_balances(customer_id=customer.pk, by=request.user)[:200])
    first = next((row for row in rows if str(row.invoice_id) == preferred), rows[0] if rows else None)
    return first.currency if first is not None and first.currency in codes else codes[0]


@login_required
def new_payment(request: HttpRequest) -> HttpResponse:
    """The form; htmx asks for its invoices alone when the customer or the amount changes."""
    access = access_of(request.user)
    access.require("payment", "record")
    today = clock.today(at=clock.now(), zone=access.current_company.zone)
    source = request.POST if request.method == "POST" else request.GET
    customer = _customer(request, source.get("customer", ""))
    preferred = source.get("invoice", "")
    currency = _currency(request, source, customer, preferred)
    rows = _open_rows(request, customer, currency)
    if request.headers.get("HX-Target") == "open-invoices":
        return render(
            request, "payments/open_invoices.html", _spread(rows, _amount(source), currency, preferred, today)
        )
    status = 200
    if request.method == "POST":
        form = PaymentForm(request, request.POST, currency=currency)
        status = 422
        if form.is_valid():
            try:
                return once(request, lambda: _record(request, form.cleaned_data, currency, rows, preferred))
            except Refusal as refusal:
                refuse(form, refusal)
        shown = _typed(request, rows, currency, today)
    else:
        wanted = [row for row in rows if str(row.invoice_id) == preferred] or rows
        total = sum((row.open for row in wanted), Decimal(0))
        initial = {"customer": customer.pk if customer else None, "date": today, "amount": total or None}
        form = PaymentForm(request, currency=currency, initial=initial)
        shown = _spread(rows, total, currency, preferred, today)
    context = {
        "form": form, "customer": customer, "preferred": preferred, **shown,
    }  # fmt: skip
    return render(request, "payments/new_payment.html", context, status=status)


def _customer(request: HttpRequest, text: str) -> Any:
    try:
        return customer_for(request.user, UUID(text)) if text else None
    except (ValueError, NotFound):
        return None


def _open_rows(request: HttpRequest, customer: Any, currency: str) -> list[Any]:
    if customer is None:
        return []
    return [row for row in open_balances(customer_id=customer.pk, by=request.user)[:200] if row.currency == currency]


def _amount(source: Any) -> Decimal | None:
    try:
        return formatting.parse_number(source.get("amount", ""))
    except ValueError:
        return None


def _shares(rows: list[Any], amount: Decimal, preferred: str) -> tuple[dict[UUID, Decimal], Decimal]:
    """How much of the amount each invoice gets, the preferred one first, then the earliest due; and what is left."""
    shares = {}
    for row in sorted(rows, key=lambda row: str(row.invoice_id) != preferred):
        shares[row.invoice_id] = min(amount, row.open)
        amount -= shares[row.invoice_id]
    return shares, amount


def _spread(rows: list[Any], amount: Decimal | None, currency: str, preferred: str, today: date) -> dict[str, Any]:
    """The open invoices, the amount spread over them."""
    shares, left = _shares(rows, amount or Decimal(0), preferred)
    texts = {key: formatting.amount(share, currency) for key, share in shares.items()}
    return {**_shown(rows, texts, left, currency, today), "spread": formatting.amount(amount or Decimal(0), currency)}


def _shown(rows: list[Any], texts: dict[Any, str], advance: Decimal, currency: str, today: date) -> dict[str, Any]:
    return {
        "currency": currency,
        "open_rows": [
            {"row": row, "share": texts.get(row.invoice_id, ""), "late": row.due_date < today} for row in rows
        ],
        "advance": advance,
    }


def _typed(request: HttpRequest, rows: list[Any], currency: str, today: date) -> dict[str, Any]:
    """The invoices with what was typed: nothing is lost by a refusal."""
    texts = {row.invoice_id: request.POST.get(f"invoice-{row.invoice_id}", "") for row in rows}
    return {**_shown(rows, texts, Decimal(0), currency, today), "spread": request.POST.get("spread", "")}


def _record(request: HttpRequest, facts: dict[str, Any], currency: str, rows: list[Any], preferred: str) -> str:
    payment = record_payment(
        customer_id=facts["customer"], branch_id=UUID(facts["branch"]), by=request.user, at=clock.now(),
        invoices=_settles(request, facts["amount"], rows, preferred),
        details=PaymentDetails(
            method=facts["method"], currency=currency, amount=facts["amount"], reference=facts["reference"],
            bank_account_id=UUID(facts["bank_account"]) if facts["bank_account"] else None,
            giro_due_date=facts["giro_due_date"], giro_bank=facts["giro_bank"], note=facts["note"],
            paid_on=facts["date"],
        ),
    )  # fmt: skip
    advance = payment.amount - payment.allocated
    if advance:
        text = gettext("%(number)s recorded. %(advance)s is more than what was settled and waits as an advance.") % {
            "number": payment.number, "advance": formatting.money(advance, currency),
        }  # fmt: skip
        messages.info(request, text)
    else:
        messages.success(request, gettext("%(number)s recorded.") % {"number": payment.number})
    return reverse("payments:payment", args=[payment.pk])


def _settles(
    request: HttpRequest, amount: Decimal, rows: list[Any], preferred: str
) -> list[tuple[UUID, Decimal | None]]:
    """The invoices with their amounts as typed; an empty amount settles nothing of it.

    Who changes the amount and sends at once sends the shares of the amount before: when nobody touched them, they
    follow the amount here as they would have on the page.
    """
    typed = _typed_shares(request)
    try:
        before = formatting.parse_number(request.POST.get("spread", ""))
    except ValueError:
        before = amount
    if before is not None and before != amount:
        shares, _left = _shares(rows, before, preferred)
        if typed == {key: share for key, share in shares.items() if share}:
            shares, _left = _shares(rows, amount, preferred)
            typed = {key: share for key, share in shares.items() if share}
    return list(typed.items())


def _typed_shares(request: HttpRequest) -> dict[UUID, Decimal]:
    typed = {}
    for name, text in request.POST.items():
        if not name.startswith("invoice-") or not str(text).strip():
            continue
        try:
            key, amount = UUID(name.removeprefix("invoice-")), formatting.parse_number(str(text))
        except ValueError as error:
            raise Invalid(gettext("“%(text)s” is no number.") % {"text": str(text)[:40]}, field="amount") from error
        if amount:
            typed[key] = amount
    return typed
