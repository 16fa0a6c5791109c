"""Paying an invoice, and telling that it was paid."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from niaga.core import clock
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, Refusal
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.links import find_link
from niaga.documents.services.keep_links import keep_links
from niaga.invoicing.queries.early_discounts import with_offer
from niaga.invoicing.registry import ways_to_pay
from niaga.portal.queries.owed import invoice_of, reported
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.report_payment import report_payment
from niaga.portal.web import sent
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show
from niaga.ui.forms import once


@require_http_methods(["GET", "POST"])
@portal_page("pay", "invoice_id")
def pay(request: HttpRequest, visitor: Visitor, invoice_id: UUID) -> HttpResponse:
    """The ways to pay that the company offers, its accounts, and below “I have paid”."""
    at = clock.now()
    today = clock.today(at=at, zone=visitor.zone)
    invoice = with_offer(invoice_of(visitor, invoice_id, today=today), on=today)
    if invoice.kind == "credit_note":
        raise NotFound()
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return once(request, lambda: _report(request, visitor, invoice_id), principal_id=visitor.person_id)
        except Refusal as raised:
            refusal = raised
    typed = request.POST if request.method == "POST" else {"paid_on": today.isoformat()}
    facts = {
        "invoice": invoice, "today": today, "refusal": refusal, "typed": typed,
        "ways": _ways(request, visitor, invoice),
        "banks": company_print(company_id=visitor.company_id, currency=invoice.currency).banks,
        "told": bool(reported(visitor, [invoice.pk])), "to_pay": invoice.open > 0,
        "to_transfer": invoice.offer.pay if invoice.offer else invoice.open,
    }  # fmt: skip
    return show(request, visitor, "portal/pay.html", facts, place="invoices", status=422 if refusal else 200)


def _report(request: HttpRequest, visitor: Visitor, invoice_id: UUID) -> str:
    report_payment(
        visitor=visitor, invoice_id=invoice_id, amount=sent.amount(request) or Decimal(0),
        paid_on=sent.day(request, "paid_on"), bank=request.POST.get("bank", ""), text=request.POST.get("text", ""),
        files=sent.files(request), at=clock.now(),
    )  # fmt: skip
    return f"{reverse('portal:invoice', args=[invoice_id])}?said=reported"


def _ways(request: HttpRequest, visitor: Visitor, invoice: Any) -> list[dict[str, Any]]:
    """What gateways and QRIS offer; they answer at the invoice's public page, whose address lasts."""
    if invoice.open <= 0:
        return []
    at, batch = clock.now(), Batch()
    links = keep_links(
        batch=batch, subject_kind="invoice", subject_ids=[invoice.pk], company_id=visitor.company_id, by=None, at=at
    )
    batch.write()
    link = find_link(token=links[invoice.pk].rpartition("/")[2], at=at)
    shown = [(way.template, way.shown(request, link, invoice)) for _name, way in ways_to_pay]
    return [{"template": template, "told": told} for template, told in shown if told is not None]
