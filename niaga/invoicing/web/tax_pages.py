"""Making a Coretax file, what it holds, and what a person says of one invoice's filing."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.core.rules.calendar import end_of_month
from niaga.documents.web.serving import serve_file
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.queries.tax_filings import Checked, checked_for_filing, tax_file_for, taxed_invoices
from niaga.invoicing.queries.tax_slips import tax_slip_for
from niaga.invoicing.rules.coretax import HOME, MOST
from niaga.invoicing.services.cancel_filing import cancel_filing
from niaga.invoicing.services.leave_out_filing import leave_out_filing
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.invoicing.services.record_buyer_return import record_buyer_return
from niaga.invoicing.services.record_tax_serials import TaxSerialTold, record_tax_serials
from niaga.invoicing.services.record_tax_slip import record_tax_slip
from niaga.invoicing.services.reverse_tax_slip import reverse_tax_slip
from niaga.invoicing.services.take_buyer_facts import take_buyer_facts
from niaga.invoicing.services.take_in_filing import take_in_filing
from niaga.invoicing.services.withdraw_tax_file import withdraw_tax_file
from niaga.invoicing.web.tax_list import may, tax_tabs
from niaga.invoicing.web.tax_words import FAULTS, fault_words
from niaga.organization.access import Access, access_of
from niaga.organization.queries.users import user_names
from niaga.ui import formatting
from niaga.ui.forms import once

SHOWN = 100
"""Invoices with faults that the page shows; when they are mended the next ones come."""


def _month(request: HttpRequest, today: date) -> date:
    """The month asked for, by its first day; else the last one that ended while there is time to file it, else this."""
    asked = (request.POST if request.method == "POST" else request.GET).get("month", "")
    try:
        found = parse_date(f"{asked}-01") if asked else None
    except ValueError:
        found = None
    return found or today.replace(day=1)


@login_required
@require_GET
def tax_check(request: HttpRequest) -> HttpResponse:
    """The month's invoices that are still to be filed: how many are fit, and what is wrong with the others."""
    access = access_of(request.user)
    access.require("tax_filing", "view")
    here = access.current_company
    today = clock.today(at=clock.now(), zone=here.zone)
    month = _month(request, today)
    waiting = taxed_invoices(by=request.user).filter(tax_state="open")
    months = sorted({day.replace(day=1) for day in waiting.dates("date", "month")} | {month}, reverse=True)
    ids = list(_of_month(waiting, month).values_list("pk", flat=True))
    _seller, checked = checked_for_filing(company_id=here.id, invoice_ids=ids)
    fit = [one for one in checked if not one.faults]
    unfit = [shown for one in checked if (shown := _own_faults(one))]
    context = {
        "tabs": tax_tabs("tax_check"), "month": month, "months": months, "fit": len(fit), "most": MOST,
        "net": sum(line.net for one in fit for line in one.facts.lines),
        "tax": sum(line.tax for one in fit for line in one.facts.lines), "count": len(checked),
        "settings": _with_links(_settings_faults(checked), access),
        "unfit": [{**one, "faults": _with_links(one["faults"], access)} for one in unfit[:SHOWN]],
        "more": max(0, len(unfit) - SHOWN), "unfit_count": len(unfit),
        "may_create": access.allows("tax_filing", "create"), "may_record": access.allows("tax_filing", "record"),
        "currency": HOME,
    }  # fmt: skip
    return render(request, "invoicing/tax_check.html", context)


_MENDED_WITH = (
    ("/customers/", "customer", "change"), ("/settings/", "setting", "change"),
    ("/tax-invoices/rates", "tax_filing", "record"),
)  # fmt: skip
"""Which right takes what is mended below an address."""


def _with_links(faults: list[dict[str, Any]], access: Access) -> list[dict[str, Any]]:
    """The faults; the way to mend one leads there only for who may."""
    for fault in faults:
        for begin, kind, action in _MENDED_WITH:
            if fault["url"].startswith(begin) and not access.allows(kind, action):
                fault["url"] = ""
    return faults


def _settings_faults(checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """What is missing for all, each thing once, with how many invoices wait for it."""
    counts = Counter((fault, about) for one in checked for fault, about in one.faults if FAULTS[fault].of_all)
    return [{**fault_words(fault, about), "count": count} for (fault, about), count in counts.most_common()]


def _own_faults(one: Checked) -> dict[str, Any] | None:
    """An invoice with what is wrong with itself; None when there is nothing of the kind."""
    faults = [fault_words(fault, about, one.customer_id) for fault, about in one.faults if not FAULTS[fault].of_all]
    return {
        "id": one.id, "number": one.facts.number, "day": one.facts.day, "name": one.facts.buyer.name, "faults": faults,
        "takes_facts": any(fault["takes_facts"] for fault in faults),
    } if faults else None  # fmt: skip


def _of_month(rows: Any, month: date) -> Any:
    return rows.filter(date__gte=month, date__lte=end_of_month(month)).order_by("date", "number")


@login_required
@require_POST
def new_tax_file(request: HttpRequest) -> HttpResponse:
    """A file of the month's invoices that are fit: the first thousand; the next file takes the rest."""
    access = access_of(request.user)
    access.require("tax_filing", "create")
    here = access.current_company
    month = _month(request, clock.today(at=clock.now(), zone=here.zone))

    def deed() -> str:
        waiting = taxed_invoices(by=request.user).filter(tax_state="open")
        ids = list(_of_month(waiting, month).values_list("pk", flat=True))
        _seller, checked = checked_for_filing(company_id=here.id, invoice_ids=ids)
        fit = [one.id for one in checked if not one.faults][:MOST]
        if not fit:
            raise Invalid(gettext("No invoice of this month can be filed yet."))
        file = make_tax_file(company_id=here.id, invoice_ids=fit, by=request.user, at=clock.now())
        return reverse("invoicing:tax_file", args=[file.pk])

    return once(request, deed)


@login_required
@require_GET
def show_tax_file(request: HttpRequest, tax_file_id: UUID) -> HttpResponse:
    """A file: to be downloaded, uploaded in Coretax, and withdrawn if it was not taken."""
    access_of(request.user).require("tax_filing", "view")
    file = tax_file_for(file_id=tax_file_id, by=request.user)
    states: dict[str, int] = {}
    for status in file.filings.values_list("status", flat=True):
        states[status] = states.get(status, 0) + 1
    context = {
        "file": file, "person": user_names([file.created_by]).get(file.created_by, "") if file.created_by else "",
        "waiting": states.get("exported", 0), "filed": states.get("filed", 0), "tabs": tax_tabs("tax_files"),
        "may_create": may(request, "create"), "may_export": may(request, "export"),
        "may_record": may(request, "record") and access_of(request.user).allows("import", "create"),
    }  # fmt: skip
    return render(request, "invoicing/tax_file.html", context)


@login_required
@require_GET
def download_tax_file(request: HttpRequest, tax_file_id: UUID) -> HttpResponseBase:
    access_of(request.user).require("tax_filing", "export")
    file = tax_file_for(file_id=tax_file_id, by=request.user)
    return serve_file(
        request, sha256=file.file.sha256, media_type="application/xml", name=file.name, inline=False, download=True
    )


@login_required
@require_POST
def withdrawal(request: HttpRequest, tax_file_id: UUID) -> HttpResponse:
    tax_file_for(file_id=tax_file_id, by=request.user)

    def deed() -> str:
        count = withdraw_tax_file(file_id=tax_file_id, by=request.user, at=clock.now())
        text = ngettext("%(count)d invoice is to be filed again.", "%(count)d invoices are to be filed again.", count)
        messages.success(request, text % {"count": count})
        return reverse("invoicing:tax_file", args=[tax_file_id])

    return once(request, deed)


def _deed(name: str, act: Callable[[HttpRequest, UUID], None]) -> Any:
    """A POST that says something of one invoice's filing, once, and goes back to where it was said."""

    @login_required
    @require_POST
    def view(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
        see_invoice(invoice_id=invoice_id, by=request.user)

        def deed() -> str:
            act(request, invoice_id)
            messages.success(request, gettext("Saved."))
            back = request.POST.get("back", "")
            if back:
                return f"{reverse('invoicing:tax_check')}?month={_month(request, clock.now().date()):%Y-%m}"
            return reverse("invoicing:invoice", args=[invoice_id])

        return once(request, deed)

    view.__name__ = name
    return view


def _serial(request: HttpRequest, invoice_id: UUID) -> None:
    invoice = see_invoice(invoice_id=invoice_id, by=request.user)
    day = _day(request, "date")
    told = TaxSerialTold(invoice.number or "", request.POST.get("serial", ""), day)
    try:
        record_tax_serials(company_id=invoice.company_id, told=[told], by=request.user, at=clock.now())
    except Invalid as refusal:
        first = refusal.lines[0]
        raise Invalid(str(first["message"]), field="serial") from refusal


def _return(request: HttpRequest, invoice_id: UUID) -> None:
    day = _day(request, "date")
    if day is None:
        raise Invalid(gettext("Write the day of the nota retur."), field="date")
    record_buyer_return(
        credit_note_id=invoice_id, number=request.POST.get("number", ""), day=day, by=request.user, at=clock.now()
    )


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "")
    try:
        found = parse_date(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise Invalid(gettext("This is no day."), field=name)
    return found


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


def _slip(request: HttpRequest, invoice_id: UUID) -> None:
    day, typed = _day(request, "date"), request.POST.get("amount", "").strip()
    if day is None:
        raise Invalid(gettext("Write the day of the slip."), field="date")
    try:
        amount = formatting.parse_number(typed) if typed else None
    except ValueError as error:
        raise Invalid(gettext("“%(text)s” is not a number.") % {"text": typed[:30]}, field="amount") from error
    record_tax_slip(
        invoice_id=invoice_id, number=request.POST.get("number", ""), day=day, amount=amount, by=request.user,
        at=clock.now(),
    )  # fmt: skip


@login_required
@require_POST
def tax_slip_reversal(request: HttpRequest, tax_slip_id: UUID) -> HttpResponse:
    slip = tax_slip_for(slip_id=tax_slip_id, by=request.user)

    def deed() -> str:
        reverse_tax_slip(slip_id=tax_slip_id, reason=_reason(request), by=request.user, at=clock.now())
        messages.success(request, gettext("The slip is taken back; its tax is waited for again."))
        return reverse("invoicing:invoice", args=[slip.invoice_id])

    return once(request, deed)


tax_slip = _deed("tax_slip", _slip)
tax_serial = _deed("tax_serial", _serial)
buyer_return = _deed("buyer_return", _return)
tax_facts = _deed(
    "tax_facts", lambda request, key: _nothing(take_buyer_facts(invoice_id=key, by=request.user, at=clock.now()))
)
tax_cancellation = _deed(
    "tax_cancellation",
    lambda request, key: cancel_filing(invoice_id=key, reason=_reason(request), by=request.user, at=clock.now()),
)
tax_exclusion = _deed(
    "tax_exclusion",
    lambda request, key: leave_out_filing(invoice_id=key, reason=_reason(request), by=request.user, at=clock.now()),
)
tax_inclusion = _deed(
    "tax_inclusion", lambda request, key: take_in_filing(invoice_id=key, by=request.user, at=clock.now())
)


def _nothing(_answer: Any) -> None:
    return None
