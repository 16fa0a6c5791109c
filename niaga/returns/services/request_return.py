from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.queries.base_units import base_units
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.parties.services.write_timeline import write_timeline
from niaga.returns.errors import OverReturn
from niaga.returns.models import Return, ReturnLine, ReturnReason
from niaga.returns.queries.coming_back import coming_back
from niaga.returns.queries.policy import policy_of
from niaga.returns.rules.policy import Wanted, judge
from niaga.returns.services.check_items import ReturnItem, check_items
from niaga.sales.queries.returnable import last_shipped, lock_sold, sold_lines

WISHES = ("credit", "exchange", "refund")
SOURCES = ("page", "api", "portal", "receipt", "channel")


@transaction.atomic
def request_return(
    *,
    order_id: UUID,
    items: Sequence[ReturnItem],
    kind: str = "goods",
    wish: str = "credit",
    source: str = "page",
    asked_by: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> Return:
    """Ask that goods of an order come back, or that a part of their price does (`kind` claim). Nothing is decided yet.

    What is asked for counts against what was shipped from now on. The policy says of each line whether it fits.

    :raises NotFound: no such order, or a named line or reason is not one of it
    :raises Forbidden: the person may not ask for it
    :raises WrongState: the order is not confirmed
    :raises NothingToReturn: nothing is named
    :raises BadReturnLines: a line can never be right; each is answered
    :raises OverReturn: more than was shipped and is not on its way back; each such line is answered
    """
    order = lock_sold(order_id)
    access_of(by).require("return", "create", order)
    if order.status not in ("confirmed", "closed"):
        raise WrongState(_("Only of a confirmed order can something come back."))
    if kind not in ("goods", "claim") or wish not in WISHES or source not in SOURCES:
        raise Invalid()
    lines = {line.id: line for line in sold_lines(order.id)}
    reasons = {one.id: one for one in ReturnReason.objects.filter(company_id=order.company_id, archived_at=None)}
    is_claim = kind == "claim"
    rows = check_items(items, lines=lines, reasons=reasons, is_claim=is_claim)
    if not is_claim:
        _require_shipped(rows, lines)
    units = base_units([row["product_id"] for row in rows if row["part_each"] is not None])
    today = day_at(at=at, zone=order.branch.zone)
    verdicts = verdicts_of(order, rows, lines, today)
    rma = Return(
        id=new_id(), company_id=order.company_id, branch_id=order.branch_id, warehouse_id=order.warehouse_id,
        customer_id=order.customer_id, salesperson_id=order.salesperson_id, order_id=order.id,
        order_number=order.number, kind=kind, source=source, asked_by=asked_by.strip()[:120], wish=wish,
        currency=order.currency, date=today, note=note.strip()[:4000],
        outside_policy=not all(one["fits"] for one in verdicts), created_by=by.id, created_at=at, updated_at=at,
    )  # fmt: skip
    batch = Batch()
    batch.insert(Return, [{one.attname: getattr(rma, one.attname) for one in Return._meta.concrete_fields}])
    batch.insert(
        ReturnLine,
        [
            {**row, "verdict": verdict, "unit_id": units.get(row["product_id"], row["unit_id"])}
            for row, verdict in zip(rows, verdicts, strict=True)
        ],
        rma_id=rma.id,
    )
    record(
        batch=batch, subject_kind="return", subject_id=rma.id, verb="request", by=by.id, at=at,
        company_id=rma.company_id, to_status="requested", data={"source": source, "order": order.number},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=rma.customer_id, company_id=rma.company_id, kind="return.requested",
        subject_kind="return", subject_id=rma.id, number=order.number, actor_id=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return rma


def _require_shipped(rows: Sequence[Mapping[str, Any]], lines: Mapping[UUID, Any]) -> None:
    """:raises OverReturn: each line that would pass what was shipped is answered"""
    back = coming_back(list({row["order_line_id"] for row in rows}))
    whole: dict[UUID, Decimal] = {}
    for row in rows:
        if row["part_each"] is None:
            whole[row["order_line_id"]] = row["quantity"]
    over = []
    for row in rows:
        line, each = lines[row["order_line_id"]], row["part_each"] or Decimal(1)
        held = back.get(line.id)
        bundles = (held.whole if held else Decimal(0)) + (whole.get(line.id, Decimal(0)) if row["part_each"] else 0)
        in_parts = held.parts if held else {}
        taken = in_parts.get(row["product_id"], Decimal(0)) if row["part_each"] else held.most if held else Decimal(0)
        room = max((line.shipped - bundles) * each - taken, Decimal(0))
        if row["quantity"] > room:
            over.append(
                {"line": row["position"], "line_id": str(line.id), "wanted": row["quantity"], "available": room,
                 "description": row["description"]}
            )  # fmt: skip
    if over:
        raise OverReturn(lines=over, field="lines")


def verdicts_of(order: Any, rows: Sequence[Mapping[str, Any]], lines: Mapping[UUID, Any], today: date) -> list[Any]:
    """What the policy says of each row, which names order line, reason and condition."""
    rules, left = policy_of(order.company_id), last_shipped(order.id)
    return [
        judge(
            Wanted(
                order.customer.group_id, lines[row["order_line_id"]].product.category_id, row["reason_id"],
                row["condition"], max((today - left.get(row["order_line_id"], today)).days, 0),
            ),
            rules,
        ).as_json()
        for row in rows
    ]  # fmt: skip
