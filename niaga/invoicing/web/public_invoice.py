"""What the customer sees of an invoice through their link: what is owed, when and where to pay, and the PDF."""

from decimal import Decimal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.core.rules.terbilang import amount_in_words
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.public_look import public_look
from niaga.documents.registry import OpenedLink
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.services.print_paper import print_paper
from niaga.documents.web.serving import serve_pdf
from niaga.invoicing.queries.early_discounts import with_offer
from niaga.invoicing.queries.invoices import invoice_line_rows, whole_invoice
from niaga.invoicing.queries.late_fees import late_fee_of
from niaga.invoicing.registry import ways_to_pay
from niaga.invoicing.web.invoice_figures import shown_dues, shown_remarks, shown_totals
from niaga.invoicing.web.words import KINDS, payment_status, with_contents
from niaga.organization.access import SYSTEM


def public_invoice(request: HttpRequest, link: OpenedLink, rest: str) -> HttpResponseBase:
    """The page of an issued invoice, with `rest` `pdf` its PDF as it was first made, or a way to pay it."""
    at = clock.now()
    way = next((way for _name, way in ways_to_pay if rest.partition("/")[0] == way.path), None)
    if rest not in ("", "pdf") and way is None:
        raise NotFound()
    if rest == "pdf":
        paper = print_paper(kind="invoice", subject_id=link.subject_id, by=SYSTEM, at=at)
        return serve_pdf(paper.content, name=paper.name, download="download" in request.GET)
    invoice = whole_invoice(invoice_id=link.subject_id, by=SYSTEM, today=at.date())
    if invoice.status != "issued":
        raise NotFound()
    today = clock.today(at=at, zone=invoice.branch.zone)
    with_offer(invoice, on=today)
    if way is not None:
        return way.answer(request, link, invoice, rest)
    sender = company_print(company_id=invoice.company_id, currency=invoice.currency)
    lines = with_contents(invoice_line_rows(invoice_id=invoice.pk))
    context = {
        "invoice": invoice, "lines": lines, "totals": shown_totals(invoice, lines),
        "remarks": shown_remarks(invoice, lines), "sender": sender,
        "kind": KINDS[invoice.kind], "status": payment_status(invoice, today),
        "is_credit": invoice.kind == "credit_note",
        "dues": shown_dues(invoice, today) if invoice.kind != "credit_note" else [],
        "words": amount_in_words(invoice.total, invoice.currency, translation.get_language() or "id"),
        "look": public_look(
            PrintKind.CREDIT_NOTE if invoice.kind == "credit_note" else PrintKind.INVOICE, logo=sender.logo,
            company_id=invoice.company_id, customer_id=invoice.customer_id, branch_id=invoice.branch_id,
        ),
        "late_fee": late_fee_of(invoice, today),
        "pdf": f"/l/{link.token}/pdf", "nothing_open": invoice.open == Decimal(0),  # type: ignore[attr-defined]
    }  # fmt: skip
    shown = [(way.template, way.shown(request, link, invoice)) for _name, way in ways_to_pay]
    context["ways"] = [{"template": template, "told": told} for template, told in shown if told is not None]
    return render(request, "invoicing/public_invoice.html", context)
