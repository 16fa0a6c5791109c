"""What customers were charged for giros that the bank returned; what is usual; what the bank itself took."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from niaga.core.fields import AmountField
from niaga.core.queries.together import Question
from niaga.invoicing.queries.crediting import credited_net
from niaga.organization.access import Actor, access_of
from niaga.payments.models import GiroFee, GiroFeeSetting, GiroFeeWaiver, LineSettlement, Payment


def giro_fee_setting(company_id: UUID) -> GiroFeeSetting:
    """What is usual; where nobody said so: no amount, not chosen, without tax."""
    return GiroFeeSetting.objects.filter(company_id=company_id).first() or GiroFeeSetting(company_id=company_id)


def _with_left(rows: QuerySet[GiroFee]) -> QuerySet[Any]:
    waived = GiroFeeWaiver.objects.filter(fee_id=OuterRef("pk")).order_by().values("fee_id")
    sums = waived.annotate(total=Sum("amount")).values("total")
    return rows.annotate(
        waived=Coalesce(Subquery(sums), Value(Decimal(0)), output_field=AmountField()),
        left=F("amount") - credited_net("line_id"),
    )  # fmt: skip


def fee_left(fee_id: UUID) -> Decimal:
    """What of it is not credited, by a waiver or by hand, without tax; the caller holds the invoice's lock."""
    found: Decimal = _with_left(GiroFee.objects.filter(pk=fee_id)).values_list("left", flat=True).get()
    return found


def giro_fees(*, by: Actor) -> QuerySet[Any]:
    """Fees whose invoices the person may see, each with `waived` and what is `left`, without tax."""
    seen = access_of(by).filter(
        "invoice", company="company_id", branch="invoice__branch_id", salesperson="invoice__salesperson_id"
    )
    return _with_left(GiroFee.objects.filter(seen))


def giro_fee_of(payment_id: UUID, *, by: Actor) -> Question[Any]:
    """The fee of a payment's return, or None."""
    rows = giro_fees(by=by).filter(reversal__payment_id=payment_id)
    return Question(rows.values(*_TOLD), lambda found: found[0] if found else None)


def giro_fee_by(invoice_id: UUID, *, by: Actor) -> Question[Any]:
    """What an invoice charges for a returned giro, with the payment's number, or None."""
    rows = giro_fees(by=by).filter(invoice_id=invoice_id)
    return Question(rows.values(*_TOLD), lambda found: found[0] if found else None)


_TOLD = (
    "amount", "currency", "waived", "left", "invoice_id", "invoice__number", "invoice__total", "reversal__payment_id",
    "reversal__payment__number", "reversal__payment__reference",
)  # fmt: skip


def bank_fees_beside(payment: Payment, *, by: Actor) -> QuerySet[Any, Any]:
    """What the bank took for a returned giro, as its statement shows it and as it was booked: on the line of the
    return, and lines of fees alone on the bank's day in the same account. `amount` is below zero."""
    reversal = payment.reversal
    standing = LineSettlement.objects.filter(reverses=None, reversed_by=None)
    own = standing.filter(payment_id=payment.pk, kind__in=("giro_return", "tie"))
    returned = own.filter(kind="giro_return").values("line_id")
    account = Q(line__bank_account_id__in=own.values("line__bank_account_id"))
    if payment.bank_account_id is not None:
        account |= Q(line__bank_account_id=payment.bank_account_id)
    beside = account & Q(line__date=reversal.bank_date or reversal.date, line__amount=F("amount"))
    seen = access_of(by).filter("bank", company="company_id", branch=None, salesperson=None)
    rows = standing.filter(seen, Q(line_id__in=returned) | beside, role="bank_fees", amount__lt=0)
    return rows.order_by("line__date", "line_id").values(
        "line_id", "amount", day=F("line__date"), text=F("line__text"), currency=F("line__currency")
    )[:20]
