"""The fee of a returned giro: charging its customer, letting go of it, and what is usual."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.catalog.queries.catalog_lists import tax_categories_for
from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.core.queries.together import Question
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.payments.models import Payment
from niaga.payments.queries.giro_fees import bank_fees_beside, giro_fee_by, giro_fee_of, giro_fee_setting
from niaga.payments.queries.payments import get_payment
from niaga.payments.services.charge_giro_fee import charge_giro_fee
from niaga.payments.services.save_giro_fee_setting import save_giro_fee_setting
from niaga.payments.services.waive_giro_fee import waive_giro_fee
from niaga.ui import formatting
from niaga.ui.forms import AmountField, once
from niaga.ui.stale import one_at_a_time


def may_charge(request: HttpRequest, document: Any) -> bool:
    """Whether this person may write and issue the invoice of a fee."""
    access = access_of(request.user)
    return all(access.reaches("invoice", action, document) for action in ("create", "issue"))


def fee_asked(request: HttpRequest, payment: Payment) -> tuple[Question[Any] | None, Question[Any] | list[Any]]:
    """What the page of a returned giro asks for: what was charged, and what the bank took."""
    reversal = getattr(payment, "reversal", None)
    if reversal is None or not reversal.bounced:
        return None, []
    bank = access_of(request.user).allows("bank", "view")
    return giro_fee_of(payment.pk, by=request.user), (
        Question(bank_fees_beside(payment, by=request.user), list) if bank else []
    )


def fee_context(request: HttpRequest, payment: Payment, charged: Any, taken: list[Any]) -> dict[str, Any]:
    """For the page of a giro: what may be charged, or what was."""
    if payment.method != "giro":
        return {}
    reversal = getattr(payment, "reversal", None)
    can_be = reversal is None or (reversal.bounced and not charged)
    offered = can_be and may_charge(request, payment)
    return {
        "giro_fee": charged, "bank_took": taken, "may_charge_fee": offered,
        "may_waive_fee": access_of(request.user).allows("invoice", "waive"),
        "usual_fee": giro_fee_setting(payment.company_id) if offered else None,
    }  # fmt: skip


def fee_card(request: HttpRequest, invoice_id: UUID) -> Question[Any]:
    """Beside the invoice of a fee: which giro it is for."""
    may = access_of(request.user).allows("invoice", "waive")

    def told(found: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        return {"fee": found, "may": may} if found else None

    return giro_fee_by(invoice_id, by=request.user).then(told)


def typed_fee(request: HttpRequest) -> Decimal | None:
    """What is to be charged with the return; None where it is not chosen.

    :raises Invalid: no amount, or none that is a number
    """
    return typed_amount(request, "giro_fee", needed=True) if request.POST.get("charge_fee") == "1" else None


def typed_amount(request: HttpRequest, name: str, *, needed: bool) -> Decimal | None:
    text = request.POST.get(name, "").strip()
    try:
        amount = formatting.parse_number(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("Write the amount as a number."), field=name) from error
    if amount is None and needed:
        raise Invalid(gettext("Write what the customer is charged: an amount above zero."), field=name)
    return amount


@login_required
@require_POST
def charging(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Charge the fee later than the return was recorded."""
    get_payment(payment_id=payment_id, by=request.user)
    amount = typed_amount(request, "giro_fee", needed=True)
    assert amount is not None

    def deed() -> str:
        charge_giro_fee(payment_id=payment_id, amount=amount, by=request.user, at=clock.now())
        messages.success(request, gettext("The fee is charged: its invoice is issued."))
        return reverse("payments:payment", args=[payment_id])

    return once(request, deed)


@login_required
@require_POST
def waiving(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Let go of the fee, or of a part of it."""
    get_payment(payment_id=payment_id, by=request.user)
    amount = typed_amount(request, "amount", needed=False)

    def deed() -> str:
        waiver = waive_giro_fee(
            payment_id=payment_id, amount=amount, reason=request.POST.get("reason", ""), by=request.user,
            at=clock.now(),
        )  # fmt: skip
        told = formatting.money(waiver.amount, waiver.fee.currency)
        messages.success(request, gettext("%(amount)s is waived by a credit note.") % {"amount": told})
        if request.POST.get("back") == "invoice":
            return reverse("invoicing:invoice", args=[waiver.fee.invoice_id])
        return reverse("payments:payment", args=[payment_id])

    return once(request, deed)


class GiroFeeForm(forms.Form):
    amount = AmountField(
        label=_("Usual amount"), required=False, min_value=Decimal(0),
        help_text=_("Without tax. It can be changed at each return."),
    )  # fmt: skip
    is_usual = forms.BooleanField(
        label=_("Usually charge it"), required=False,
        help_text=_("The choice is ticked beforehand where a return is recorded; nothing is charged by itself."),
    )  # fmt: skip
    tax_category_id = forms.ChoiceField(
        label=_("Tax"), required=False,
        help_text=_("As a service with PPN, or without tax; a fee without tax does not stand in the Coretax file."),
    )  # fmt: skip


@login_required
@one_at_a_time
def setting(request: HttpRequest) -> HttpResponse:
    """What is usually charged for a returned giro."""
    access = access_of(request.user)
    access.require("customer", "credit")
    company = access.current_company
    found = giro_fee_setting(company.id)

    def form(data: Any) -> GiroFeeForm:
        initial = {"amount": found.amount or None, "is_usual": found.is_usual,
                   "tax_category_id": str(found.tax_category_id or "")}  # fmt: skip
        made = GiroFeeForm(data, initial=initial)
        made.fields["amount"].currency = company.currency  # type: ignore[attr-defined]
        taxes = [(str(one.pk), one.name) for one in tax_categories_for(request.user)]
        made.fields["tax_category_id"].choices = [("", _("No tax")), *taxes]  # type: ignore[attr-defined]
        return made

    def save(values: dict[str, Any]) -> str:
        tax = values["tax_category_id"]
        save_giro_fee_setting(
            company_id=company.id, amount=values["amount"] or Decimal(0), is_usual=values["is_usual"],
            tax_category_id=UUID(tax) if tax else None, by=request.user, at=clock.now(),
        )  # fmt: skip
        return reverse("payments:giro_fee_setting")

    return form_page(
        request, form=form, deed=save, template="payments/giro_fee_setting.html",
        subject=None if found._state.adding else found.pk, currency=company.currency,
    )  # fmt: skip
