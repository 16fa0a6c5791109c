from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.returns.errors import MoreThanCame, NothingToReturn, SupplierUnreachable
from niaga.returns.models import Outcome, Return, ReturnInspection, ReturnLine
from niaga.returns.queries.contents import goods_of
from niaga.returns.rules.return_flow import return_flow
from niaga.returns.services.expect_credits import Expected, expect_credits
from niaga.returns.services.lock_return import lock_return
from niaga.stock.queries.suppliers import suppliers_by_id
from niaga.stock.services.let_go_goods import LetGo, let_go_goods
from niaga.stock.services.move_stock import Booking

COLUMNS = {
    "restock": "restocked", "refurbish": "refurbishing", "scrap": "scrapped", "send_back": "sent_back",
    "to_supplier": "at_supplier",
}  # fmt: skip
_LEAVES = {"restock": "restock", "scrap": "scrap", "send_back": "return", "to_supplier": "to_supplier"}


@dataclass(frozen=True, slots=True)
class Finding:
    """So much of a return line, in its unit, goes there."""

    line_id: UUID
    outcome: str
    quantity: Decimal
    note: str = ""


@transaction.atomic
def inspect_return(
    *, return_id: UUID, findings: Sequence[Finding], from_refurbishing: bool = False, supplier_id: UUID | None = None,
    by: Actor, at: datetime,
) -> Return:  # fmt: skip
    """Say what becomes of goods that came: free for sale again, refurbished first, scrapped, sent back to the
    customer, or on to the supplier `supplier_id`, who owes us what they are worth. A line may be split. With
    `from_refurbishing` of goods whose refurbishing is over, settled or not.

    When all that came is decided the return can be settled.

    :raises NotFound: no such return, or a named line is not one of it
    :raises Forbidden: the person may not inspect
    :raises WrongState: its goods did not all come yet, or it is inspected; of refurbishing: it never was
    :raises NothingToReturn: nothing is named
    :raises SupplierUnreachable: something goes to a supplier who is not named, or was put away
    :raises MoreThanCame: more than came and is undecided; each such line is answered
    :raises PeriodClosed: the books of today's month are closed
    """
    rma = lock_return(return_id=return_id, action="inspect", by=by)
    if rma.status not in (("received", "inspected", "settled") if from_refurbishing else ("received",)):
        raise WrongState()
    lines = {line.id: line for line in ReturnLine.objects.filter(rma_id=rma.id).order_by("position")}
    findings = [one for one in findings if one.quantity]
    _check(findings, lines, from_refurbishing)
    if any(one.outcome == "to_supplier" for one in findings):
        _require_supplier(rma, supplier_id)
    sums: dict[UUID, dict[str, Decimal]] = {}
    for one in findings:
        figures = sums.setdefault(one.line_id, dict.fromkeys(COLUMNS.values(), Decimal(0)))
        figures[COLUMNS[one.outcome]] += one.quantity
        if from_refurbishing:
            figures["refurbishing"] -= one.quantity

    batch = Batch()
    batch.insert(
        ReturnInspection,
        [
            {"id": new_id(), "line_id": one.line_id, "outcome": one.outcome, "quantity": one.quantity,
             "from_refurbishing": from_refurbishing, "note": one.note.strip()[:200], "by": by.id, "at": at}
            for one in findings
        ],
    )  # fmt: skip
    batch.update_each(
        ReturnLine,
        [{"id": line_id, **figures} for line_id, figures in sums.items()],
        values={name: f"t.{name} + v.{name}" for name in COLUMNS.values()},
    )
    decided = {line_id: sum(figures.values(), Decimal(0)) for line_id, figures in sums.items()}
    if rma.status == "received" and all(line.undecided == decided.get(line.id, Decimal(0)) for line in lines.values()):
        move(batch=batch, flow=return_flow, document=rma, move="inspect", by=by.id, at=at)
    else:
        batch.update(Return, where={"id": rma.id}, values={"version": Sql("t.version + 1"), "updated_at": at})
        verb = "refurbished" if from_refurbishing else "inspect_part"
        record(
            batch=batch, subject_kind="return", subject_id=rma.id, verb=verb, by=by.id, at=at,
            company_id=rma.company_id,
        )  # fmt: skip
    batch.write()
    worth = _move_goods(rma, findings, lines, by, at)
    if worth and supplier_id is not None:
        _expect(rma, supplier_id, findings, worth, by, at)
    return rma


def _require_supplier(rma: Return, supplier_id: UUID | None) -> None:
    if supplier_id is None or supplier_id not in suppliers_by_id([supplier_id], company_id=rma.company_id):
        raise SupplierUnreachable(_("Say which supplier it goes to."), field="supplier_id")


def _expect(
    rma: Return, supplier_id: UUID, findings: Sequence[Finding], worth: Mapping[UUID, Decimal], by: Actor, at: datetime
) -> None:
    gone: dict[UUID, Decimal] = {}
    for one in findings:
        if one.outcome == "to_supplier":
            gone[one.line_id] = gone.get(one.line_id, Decimal(0)) + one.quantity
    batch = Batch()
    expected = [Expected(line_id, quantity, worth.get(line_id, Decimal(0))) for line_id, quantity in gone.items()]
    expect_credits(batch=batch, rma=rma, supplier_id=supplier_id, expected=expected, by=by.id, at=at)
    batch.write()


def _check(findings: Sequence[Finding], lines: dict[UUID, ReturnLine], from_refurbishing: bool) -> None:
    if not findings:
        raise NothingToReturn(field="lines")
    asked: dict[UUID, Decimal] = {}
    allowed = ("restock", "scrap") if from_refurbishing else tuple(Outcome.values)
    for one in findings:
        if one.line_id not in lines:
            raise NotFound(field="lines")
        if one.quantity < 0 or one.outcome not in allowed:
            raise Invalid(field="lines")
        asked[one.line_id] = asked.get(one.line_id, Decimal(0)) + one.quantity
    over: list[dict[str, Any]] = []
    for line_id, quantity in asked.items():
        line = lines[line_id]
        room = line.refurbishing if from_refurbishing else line.undecided
        if quantity > room:
            over.append(
                {"line": line.position, "line_id": str(line_id), "wanted": quantity, "available": room,
                 "description": line.description}
            )  # fmt: skip
    if over:
        raise MoreThanCame(lines=over, field="lines")


def _move_goods(
    rma: Return, findings: Sequence[Finding], lines: dict[UUID, ReturnLine], by: Actor, at: datetime
) -> dict[UUID, Decimal]:
    """What leaves quarantine does so now; what is refurbished stays. What went to a supplier was worth, by line."""
    goods: dict[tuple[UUID, UUID, str], Decimal] = {}
    for outcome, where in _LEAVES.items():
        parts: dict[UUID, Decimal] = {}
        for one in findings:
            if one.outcome == outcome:
                parts[one.line_id] = parts.get(one.line_id, Decimal(0)) + one.quantity
        for line, product_id, base in goods_of([lines[line_id] for line_id in parts], parts) if parts else ():
            goods[line.id, product_id, where] = base
    if not goods:
        return {}
    return let_go_goods(
        company_id=rma.company_id, warehouse_id=rma.warehouse_id, source_kind="return", source_id=rma.id,
        goods=[LetGo(line_id, product_id, base, where) for (line_id, product_id, where), base in goods.items()],
        by=by.id, at=at,
        booking=Booking(rma.branch_id, day_at(at=at, zone=rma.branch.zone), rma.number or "", rma.company.currency),
    )  # fmt: skip
