"""What collectors pay to the state of the tax on our invoices, and the slips that prove it."""

from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, CharField, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.invoicing.models import Invoice, TaxSlip
from niaga.organization.access import Actor, access_of
from niaga.pricing.rules.tax_remarks import COLLECTORS

_MONEY = DecimalField(max_digits=19, decimal_places=4)


class SlipLeft(NamedTuple):
    """What no slip proves yet, less what credit notes took back."""

    tax: Decimal
    luxury_tax: Decimal

    @property
    def amount(self) -> Decimal:
        return self.tax + self.luxury_tax


_LEFT = """
SELECT sum(g.sign * l.tax) - (SELECT coalesce(sum(s.amount - s.luxury_tax), 0) FROM invoicing_taxslip s
                             WHERE s.invoice_id = %(invoice)s::uuid AND s.reversed_at IS NULL),
       sum(g.sign * l.luxury_tax) - (SELECT coalesce(sum(s.luxury_tax), 0) FROM invoicing_taxslip s
                                    WHERE s.invoice_id = %(invoice)s::uuid AND s.reversed_at IS NULL)
  FROM invoicing_invoice i
  JOIN invoicing_invoiceline l ON l.invoice_id = i.id AND l.tax_code = ANY(%(codes)s)
 CROSS JOIN LATERAL (SELECT CASE WHEN i.kind = 'credit_note' THEN -1 ELSE 1 END AS sign) g
 WHERE i.status = 'issued' AND i.tax_by_buyer > 0
   AND (i.id = %(invoice)s::uuid OR (i.credits_id = %(invoice)s::uuid AND i.kind IN ('credit_note', 'debit_note')))
"""


def slip_left(*, invoice_id: UUID) -> SlipLeft:
    """What is left of an issued invoice. The caller holds the lock of its balance."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"invoice": invoice_id, "codes": list(COLLECTORS)})
        tax, luxury = cursor.fetchone()
    return SlipLeft(max(tax or Decimal(0), Decimal(0)), max(luxury or Decimal(0), Decimal(0)))


def with_slip_state(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotates invoices with `slip_left` and `slip_state`: `none`, `missing` or `complete`."""
    notes = Invoice.objects.filter(credits_id=OuterRef("pk"), status="issued")
    sign = Case(When(kind="debit_note", then=-1), default=1)
    slips = TaxSlip.objects.filter(invoice_id=OuterRef("pk"), reversed_at=None)

    def total(found: QuerySet[Any], key: str, column: Any) -> Coalesce:
        sums = found.order_by().values(key).annotate(sum=Sum(column)).values("sum")
        return Coalesce(Subquery(sums), Value(Decimal(0)), output_field=_MONEY)

    left = (
        F("tax_by_buyer") - total(notes, "credits_id", F("tax_by_buyer") * sign) - total(slips, "invoice_id", "amount")
    )
    unproved = Case(When(tax_by_buyer=0, then=Value(Decimal(0))), default=left, output_field=_MONEY)
    state = Case(
        When(tax_by_buyer=0, then=Value("none")),
        When(slip_left__gt=0, then=Value("missing")),
        default=Value("complete"),
        output_field=CharField(),
    )
    found: QuerySet[Any, Any] = rows.annotate(slip_left=unproved).annotate(slip_state=state)
    return found


def tax_slips_of(*, invoice_id: UUID) -> QuerySet[TaxSlip]:
    """The slips of an invoice that the caller may see, reversed ones too, the first recorded first."""
    return TaxSlip.objects.filter(invoice_id=invoice_id).order_by("recorded_at", "id")


def tax_slip_for(*, slip_id: UUID, by: Actor) -> TaxSlip:
    """:raises NotFound: there is none, or not for this person"""
    seen = access_of(by).filter("tax_filing", branch=None, salesperson=None)
    found = TaxSlip.objects.filter(seen, pk=slip_id).first()
    if found is None:
        raise NotFound()
    return found
