"""Saying that an invoice, or a line of it, is not right."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.invoicing.queries.invoices import invoice_line_rows
from niaga.portal.queries.owed import invoice_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.dispute_invoice import dispute_invoice
from niaga.portal.web import sent
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show
from niaga.portal.words import REASON_WORDS
from niaga.ui.forms import once


@require_http_methods(["GET", "POST"])
@portal_page("")
def dispute(request: HttpRequest, visitor: Visitor, invoice_id: UUID) -> HttpResponse:
    found = invoice_of(visitor, invoice_id, today=clock.today(at=clock.now(), zone=visitor.zone))
    if found.kind == "credit_note":
        raise NotFound()
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return once(request, lambda: _deed(request, visitor, invoice_id), principal_id=visitor.person_id)
        except Refusal as raised:
            refusal = raised
    chosen = request.POST.get("line") or request.GET.get("line", "")
    lines = [
        {"id": str(line["id"]), "name": line["description"], "chosen": str(line["id"]) == chosen}
        for line in invoice_line_rows(invoice_id=found.pk) if line["kind"] not in ("section", "note")
    ]  # fmt: skip
    facts = {
        "invoice": found, "lines": lines[:500], "reasons": REASON_WORDS.items(), "typed": request.POST,
        "refusal": refusal,
    }  # fmt: skip
    return show(request, visitor, "portal/dispute.html", facts, place="invoices", status=422 if refusal else 200)


def _deed(request: HttpRequest, visitor: Visitor, invoice_id: UUID) -> str:
    case_id = dispute_invoice(
        visitor=visitor, invoice_id=invoice_id, line_id=sent.key(request.POST.get("line")),
        reason=request.POST.get("reason", ""), amount=sent.amount(request), text=request.POST.get("text", ""),
        files=sent.files(request), at=clock.now(),
    )  # fmt: skip
    return f"{reverse('portal:case', args=[case_id])}?said=disputed"
