"""Invoices and payments as the customer sees them."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.core.queries.together import ask
from niaga.documents.services.print_paper import print_paper
from niaga.documents.web.serving import serve_pdf
from niaga.invoicing.queries.collection import open_dispute_of
from niaga.invoicing.queries.invoices import invoice_line_rows
from niaga.invoicing.queries.late_fees import late_fee_of
from niaga.invoicing.web.invoice_figures import shown_dues, shown_remarks, shown_totals
from niaga.invoicing.web.words import KINDS, payment_status, with_contents
from niaga.payments.web.words import METHODS, payment_state
from niaga.portal.queries.cases import cases_of
from niaga.portal.queries.owed import invoice_of, invoices_of, open_invoices, payment_of, payments_of, reported
from niaga.portal.queries.visitors import Visitor
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show
from niaga.portal.web.lists import page_of
from niaga.portal.words import KINDS as CASE_KINDS
from niaga.portal.words import STATES
from niaga.ui.lists import Status

REPORTED = Status(_("Payment told"), "calm", "hourglass")


def shown_invoices(rows: Sequence[Any], told: Collection[UUID], today: date) -> list[dict[str, Any]]:
    return [
        {"row": row, "kind": KINDS[row.kind], "status": payment_status(row, today),
         "told": REPORTED if row.pk in told else None}
        for row in rows
    ]  # fmt: skip


@require_safe
@portal_page("invoices")
def invoices(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    today = clock.today(at=clock.now(), zone=visitor.zone)
    everything = request.GET.get("show") == "all"
    further = ""
    if everything:
        rows, further = page_of(request, invoices_of(visitor, today=today))
    else:
        rows = list(open_invoices(visitor, today=today)[:200])
    facts = {
        "invoices": shown_invoices(rows, reported(visitor, [row.pk for row in rows]), today), "everything": everything,
        "further": further, "today": today,
    }  # fmt: skip
    return show(request, visitor, "portal/invoices.html", facts, place="invoices")


@require_safe
@portal_page("invoice", "invoice_id")
def invoice(request: HttpRequest, visitor: Visitor, invoice_id: UUID) -> HttpResponse:
    today = clock.today(at=clock.now(), zone=visitor.zone)
    found = invoice_of(visitor, invoice_id, today=today)
    lines = with_contents(invoice_line_rows(invoice_id=found.pk))
    cases = list(cases_of(visitor).filter(invoice_id=found.pk).order_by("-created_at", "-pk"))
    (dispute,) = ask(open_dispute_of(found.pk))
    is_credit = found.kind == "credit_note"
    facts = {
        "invoice": found, "lines": lines, "totals": shown_totals(found, lines), "today": today,
        "remarks": shown_remarks(found, lines), "kind": KINDS[found.kind], "status": payment_status(found, today),
        "is_credit": is_credit, "dues": [] if is_credit else shown_dues(found, today), "dispute": dispute,
        "cases": [{"row": row, "kind": CASE_KINDS[row.kind], "state": STATES[row.status]} for row in cases],
        "told": any(row.kind == "payment" and row.status == "open" for row in cases),
        "disputed": next((row for row in cases if row.kind == "dispute" and row.status == "open"), None),
        "to_pay": not is_credit and found.open > 0, "late_fee": late_fee_of(found, today),
    }  # fmt: skip
    return show(request, visitor, "portal/invoice.html", facts, place="invoices")


@require_safe
@portal_page("invoice_pdf", "invoice_id")
def invoice_pdf(request: HttpRequest, visitor: Visitor, invoice_id: UUID) -> HttpResponseBase:
    at = clock.now()
    found = invoice_of(visitor, invoice_id, today=at.date())
    return _pdf(request, visitor, "invoice", found.pk)


@require_safe
@portal_page("payments")
def payments(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    rows, further = page_of(request, payments_of(visitor))
    shown = [{"row": row, "status": payment_state(row), "method": METHODS[row.method].label} for row in rows]
    return show(request, visitor, "portal/payments.html", {"payments": shown, "further": further}, place="invoices")


@require_safe
@portal_page("receipt", "payment_id")
def receipt(request: HttpRequest, visitor: Visitor, payment_id: UUID) -> HttpResponseBase:
    """The receipt of a payment that holds."""
    found = payment_of(visitor, payment_id)
    if found.status != "recorded":
        raise NotFound()
    return _pdf(request, visitor, "payment", found.pk)


def _pdf(request: HttpRequest, visitor: Visitor, kind: str, subject_id: UUID, variant: str = "") -> HttpResponseBase:
    paper = print_paper(
        kind=kind, subject_id=subject_id, by=visitor.actor, at=clock.now(), language=get_language() or "id",
        variant=variant,
    )  # fmt: skip
    return serve_pdf(paper.content, name=paper.name, download="download" in request.GET)
