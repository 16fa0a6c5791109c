"""What an invoice in another currency comes to in the company's own, so that whatever is taken off, credited and given
back makes the whole.

Each figure is a difference of two running sums over what is issued: a credit note's of what is credited of its invoice
(a debit note's too, the other way), an advance's of what is gone of its down payment. Documents of a customer are
issued one after another, under the lock of the credit account, so the sums run in the order of issuing.
"""

from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, Sum, When

from niaga.core.money import base_share
from niaga.invoicing.models import Invoice, InvoiceKind
from niaga.ledger.rules.postings import BaseFigures
from niaga.organization.queries.exchange_rates import Exchange

_NAMES = ("net", "tax", "luxury_tax", "rounding")


def base_figures(invoice: Invoice, exchange: Exchange) -> BaseFigures:
    """Of an invoice that is being issued; the caller holds the lock of its customer's credit account."""
    before = dict.fromkeys(_NAMES, Decimal(0))
    way = -1 if invoice.kind == InvoiceKind.DEBIT_NOTE else 1
    if invoice.kind in (InvoiceKind.CREDIT_NOTE, InvoiceKind.DEBIT_NOTE):
        notes = Invoice.objects.filter(credits_id=invoice.credits_id, status="issued").order_by()
        again = Case(When(kind="debit_note", then=-1), default=1)
        sums = notes.aggregate(**{f"sum_{name}": Sum(F(name) * again) for name in _NAMES})
        before = {name: sums[f"sum_{name}"] or Decimal(0) for name in _NAMES}
    figures = {
        name: way * (exchange.in_base(done + way * getattr(invoice, name)) - exchange.in_base(done))
        for name, done in before.items()
    }
    if invoice.kind == InvoiceKind.DOWN_PAYMENT:
        advances = -figures["net"]
    else:
        advances = _gone(invoice.id, exchange.home) if invoice.advance_net else Decimal(0)
        if invoice.kind == InvoiceKind.CREDIT_NOTE:
            advances = -advances
            assert invoice.credits is not None
            if invoice.credits.kind == InvoiceKind.DOWN_PAYMENT:  # no revenue was made, so none is taken back
                figures["net"] = -advances
    return BaseFigures(total=exchange.in_base(invoice.total), advances=advances, **figures)


def _gone(invoice_id: UUID, home: str) -> Decimal:
    """What of the advances of down payments, at their own rates, is gone with this invoice; below zero: is back."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"id": invoice_id})
        rows = cursor.fetchall()
    gone = Decimal(0)
    for net, base, before, moved in rows:
        after = base_share(before + moved, whole=net, base_whole=base, home=home)
        gone += after - base_share(before, whole=net, base_whole=base, home=home)
    return gone


# A line that takes off names the down payment's line; a credit note's line names the line that it credits: the one
# that took off, or the down payment's own.
_MOVED = """
WITH mine AS (
  SELECT d.invoice_id AS id
    FROM invoicing_invoiceline x JOIN invoicing_invoiceline p ON p.id = x.credits_line_id
    JOIN invoicing_invoice i ON i.id = p.invoice_id
    JOIN invoicing_invoiceline d ON d.id = CASE WHEN i.kind = 'down_payment' THEN p.id ELSE p.credits_line_id END
   WHERE x.invoice_id = %(id)s::uuid GROUP BY 1
), touched AS (
  SELECT l.invoice_id AS down, x.invoice_id, x.net FROM mine JOIN invoicing_invoiceline l ON l.invoice_id = mine.id
    JOIN invoicing_invoiceline x ON x.credits_line_id = l.id
   UNION ALL
  SELECT l.invoice_id, y.invoice_id, y.net FROM mine JOIN invoicing_invoiceline l ON l.invoice_id = mine.id
    JOIN invoicing_invoiceline x ON x.credits_line_id = l.id
    JOIN invoicing_invoiceline y ON y.credits_line_id = x.id
), signed AS (
  SELECT t.down, t.invoice_id, CASE WHEN n.kind = 'credit_note' THEN t.net ELSE -t.net END AS net
    FROM touched t JOIN invoicing_invoice n ON n.id = t.invoice_id
   WHERE n.status = 'issued' OR n.id = %(id)s::uuid
)
SELECT d.net, -d.advance_base, coalesce(sum(s.net) FILTER (WHERE s.invoice_id <> %(id)s::uuid), 0),
       coalesce(sum(s.net) FILTER (WHERE s.invoice_id = %(id)s::uuid), 0)
  FROM signed s JOIN invoicing_invoice d ON d.id = s.down
 GROUP BY d.id, d.net, d.advance_base ORDER BY d.id
"""
