"""The plan of a draft's instalments: equal ones by the month, or typed."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from niaga.core import clock
from niaga.core.errors import Refusal, WrongState
from niaga.core.rules.calendar import add_months
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.invoices import whole_invoice
from niaga.invoicing.rules.instalments import MOST, Instalment
from niaga.invoicing.services.plan_instalments import plan_instalments
from niaga.invoicing.web.invoice_list import today_of
from niaga.organization.access import access_of
from niaga.ui import formatting
from niaga.ui.forms import DayField, once


class EqualForm(forms.Form):
    count = forms.IntegerField(label=_("Number of instalments"), min_value=2, max_value=MOST)
    first = DayField(label=_("First day due"))


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    invoice = whole_invoice(invoice_id=invoice_id, by=request.user, today=today_of(request))
    access_of(request.user).require("invoice", "change", invoice)
    if invoice.status != "draft" or invoice.kind == "credit_note":
        if request.method == "GET":
            return redirect("invoicing:invoice", invoice_id=invoice_id)
        raise WrongState()
    rows, status = _held(invoice), 200
    form = EqualForm(initial={"count": 3, "first": add_months(today_of(request), 1)})
    fault = ""
    if request.method == "POST":
        way = request.POST.get("way", "typed")
        if way == "equal":
            form = EqualForm(request.POST)
        try:
            asked, rows = _asked(request, way, form, rows)
            return once(request, lambda: _deed(request, invoice, asked))
        except ValidationError as error:
            fault = "" if way == "equal" else " ".join(error.messages)
        except Refusal as refusal:
            fault = " ".join([*(_told(line) for line in refusal.lines)] or [str(refusal.message)])
        rows, status = _typed(request) or rows, 422
    context = {
        "invoice": invoice, "form": form, "rows": rows or [{}, {}], "fault": fault, "planned": invoice.instalments,
        "payable": invoice.payable,
    }  # fmt: skip
    return render(request, "invoicing/instalments.html", context, status=status)


def _told(line: dict[str, Any]) -> str:
    return gettext("Instalment %(place)d: %(text)s") % {"place": line["line"], "text": line["message"]}


def _held(invoice: Invoice) -> list[dict[str, str]]:
    return [
        {"day": one["due_date"], "amount": formatting.amount(Decimal(one["amount"]), invoice.currency)}
        for one in invoice.instalments
    ]


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    pairs = zip(request.POST.getlist("due_date"), request.POST.getlist("amount"), strict=False)
    return [{"day": day, "amount": amount} for day, amount in pairs if day.strip() or amount.strip()]


def _asked(
    request: HttpRequest, way: str, form: EqualForm, rows: list[dict[str, str]]
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What the form asks for.

    :raises ValidationError: it cannot be read
    """
    if way == "none":
        return {}, rows
    if way == "equal":
        if not form.is_valid():
            raise ValidationError("")
        return dict(form.cleaned_data), rows
    rows = _typed(request)
    parts = []
    for place, row in enumerate(rows, 1):
        try:
            parts.append(Instalment(date.fromisoformat(row["day"]), formatting.parse_number(row["amount"])))
        except ValueError as error:
            raise ValidationError(
                gettext("Instalment %(place)d needs a day and an amount.") % {"place": place}
            ) from error
    if not parts:
        raise ValidationError(gettext("Write at least one instalment, or choose the payment term."))
    return {"parts": parts}, rows


def _deed(request: HttpRequest, invoice: Invoice, asked: dict[str, Any]) -> str:
    version = request.POST.get("version", "")
    plan_instalments(
        invoice_id=invoice.pk, version=int(version) if version.isdigit() and len(version) < 10 else None,
        by=request.user, at=clock.now(), **asked,
    )  # fmt: skip
    messages.success(request, gettext("Saved."))
    return reverse("invoicing:invoice", args=[invoice.pk])
