from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.returns.errors import MoreThanAnnounced, NothingToReturn
from niaga.returns.models import Return, ReturnLine, SupplierAnswer, SupplierAnswerLine
from niaga.returns.queries.contents import taken_back
from niaga.returns.queries.supplier_costs import supplier_costs
from niaga.returns.rules.return_flow import return_flow
from niaga.returns.services.come_in import go_on, take_in
from niaga.returns.services.expect_credits import Expected, expect_credits
from niaga.returns.services.lock_return import lock_return

NOUGHT = Decimal(0)
_MOST = Decimal(10) ** 12
"""What a line is credited stays below."""


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """Of a return line, in its unit: taken back by the supplier, and refused. `amount` is what they credit for what
    they took back, in the company's own currency; None: what it cost. `lot` of what is kept by lot and comes to our
    warehouse, where several left with the line."""

    line_id: UUID
    accepted: Decimal = NOUGHT
    refused: Decimal = NOUGHT
    amount: Decimal | None = None
    lot: str = ""


@transaction.atomic
def record_supplier_answer(
    *, return_id: UUID, items: Sequence[AnswerItem], refused_to: str = "customer", is_last: bool = False,
    note: str = "", by: Actor, at: datetime,
) -> Return:  # fmt: skip
    """Write down what a supplier said of goods that the customer sent straight to them. What they took back is credited
    to the customer when the return is settled, and they owe us for it; our stock is not touched. What they refused goes
    back to the customer, or comes to our warehouse and is inspected there.

    When all is answered, or with `is_last` nothing more will come to them, the return goes on.

    :raises NotFound: no such return, or a named line is not one of it
    :raises Forbidden: the person may not receive; or names an amount and may not see what goods cost
    :raises WrongState: it is not authorized, or comes to our warehouse
    :raises Invalid: a line is named twice, or a figure that cannot be
    :raises NothingToReturn: nothing is named, and more is waited for
    :raises MoreThanAnnounced: more than was announced; each such line is answered
    :raises OtherLot: see `receive_return`
    :raises PeriodClosed: the books of today's month are closed
    """
    rma = lock_return(return_id=return_id, action="receive", by=by)
    if rma.status != "authorized" or rma.supplier_id is None:
        raise WrongState()
    found = ReturnLine.objects.filter(rma_id=rma.id).select_related("product", "unit").order_by("position")
    lines = {line.id: line for line in found}
    items = [one for one in items if one.accepted or one.refused]
    _check(items, lines, refused_to)
    if any(one.amount is not None for one in items):
        access_of(by).require("product", "see_cost", company_id=rma.company_id)
    if not items and (not is_last or not any(line.received for line in lines.values())):
        raise NothingToReturn(field="lines")

    costs = supplier_costs([lines[one.line_id] for one in items], {one.line_id: one.accepted for one in items},
                           currency=rma.company.currency)  # fmt: skip
    here = {one.line_id: one.refused for one in items if one.refused and refused_to == "warehouse"}
    goods = taken_back([lines[line_id] for line_id in here], here, {one.line_id: one.lot for one in items})
    batch, answer_id = Batch(), new_id()
    batch.insert(
        SupplierAnswer,
        [{"id": answer_id, "rma_id": rma.id, "note": note.strip()[:2000], "is_last": is_last, "by": by.id, "at": at}],
    )
    batch.insert(
        SupplierAnswerLine,
        [{"id": new_id(), "line_id": one.line_id, "accepted": one.accepted, "refused": one.refused,
          "refused_to": refused_to if one.refused else ""} for one in items],
        answer_id=answer_id,
    )  # fmt: skip
    expected = [
        Expected(one.line_id, one.accepted, costs.get(one.line_id, NOUGHT) if one.amount is None else one.amount)
        for one in items
        if one.accepted
    ]
    expect_credits(
        batch=batch, rma=rma, supplier_id=rma.supplier_id, expected=expected, answer_id=answer_id, by=by.id, at=at
    )
    told = {one.line_id: one for one in items}
    came = {line_id: _came(told.get(line_id)) for line_id in lines}
    is_done = is_last or all(line.received + came[line.id] == line.quantity for line in lines.values())
    _write_lines(batch, told, came, refused_to, is_done)
    if goods:
        take_in(batch=batch, rma=rma, goods=goods, lines=lines, by=by, at=at)
    go_on(batch=batch, rma=rma, is_done=is_done, part_verb="answer_part", note=note, by=by, at=at)
    batch.write()
    if is_done and not here and not any(line.undecided for line in lines.values()):
        after = Batch()
        move(batch=after, flow=return_flow, document=rma, move="inspect", by=by.id, at=at)
        after.write()
    return rma


def _check(items: Sequence[AnswerItem], lines: Mapping[UUID, ReturnLine], refused_to: str) -> None:
    if len({one.line_id for one in items}) != len(items) or refused_to not in ("customer", "warehouse"):
        raise Invalid(field="lines")
    over: list[dict[str, Any]] = []
    for one in items:
        line = lines.get(one.line_id)
        if line is None:
            raise NotFound(field="lines")
        if (
            min(one.accepted, one.refused) < 0
            or not 0 <= (one.amount or NOUGHT) < _MOST
            or any(figure != round(figure, line.unit.digits) for figure in (one.accepted, one.refused))
        ):
            raise Invalid(field="lines")
        room = line.quantity - line.received
        if _came(one) > room:
            over.append(
                {"line": line.position, "line_id": str(line.id), "wanted": _came(one), "available": room,
                 "description": line.description}
            )  # fmt: skip
    if over:
        raise MoreThanAnnounced(lines=over, field="lines")


def _came(one: AnswerItem | None) -> Decimal:
    return NOUGHT if one is None else one.accepted + one.refused


def _write_lines(
    batch: Batch, told: Mapping[UUID, AnswerItem], came: Mapping[UUID, Decimal], refused_to: str, is_done: bool
) -> None:
    rows = [
        {"id": line_id, "came": came[line_id], "accepted": told[line_id].accepted if line_id in told else NOUGHT,
         "back": told[line_id].refused if line_id in told and refused_to == "customer" else NOUGHT}
        for line_id in came
    ]  # fmt: skip
    values = {
        "received": "t.received + v.came", "at_supplier": "t.at_supplier + v.accepted",
        "sent_back": "t.sent_back + v.back",
    }  # fmt: skip
    batch.update_each(ReturnLine, rows, values={**values, **({"held": "t.received + v.came"} if is_done else {})})
