from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline
from niaga.returns.events import ReturnSettled
from niaga.returns.models import KeptGift, Return, ReturnCredit, ReturnCreditNote, ReturnLine, ReturnSettlement
from niaga.returns.queries.credits import Credit
from niaga.returns.queries.gifts import LackingGift
from niaga.returns.rules.return_flow import return_flow


@dataclass(frozen=True, slots=True)
class Settled:
    """How a return ended: by which move and way, what was credited by which notes, and what came of it besides."""

    verb: str
    way: str
    lines: Sequence[ReturnLine]
    credited: Sequence[Credit]
    notes: Sequence[Any]
    exchange_id: UUID | None
    waive_fees: bool
    note: str
    gifts: Sequence[LackingGift]
    codes: Sequence[str]


def write_settled(rma: Return, settled: Settled, *, by: Actor, at: datetime) -> None:
    """Write down how a locked return ended, and announce it."""
    credited, notes, codes = settled.credited, settled.notes, settled.codes
    batch = Batch()
    total = sum((one.total for one in notes), Decimal(0))
    move(
        batch=batch, flow=return_flow, document=rma, move=settled.verb, by=by.id, at=at, values={"settled_at": at},
        note=settled.note.strip(),
        data={
            "way": settled.way, "notes": [one.number for one in notes], "credited": str(total), "coupons": list(codes),
        },
    )  # fmt: skip
    batch.update_each(
        ReturnLine,
        [{"id": line.id, "held": line.kept if line.percent is None else Decimal(0)} for line in settled.lines],
        values={"held": "v.held"},
    )
    settlement_id = new_id()
    batch.insert(
        ReturnSettlement,
        [{"id": settlement_id, "rma_id": rma.id, "way": settled.way, "order_id": settled.exchange_id,
          "fees_waived": settled.waive_fees,
          "note": settled.note.strip()[:2000], "coupons": list(codes), "by": by.id, "at": at}],
    )  # fmt: skip
    batch.insert(
        KeptGift,
        [{"id": new_id(), "order_line_id": one.order_line_id, "quantity": one.quantity, "amount": one.worth}
         for one in settled.gifts],
        settlement_id=settlement_id,
    )  # fmt: skip
    batch.insert(
        ReturnCreditNote, [{"id": new_id(), "credit_note_id": one.id} for one in notes], settlement_id=settlement_id
    )
    batch.insert(
        ReturnCredit,
        [{"id": new_id(), "line_id": one.line.id, "quantity": one.quantity} for one in credited],
        settlement_id=settlement_id,
    )
    write_timeline(
        batch=batch, customer_id=rma.customer_id, company_id=rma.company_id, kind="return.settled",
        subject_kind="return", subject_id=rma.id, number=rma.number or "", amount=total, currency=rma.currency,
        actor_id=by.id, at=at,
    )  # fmt: skip
    told = tuple(
        {"order_line_id": str(one.line.order_line_id or ""), "product_id": str(one.line.product_id),
         "quantity": str(one.quantity), "reason": one.line.reason.code, "fault": one.line.reason.fault}
        for one in credited
    )  # fmt: skip
    announce(
        batch=batch, company_id=rma.company_id, by=by.id, at=at,
        event=ReturnSettled(
            rma.id, rma.number or "", rma.kind, rma.customer_id, rma.order_id, rma.salesperson_id, settled.way,
            rma.currency, total, tuple(one.id for one in notes), told,
        ),
    )  # fmt: skip
    batch.write()
