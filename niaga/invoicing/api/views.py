"""What several routers answer of invoices."""

from uuid import UUID

from django.http import HttpResponse

from niaga.core.api import etag
from niaga.core.clock import now, today
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.early_discounts import offer_of
from niaga.invoicing.queries.invoice_lots import lots_of_invoice
from niaga.invoicing.queries.invoices import get_invoice, invoice_lines
from niaga.invoicing.queries.tax_slips import tax_slips_of
from niaga.organization.access import Actor, access_of


def invoice_out(response: HttpResponse, *, invoice_id: UUID, by: Actor) -> Invoice:
    """The invoice with lines, dues and balance, as the API answers it.

    :raises NotFound: none, or none that `by` may see
    """
    day = today(at=now(), zone=access_of(by).current_company.zone)
    invoice = get_invoice(invoice_id=invoice_id, by=by, today=day)
    invoice.__dict__["line_rows"] = invoice_lines(invoice_id=invoice_id)
    lots = lots_of_invoice(invoice_id)
    for line in invoice.__dict__["line_rows"]:
        line.__dict__["lot_rows"] = list(lots.get(line.id, ()))
    invoice.__dict__["due_rows"] = list(invoice.dues.order_by("position")) if invoice.status == "issued" else []
    slips = list(tax_slips_of(invoice_id=invoice_id)) if invoice.tax_by_buyer else []
    invoice.__dict__["slip_rows"] = slips
    invoice.__dict__["offer"] = offer_of(invoice, on=day)
    response["ETag"] = etag(invoice.version)
    response["Location"] = f"/api/v1/invoices/{invoice.id}"
    return invoice
