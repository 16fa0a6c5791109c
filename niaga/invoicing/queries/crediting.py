"""What of an invoice was credited, and what of a down payment was taken off later invoices."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.core.fields import AmountField
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.rules.crediting import FIGURES, Figures


class Credited(NamedTuple):
    """What of a line is in credit notes, less what debit notes claimed again. `discount` is what of its amount an
    early-payment discount took off: that is of no quantity."""

    quantity: Decimal
    figures: Figures
    discount: Decimal


NOTHING = Credited(Decimal(0), Figures(*[Decimal(0)] * len(FIGURES)), Decimal(0))
_AGAIN = Case(When(invoice__kind="debit_note", then=-1), default=1)


def credited_parts(invoice_id: UUID) -> dict[UUID, Credited]:
    """What of each line is in credit notes, drafts too, by line."""
    rows = InvoiceLine.objects.filter(
        credits_line__invoice_id=invoice_id, invoice__kind__in=("credit_note", "debit_note"),
        invoice__status__in=("draft", "issued"),
    )  # fmt: skip
    sums = rows.order_by().values_list("credits_line_id").annotate(
        sum=Sum("quantity"), discount=Sum(F("amount") * _AGAIN, filter=Q(quantity=0), default=Decimal(0)),
        **{f"sum_{name}": Sum(F(name) * _AGAIN) for name in FIGURES},
    )  # fmt: skip
    return {line_id: Credited(quantity, Figures(*figures), discount) for line_id, quantity, discount, *figures in sums}


def credited_net(path: str) -> Coalesce:
    """What of the net of the line that a row names at `path` is in credit notes, drafts too: a subquery."""
    rows = InvoiceLine.objects.filter(
        credits_line_id=OuterRef(path), invoice__kind__in=("credit_note", "debit_note"),
        invoice__status__in=("draft", "issued"),
    )  # fmt: skip
    sums = rows.order_by().values("credits_line_id").annotate(sum=Sum(F("net") * _AGAIN)).values("sum")
    return Coalesce(Subquery(sums), Value(Decimal(0)), output_field=AmountField())


def credited_total(invoice_id: UUID) -> Decimal:
    """The totals of an invoice's credit notes, drafts too, less those of debit notes, with the fees that were kept of
    them: what a fee took is not there to be credited again."""
    states = ("draft", "issued")
    rows = Invoice.objects.filter(credits_id=invoice_id, status__in=states)
    total = F("total") * Case(When(kind="debit_note", then=-1), default=1)
    fees = InvoiceLine.objects.filter(
        invoice__credits_id=invoice_id, invoice__kind="credit_note", invoice__status__in=states, credits_line=None
    ).aggregate(
        shown=Sum("amount", filter=Q(invoice__prices_include_tax=True)),
        taxed=Sum(F("net") + F("tax") + F("luxury_tax"), filter=Q(invoice__prices_include_tax=False)),
    )
    kept = sum((one for one in fees.values() if one is not None), Decimal(0))
    return (rows.aggregate(sum=Sum(total))["sum"] or Decimal(0)) - kept


def lock_issued_invoice(invoice_id: UUID) -> Invoice:
    """The issued invoice, locked against others who credit it; who only names it, as a dispute or a promise, need not
    wait. The verb checks access.

    :raises NotFound: no such invoice, or it is not issued, or a credit or debit note
    """
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("branch", "company")
    found = rows.filter(pk=invoice_id, status="issued").exclude(kind__in=("credit_note", "debit_note")).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class DownPaymentLeft:
    """What of a down payment's line was not yet taken off an invoice, nor credited. What an invoice took off is there
    again once a credit note of that invoice is issued."""

    line_id: UUID
    invoice_id: UUID
    number: str
    description: str
    tax_category_id: UUID | None
    tax_code: str
    tax_rate: Decimal
    base_numerator: int
    base_denominator: int
    luxury_rate: Decimal
    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    luxury_tax: Decimal
    rounding: Decimal

    @property
    def group(self) -> tuple[Any, ...]:
        """What is taxed alike."""
        return (self.tax_code, self.tax_rate, self.base_numerator, self.base_denominator, self.luxury_rate)


_LEFT = """
SELECT l.id, i.id, i.number, l.description, l.tax_category_id, l.tax_code, l.tax_rate, l.base_numerator,
       l.base_denominator, l.luxury_rate, l.net - coalesce(u.net, 0),
       l.other_tax_base - coalesce(u.other_tax_base, 0), l.tax - coalesce(u.tax, 0),
       l.luxury_tax - coalesce(u.luxury_tax, 0), CASE WHEN coalesce(u.net, 0) = 0 THEN i.rounding ELSE 0 END
  FROM invoicing_invoice i JOIN invoicing_invoiceline l ON l.invoice_id = i.id
  LEFT JOIN LATERAL (
    SELECT sum(s.sign * x.net) AS net, sum(s.sign * x.other_tax_base) AS other_tax_base, sum(s.sign * x.tax) AS tax,
           sum(s.sign * x.luxury_tax) AS luxury_tax
      FROM invoicing_invoiceline x JOIN invoicing_invoice n ON n.id = x.invoice_id
      LEFT JOIN invoicing_invoiceline m ON m.id = x.credits_line_id
     CROSS JOIN LATERAL (SELECT CASE WHEN n.kind = 'credit_note' THEN 1 ELSE -1 END AS sign) AS s
     WHERE (x.credits_line_id = l.id AND n.status IN ('draft', 'issued'))
        OR (m.credits_line_id = l.id AND n.kind = 'credit_note' AND n.status = 'issued')
  ) u ON true
 WHERE i.id = ANY(%s::uuid[]) AND i.kind = 'down_payment' AND i.status = 'issued' AND l.net <> 0
 ORDER BY i.issued_at, i.id, l.position
"""


def down_payments_left(*, invoice_ids: Collection[UUID]) -> list[DownPaymentLeft]:
    """What of these down payments is left to be taken off, the oldest first. The caller holds their orders' locks."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [list(invoice_ids)])
        return [left for row in cursor.fetchall() if (left := DownPaymentLeft(*row)).net > 0]


def lock_draft_invoice(invoice_id: UUID) -> Invoice:
    """An invoice, locked, to be discarded. The verb checks access and state.

    :raises NotFound: no such invoice
    """
    found = Invoice.objects.select_for_update().filter(pk=invoice_id).first()
    if found is None:
        raise NotFound()
    return found
