from datetime import datetime
from decimal import Decimal

from niaga.core.batch import Batch, Sql
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.services.draft_invoice import collected
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import TaxFormula

_SUMS = ("net", "other_tax_base", "tax", "luxury_tax")
NOUGHT = Decimal(0)


def lessen_fee_line(*, batch: Batch, invoice: Invoice, line: InvoiceLine, to: Decimal, at: datetime) -> bool:
    """Write another amount on a line of a locked draft fee invoice, with its tax and the invoice's sums; a line of
    nothing stays, so that the invoice shows what was let go. False: nothing would be left of the whole invoice."""
    rate = TaxRate(
        line.tax_rate, base_numerator=line.base_numerator, base_denominator=line.base_denominator,
        luxury_rate=line.luxury_rate,
    )  # fmt: skip
    taxed = TaxFormula(rate, invoice.currency).excluded(to)
    lines = list(InvoiceLine.objects.filter(invoice_id=invoice.pk).exclude(pk=line.pk))
    sums = {name: getattr(taxed, name) + sum((getattr(one, name) for one in lines), NOUGHT) for name in _SUMS}
    if not sums["net"]:
        return False
    batch.update(
        InvoiceLine,
        where={"id": line.pk},
        values={
            "list_price": to, "unit_price": to, "amount": to, **{name: getattr(taxed, name) for name in _SUMS}
        },
    )  # fmt: skip
    total = sums["net"] + sums["tax"] + sums["luxury_tax"]
    is_home = invoice.exchange_rate == 1
    codes = [*lines, line]
    figures = [
        {"tax": one.tax if one is not line else taxed.tax, "tax_code": one.tax_code,
         "luxury_tax": one.luxury_tax if one is not line else taxed.luxury_tax}
        for one in codes
    ]  # fmt: skip
    batch.update(
        Invoice,
        where={"id": invoice.pk, "status": "draft"},
        values={
            **sums, "subtotal": sums["net"], "total": total, "base_total": total if is_home else None,
            "tax_by_buyer": collected(figures) if is_home else NOUGHT, "version": Sql("t.version + 1"),
            "updated_at": at,
        },
    )  # fmt: skip
    return True
