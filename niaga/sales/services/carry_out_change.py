"""What an amendment needs to be let by, and what it writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.approvals.queries.gate import has_rules
from niaga.approvals.rules.gate import Rule
from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.catalog.rules.load import ToWeigh
from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.parties.rules.credit import CreditFigures
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline
from niaga.pricing.services.take_points import take_points
from niaga.pricing.services.take_promotions import take_promotions
from niaga.sales.errors import ChangeMade, LineFixed
from niaga.sales.events import OrderChanged
from niaga.sales.models import AskedChange, SalesOrder, SalesOrderLine
from niaga.sales.queries.credit import standing_for
from niaga.sales.queries.day_loads import days_of, to_leave
from niaga.sales.rules.amendment import figures
from niaga.sales.rules.day_notice import LineDay, changed_days, snapshot
from niaga.sales.rules.lines import delivery_progress, invoice_progress
from niaga.sales.rules.parts import leaves_here, short_figures, stocked
from niaga.sales.services.ask_suppliers import ask_suppliers
from niaga.sales.services.check_approval import amendment_facts, passed, refusal_of
from niaga.sales.services.check_capacity import check_capacity
from niaga.sales.services.check_credit import check_credit
from niaga.sales.services.document_money import in_base
from niaga.sales.services.held_parts import gaps, held_parts, to_release
from niaga.sales.services.note_day_change import note_day_change
from niaga.sales.services.order_change import Change, Shortage
from niaga.sales.services.price_amendment import KEPT_COLUMNS
from niaga.sales.services.promise_waiting import promise_waiting
from niaga.sales.services.promoted_lines import taken
from niaga.sales.services.straight_lines import grown_lines, straight_lines
from niaga.stock.errors import OutOfStock
from niaga.stock.services.release_part import Surplus, release_part
from niaga.stock.services.reserve_stock import Want, reserve_stock

_PLACES = ("contact_id", "delivery_address", "billing_address")


@dataclass(frozen=True, slots=True)
class Judged:
    """What rules say of a change: those without a yes, its figures, and those that hold."""

    lacking: Sequence[Rule] = ()
    facts: Mapping[str, Any] | None = None
    holding: Sequence[Rule] = ()


def judge_change(
    order: SalesOrder, *, stored: Sequence[SalesOrderLine], change: Change, account: CreditFigures, today: date
) -> Judged:
    """Ask finance's limit and the rules about a change of a locked order, its credit account locked too.

    :raises CreditOnHold, CreditOverdue, CreditExceeded: the order grows, and `check_credit` does not let it
    """
    total = change.totals["total"]
    growth = _growth(order, change)
    if growth > 0:
        standing = standing_for(order_id=order.id, today=today, figures=account)
        check_credit(standing, more=growth, total=total)
    if not has_rules(order):
        return Judged()
    return Judged(*amendment_facts(order, stored=stored, rows=change.rows, total=total, today=today))


def carry_out_change(
    *, order: SalesOrder, stored: Sequence[SalesOrderLine], change: Change, judged: Judged, account: CreditFigures,
    by: Actor, at: datetime, asked: AskedChange | None = None,
) -> SalesOrder:  # fmt: skip
    """Write a change of a locked order that was looked at. `asked` is the change that was kept, and is made now.

    :raises ApprovalNeeded: a rule has no yes
    :raises PromotionUsedUp: a new line would use a promotion of which nothing is left
    :raises LineFixed: a delivery or invoice took a line meanwhile
    :raises DayFull: a day that it had no line on is closed or full
    :raises OutOfStock: a line cannot be held and may not wait; each such line is answered
    :raises SupplierPutAway: a line became more whose supplier is not asked any more; each such line is answered
    :raises ChangeMade: the change that was asked is made already
    """
    if judged.lacking:
        raise refusal_of(order, judged.lacking)
    known = {line.id: line for line in stored}
    totals = change.totals
    after = [_as_line(order, row, known) for row in change.rows]
    direct = [
        *straight_lines([line for line in after if line.id not in known]),
        *grown_lines([line for line in after if line.id in known], known),
    ]
    gone = [line.id for line in stored if line.id not in {row["id"] for row in change.rows}]
    delivered, invoiced = delivery_progress(after), invoice_progress(after)
    exposure = max(Decimal(0), order.exposure + _growth(order, change))
    planned = change.header.get("planned_date", order.planned_date)
    had = days_of(order.planned_date, ((line.planned_date, to_leave(line)) for line in stored if leaves_here(line)))
    days = days_of(planned, ((line.planned_date, to_leave(line)) for line in after if leaves_here(line)))
    wanted = {day: lines for day, lines in days.items() if day not in had or _amount(lines) > _amount(had[day])}
    if wanted:  # what stays on its day is not asked about
        day = day_at(at=at, zone=order.branch.zone)
        check_capacity(order=order, wanted=wanted, over=False, reason="", by=by, today=day, had=had)
    batch = Batch()
    _note_days(batch, order, stored, after, planned, by, at)
    take_promotions(
        batch=batch, source_kind="order", source_id=order.id, number=order.number, customer_id=order.customer_id,
        wanted=taken(totals["promotions"]), at=at, had=bool(order.promotions),
    )  # fmt: skip
    if totals["points_used"] != order.points_used:
        take_points(
            batch=batch, source_kind="order", source_id=order.id, number=order.number, customer_id=order.customer_id,
            wanted=totals["points_used"], today=day_at(at=at, zone=order.branch.zone), by=by.id, at=at, had=True,
        )  # fmt: skip
    drop_waiting(batch=batch, subject_kind="order", subject_ids=[order.id], at=at)
    _write_lines(batch, order, change.rows, known, gone, {one.line_id: one.quantity for one in direct})
    values = {
        **totals, "exposure": exposure, "delivery_progress": delivered, "invoice_progress": invoiced,
        **change.header, "version": Sql("t.version + 1"), "updated_at": at,
    }  # fmt: skip
    places = {name: [getattr(order, name), values[name]] for name in _PLACES if name in values}
    batch.update(SalesOrder, where={"id": order.id}, values=values)
    post_exposure(
        batch=batch, account_id=account.account_id, source_kind="order", source_id=order.id,
        orders=exposure - order.exposure, at=at,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="amend", by=by.id, at=at,
        company_id=order.company_id, from_status=order.status, to_status=order.status, note=change.reason,
        data=_story(order, stored, after, totals["total"]) | passed(judged.holding)
        | ({"approval": str(asked.request_id)} if asked else {})
        | {n: two for n, two in places.items() if two[0] != two[1]},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=order.customer_id, company_id=order.company_id, kind="order.amended",
        subject_kind="order", subject_id=order.id, number=order.number, amount=totals["total"],
        currency=order.currency, text=change.reason, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "amended"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    if asked is not None:
        batch.update(
            AskedChange, where={"id": asked.pk, "made_at": Sql("IS NULL")},
            values={"made_at": at, "refused_at": None, "refusal": ""}, refusal=ChangeMade,
        )  # fmt: skip
    _hold(batch, order, stored, after, change.shortage, at)
    for name in values.keys() - {"version", "updated_at"}:
        setattr(order, name, values[name])
    order.version += 1
    promise_waiting(order=order, at=at)
    ask_suppliers(order=order, lines=direct, by=by.id, at=at)
    return order


def _amount(lines: Sequence[ToWeigh]) -> Decimal:
    """Base units of all lines: no more of them weigh no more, unless other goods came."""
    return sum((line.quantity * line.factor for line in lines), Decimal(0))


def _note_days(
    batch: Batch, order: SalesOrder, stored: Sequence[SalesOrderLine], after: Sequence[SalesOrderLine],
    planned: date | None, by: Actor, at: datetime,
) -> None:  # fmt: skip
    """Note that days promised of lines that stay change, for who is told of it."""
    days = [
        LineDay(line.id, line.description, line.planned_date or order.planned_date)
        for line in stored
        if line.product_id and line.shipped < line.quantity - line.cancelled
    ]
    if changed_days(snapshot(days), [LineDay(one.id, "", one.planned_date or planned) for one in after]):
        note_day_change(batch=batch, order=order, before=days, by=by.id, at=at)


def _growth(order: SalesOrder, change: Change) -> Decimal:
    """What the order grows by, in the company's own currency."""
    base_total: Decimal = change.totals["base_total"]
    return base_total - in_base(order, order.total)


def _as_line(order: SalesOrder, row: Mapping[str, Any], known: Mapping[UUID, SalesOrderLine]) -> SalesOrderLine:
    before = known.get(row["id"])
    kept = {name: getattr(before, name) if before is not None else Decimal(0) for name in KEPT_COLUMNS}
    return SalesOrderLine(order_id=order.id, **row, **kept)


def _write_lines(
    batch: Batch,
    order: SalesOrder,
    rows: Sequence[dict[str, Any]],
    known: Mapping[UUID, SalesOrderLine],
    gone: Sequence[UUID],
    direct: Mapping[UUID, Decimal],
) -> None:
    nought = dict.fromkeys(KEPT_COLUMNS, Decimal(0))
    stay = [
        {**{name: row[name] for name in _CHANGED}, "direct": direct.get(row["id"], Decimal(0))}
        for row in rows if row["id"] in known
    ]  # fmt: skip
    if stay:
        own = {name: f"v.{name}" for name in _CHANGED if name not in ("id", "steps")}
        values = {**own, "steps": "v.steps::jsonb", "direct": "t.direct + v.direct"}
        batch.update_each(SalesOrderLine, stay, values=values, refusal=LineFixed)
    batch.insert(
        SalesOrderLine,
        [{**row, **nought, "direct": direct.get(row["id"], Decimal(0))} for row in rows if row["id"] not in known],
        order_id=order.id,
    )
    if gone:
        batch.sql(  # what was cancelled fulfils nothing any more
            "unlinked",
            "DELETE FROM sales_orderlinedelivery k USING stock_deliveryline v, stock_delivery d"
            " WHERE k.order_line_id = ANY(%s::uuid[]) AND v.id = k.delivery_line_id AND d.id = v.delivery_id"
            " AND d.status = 'cancelled' RETURNING 1",
            [list(gone)],
        )
        batch.sql(
            "gone",
            "DELETE FROM sales_salesorderline l WHERE order_id = %s::uuid AND id = ANY(%s::uuid[]) AND in_delivery = 0"
            " AND direct = 0 AND invoiced = 0"
            " AND NOT EXISTS (SELECT 1 FROM sales_dropshipline x WHERE x.order_line_id = l.id)"
            " AND NOT EXISTS (SELECT 1 FROM sales_orderlineinvoice x WHERE x.order_line_id = l.id) RETURNING 1",
            [order.id, list(gone)],
            expect=len(gone),
            refusal=LineFixed,
        )


_CHANGED = (
    "id", "position", "description", "quantity", "list_price", "unit_price", "discount_percent", "discount_amount",
    "promotion_discount",
    "amount", "document_discount", "points_discount", "net", "other_tax_base", "tax_code", "tax_rate", "base_numerator",
    "base_denominator", "tax", "luxury_rate", "luxury_tax",
    "unit_cost", "planned_date", "requested_date", "price_is_manual", "unit_id", "factor", "steps",
)  # fmt: skip


def _story(
    order: SalesOrder, stored: Sequence[SalesOrderLine], after: Sequence[SalesOrderLine], total: Decimal
) -> dict[str, Any]:
    """Before and after of what changed, for the audit trail."""
    then, now = {line.id: line for line in stored}, {line.id: line for line in after}
    changed = []
    for line_id in dict.fromkeys([*then, *now]):
        old, new = then.get(line_id), now.get(line_id)
        before, later = figures(old) if old else None, figures(new) if new else None
        if before != later:
            named = new or old
            assert named is not None
            changed.append({"line": named.position, "description": named.description, "before": before, "after": later})
    return {"total": [order.total, total], "lines": changed}


def _hold(
    batch: Batch,
    order: SalesOrder,
    stored: Sequence[SalesOrderLine],
    after: Sequence[SalesOrderLine],
    shortage: Shortage,
    at: datetime,
) -> None:
    """Write the batch with what stock is given back, then hold what is wanted more.

    Two statements when something is given back: what one gives back the other may need.
    """
    held = held_parts(order_id=order.id)
    known = {line.id: line for line in after}
    before = {line.id: line for line in stored}
    missing = gaps(after, held)
    wants = []
    for (line_id, product_id), gap in missing.items():
        was, line = before.get(line_id), known[line_id]
        grown = was is None or line.quantity * line.factor > was.quantity * was.factor
        wants.append(
            Want(line_id, product_id, gap, not grown or line.gift_of_id is not None or shortage == "backorder")
        )
    parts = [
        Surplus(part.reservation_id, part.product_id, part.warehouse_id, take)
        for part, take in to_release(stored, after, held)
    ]
    if parts:
        release_part(batch=batch, parts=parts)
        batch.write()
    if not wants:
        batch.write()
        return
    answer = reserve_stock(
        batch=batch, company_id=order.company_id, warehouse_id=order.warehouse_id, source_kind="order",
        source_id=order.id, wants=wants, at=at,
    )  # fmt: skip
    short = answer.shortages(batch.write())
    refused = []
    for line in after:
        each = stocked(line.product_id, line.needs_stock, line.parts)
        lacking = {one: short[line.id, one] for one in each if (line.id, one) in short}
        if any(not may_wait for _want, _take, may_wait in lacking.values()):
            whole = {one: line.quantity * line.factor * each[one] for one in lacking}
            figures_of = {one: (whole[one], whole[one] - want + take) for one, (want, take, _wait) in lacking.items()}
            refused.append(
                {"line": line.position, "line_id": str(line.id), "description": line.description,
                 "wanted": line.quantity, **short_figures(each, figures_of, line.factor, line.parts)}
            )  # fmt: skip
    if refused:
        raise OutOfStock(lines=refused)
