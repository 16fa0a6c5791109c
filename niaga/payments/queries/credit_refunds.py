"""What of a credit note can be paid out, out of which payments, and what was."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from niaga.invoicing.queries.allocations import allocations_of_invoices, paid_last
from niaga.organization.access import Actor, access_of
from niaga.payments.models import CreditRefund, Payment, PaymentRequest
from niaga.payments.rules.gateways import GATEWAYS


@dataclass(frozen=True, slots=True)
class Source:
    """A payment that settles an invoice: how much of it, and the way it came."""

    payment_id: UUID
    number: str
    amount: Decimal
    way: str
    invoice_id: UUID


def sources_of_note(note: Any) -> list[Source]:
    """What can go back of a credit note: the payments of the invoice it corrects; of one that corrects none, of what
    its customer paid last, so that nobody gets money who never paid any."""
    if note.credits_id is not None:
        return sources_of(invoice_ids=[note.credits_id], currency=note.currency)
    return sources_of(
        invoice_ids=paid_last(customer_id=note.customer_id, currency=note.currency), currency=note.currency
    )


def sources_of(*, invoice_ids: Collection[UUID], currency: str) -> list[Source]:
    """The payments that settle invoices now and can be given back, the newest first. Giros only once cleared."""
    settled: dict[UUID, list[tuple[UUID, Decimal]]] = {}
    for row in allocations_of_invoices(invoice_ids).filter(source_kind="payment"):
        if not row["of"]:
            settled.setdefault(row["source_id"], []).append((row["invoice_id"], row["sum"]))
    found = (
        Payment.objects.filter(pk__in=list(settled), status="recorded", currency=currency)
        .exclude(Q(method="giro", clearing=None))
        .order_by("-date", "-created_at", "-id")
    )
    online = {
        row.payment_id: row.method in GATEWAYS[row.account.kind].refundable
        for row in PaymentRequest.objects.filter(payment_id__in=list(settled)).select_related("account")
    }
    return [
        Source(one.id, one.number, amount, _way(one, online.get(one.id, False)), invoice_id)
        for one in found
        for invoice_id, amount in settled[one.id]
    ]


def _way(payment: Payment, gives_back_itself: bool) -> str:
    return "gateway" if gives_back_itself else "cash" if payment.method == "cash" else "transfer"


def shared_out(sources: Sequence[Source], amount: Decimal) -> list[tuple[Source, Decimal]]:
    """How much of each payment goes back: the newest first, never more than it settles."""
    parts = []
    for one in sources:
        part = min(one.amount, amount)
        if part > 0:
            parts.append((one, part))
            amount -= part
    return parts


def refunds_of_notes(note_ids: Collection[UUID], *, by: Actor) -> list[dict[str, Any]]:
    """The refunds that paid out credit notes, as far as the person may see payments."""
    access = access_of(by)
    if not note_ids or not access.allows("payment", "view"):
        return []
    rows: QuerySet[Any, Any] = CreditRefund.objects.filter(credit_note_id__in=list(note_ids)).order_by(
        "refund__created_at", "id"
    )
    return list(
        rows.values(
            "credit_note_id", "refund_id", number=F("refund__number"), amount=F("refund__amount"),
            currency=F("refund__currency"), status=F("refund__status"), way=F("refund__way"),
            payment=F("refund__payment__number"),
        )
    )  # fmt: skip
