from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.ledger.rules.postings import supplier_accepted
from niaga.ledger.services.post_entry import post_entry
from niaga.returns.models import Return, SupplierCredit


class Expected(NamedTuple):
    """For so much of a return line a supplier owes `amount`, in the company's own currency."""

    line_id: UUID
    quantity: Decimal
    amount: Decimal


def expect_credits(
    *, batch: Batch, rma: Return, supplier_id: UUID, expected: Sequence[Expected], answer_id: UUID | None = None,
    by: UUID | None, at: datetime,
) -> None:  # fmt: skip
    """Add what a supplier owes for goods of a locked return to the batch, and where they answered (`answer_id`) its
    posting: the cost of sales comes back. Of goods that left our stock the move itself posted it. What is worth nothing
    is not written.

    :raises PeriodClosed: when the batch is written, the books of today's month are closed
    """
    currency, today = rma.company.currency, day_at(at=at, zone=rma.branch.zone)
    owed = [one._replace(amount=round_amount(one.amount, currency)) for one in expected]
    owed = [one for one in owed if one.amount > 0]
    if not owed:
        return
    batch.insert(
        SupplierCredit,
        [{"id": new_id(), "line_id": one.line_id, "quantity": one.quantity, "amount": one.amount} for one in owed],
        company_id=rma.company_id, branch_id=rma.branch_id, rma_id=rma.id, supplier_id=supplier_id,
        answer_id=answer_id, date=today, by=by, at=at,
    )  # fmt: skip
    if answer_id is not None:
        post_entry(
            batch=batch, company_id=rma.company_id, branch_id=rma.branch_id, date=today, source_kind="supplier_answer",
            source_id=answer_id, number=rma.number or "", currency=currency,
            postings=supplier_accepted(sum((one.amount for one in owed), Decimal(0))), customer_id=None, by=by, at=at,
        )  # fmt: skip
