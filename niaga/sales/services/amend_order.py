"""Changing a promise that stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from niaga.approvals.errors import NoApprovalNeeded
from niaga.approvals.queries.gate import has_rules
from niaga.approvals.services.ask_approval import ask_approval
from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline
from niaga.pricing.services.take_points import take_points
from niaga.pricing.services.take_promotions import take_promotions
from niaga.sales.errors import EmptyDocument, LineFixed
from niaga.sales.events import OrderChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.credit import standing_for
from niaga.sales.rules.amendment import Wish, figures, refused_change
from niaga.sales.rules.lines import LineInput, delivery_progress, invoice_progress
from niaga.sales.rules.parts import short_figures, stocked
from niaga.sales.services.check_approval import Passed, amendment_facts, passed, refusal_of, subject_of
from niaga.sales.services.check_credit import check_credit
from niaga.sales.services.held_parts import gaps, held_parts, to_release
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.line_fixed_text import line_fixed_text
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.price_amendment import KEPT_COLUMNS, price_amendment
from niaga.sales.services.promoted_lines import taken
from niaga.sales.services.selling_facts import AS_IT_IS, Choice, still_chosen
from niaga.sales.services.sign_prices import manual_steps, sign_prices
from niaga.stock.errors import OutOfStock
from niaga.stock.services.release_part import Surplus, release_part
from niaga.stock.services.reserve_stock import Want, reserve_stock

_PLACES = ("contact_id", "delivery_address", "billing_address")


@transaction.atomic
def amend_order(
    *,
    order_id: UUID,
    version: int | None,
    lines: Sequence[LineInput],
    by: Actor,
    at: datetime,
    planned_date: date | None = None,
    note: str | None = None,
    customer_reference: str | None = None,
    choice: Choice = AS_IT_IS,
    reason: str = "",
    shortage: Literal["refuse", "backorder"] = "backorder",
    instead: Literal["amend", "ask"] = "amend",
) -> SalesOrder:
    """Change a confirmed order: `lines` are all its lines as they shall be, those that stay by their id.

    A line keeps the price it was promised at, with what promotions took off it, unless another is given; a new line
    gets today's. Gifts stay, and so do the points it uses, as far as they fit; the others come back. Lines that an
    invoice names stay as they are. Stock is given back and held anew; a larger promise needs room under the credit
    limit.
    `choice` names another contact or place of the customer; deliveries that are drawn up keep theirs. What was before
    and after is kept in the audit trail. With `instead="ask"` nothing is changed: those whom the rules name are asked
    to let just this change by.

    :raises NotFound: no such order, or a contact or address that is not the customer's
    :raises Forbidden: the person may not amend it
    :raises StaleVersion: somebody saved since `version`
    :raises WrongState: it is not confirmed
    :raises ApprovalNeeded: it makes worse what a rule is about, and nobody said yes to that
    :raises NoApprovalNeeded, ApprovalAskedAlready, NobodyCanApprove: with `instead="ask"`, see `ask_approval`
    :raises LineFixed: deliveries or invoices name more than a line would keep; each such line is answered
    :raises BadLines: some lines can never be right
    :raises EmptyDocument: nothing would be left; cancel the order instead
    :raises CreditOnHold, CreditOverdue, CreditExceeded: the order grows, and `check_credit` does not let it
    :raises PromotionUsedUp: a new line would use a promotion of which nothing is left
    :raises OutOfStock: with `shortage="refuse"`, a line cannot be held; each such line is answered
    """
    order = lock_order(order_id=order_id, action="amend", by=by, version=version, gate=True)
    if order.status != "confirmed":
        raise WrongState()
    today = day_at(at=at, zone=order.branch.zone)
    account = lock_credit_account(order.customer_id, on=today)
    stored = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))
    known = {line.id: line for line in stored}
    gifts = [line for line in stored if line.gift_of_id is not None]
    theirs = [line for line in lines if line.id not in {gift.id for gift in gifts}]
    wanted = [*_own_ids(theirs, known), *(kept_line(gift) for gift in gifts)]
    _check_lines(stored, wanted)
    if not any(line.is_priced for line in wanted):
        raise EmptyDocument(field="lines")

    context = document_context(branch_id=order.branch_id, at=at)
    customer, chosen = still_chosen(customer_id=order.customer_id, document=order, named=choice)
    rows, totals = price_amendment(order=order, wanted=wanted, known=known, context=context, customer=customer)
    rows = sign_prices(rows, by=by.id, at=at, before=manual_steps((line.id, line.steps) for line in stored))
    growth = totals["total"] - order.total
    if growth > 0:
        standing = standing_for(order_id=order.id, today=today, figures=account)
        check_credit(standing, more=growth, total=totals["total"])

    approved: Passed = {}
    if has_rules(order):
        lacking, facts, holding = amendment_facts(order, stored=stored, rows=rows, total=totals["total"], today=today)
        if instead == "ask":
            subject = subject_of(order, amount=totals["total"])
            ask_approval(subject=subject, rules=lacking, facts=facts, note=reason, by=by, at=at)
            return order
        if lacking:
            raise refusal_of(order, lacking)
        approved = passed(holding)
    elif instead == "ask":
        raise NoApprovalNeeded()

    after = [_as_line(order, row, known) for row in rows]
    gone = [line.id for line in stored if line.id not in {row["id"] for row in rows}]
    delivered, invoiced = delivery_progress(after), invoice_progress(after)
    exposure = max(Decimal(0), order.exposure + growth)
    batch = Batch()
    take_promotions(
        batch=batch, source_kind="order", source_id=order.id, number=order.number, customer_id=order.customer_id,
        wanted=taken(totals["promotions"]), at=at, had=bool(order.promotions),
    )  # fmt: skip
    if totals["points_used"] != order.points_used:
        take_points(
            batch=batch, source_kind="order", source_id=order.id, number=order.number, customer_id=order.customer_id,
            wanted=totals["points_used"], today=today, by=by.id, at=at, had=True,
        )  # fmt: skip
    drop_waiting(batch=batch, subject_kind="order", subject_ids=[order.id], at=at)
    _write_lines(batch, order, rows, known, gone)
    values = {
        **totals, "exposure": exposure, "delivery_progress": delivered, "invoice_progress": invoiced,
        "planned_date": planned_date or order.planned_date,
        "note": order.note if note is None else note,
        "customer_reference": order.customer_reference if customer_reference is None else customer_reference,
        **(_places(customer, chosen) if choice != AS_IT_IS else {}),
        "version": Sql("t.version + 1"), "updated_at": at,
    }  # fmt: skip
    places = {name: [getattr(order, name), values[name]] for name in _PLACES if name in values}
    batch.update(SalesOrder, where={"id": order.id}, values=values)
    post_exposure(
        batch=batch, account_id=account.account_id, source_kind="order", source_id=order.id,
        orders=exposure - order.exposure, at=at,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="amend", by=by.id, at=at,
        company_id=order.company_id, from_status=order.status, to_status=order.status, note=reason,
        data=_story(order, stored, after, totals["total"]) | approved
        | {n: two for n, two in places.items() if two[0] != two[1]},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=order.customer_id, company_id=order.company_id, kind="order.amended",
        subject_kind="order", subject_id=order.id, number=order.number, amount=totals["total"],
        currency=order.currency, text=reason, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "amended"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    _hold(batch, order, stored, after, shortage, at)
    for name in values.keys() - {"version", "updated_at"}:
        setattr(order, name, values[name])
    order.version += 1
    return order


def _places(customer: CustomerFacts, chosen: Choice) -> dict[str, Any]:
    """The columns that say whom to speak to, where goods go and where the invoice."""
    billing = customer.billing_address if chosen.billing_address_id else {}
    place = customer.frozen_delivery_address()
    return {"contact_id": customer.contact_id, "delivery_address": place, "billing_address": billing}


def _own_ids(lines: Sequence[LineInput], known: Mapping[UUID, SalesOrderLine]) -> list[LineInput]:
    """Ids that are not the order's, or come twice, are new lines."""
    seen: set[UUID] = set()
    own = []
    for line in lines:
        if line.id is not None and line.id in known and line.id not in seen:
            seen.add(line.id)
            own.append(line)
        else:
            own.append(replace(line, id=new_id()))
    return own


def _check_lines(stored: Sequence[SalesOrderLine], wanted: Sequence[LineInput]) -> None:
    wishes = {line.id: line for line in wanted}
    places = {line.id: place for place, line in enumerate(wanted, 1)}
    faults = []
    for line in stored:
        wish = wishes.get(line.id)
        why = refused_change(
            line,
            None
            if wish is None
            else Wish(
                wish.product_id, wish.quantity if line.product_id else line.quantity, wish.unit_price,
                wish.discount_percent, wish.discount_amount,
            ),
        )  # fmt: skip
        if why:
            faults.append(
                {
                    "line": places.get(line.id, line.position), "line_id": str(line.id), "code": why,
                    "description": line.description, "message": line_fixed_text(why), "field": "quantity",
                    "delivered": line.in_delivery, "invoiced": line.invoiced,
                }
            )  # fmt: skip
    if faults:
        raise LineFixed(lines=faults)


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
) -> None:
    stay = [{name: row[name] for name in _CHANGED} for row in rows if row["id"] in known]
    if stay:
        own = {name: f"v.{name}" for name in _CHANGED if name not in ("id", "steps")}
        batch.update_each(SalesOrderLine, stay, values={**own, "steps": "v.steps::jsonb"}, refusal=LineFixed)
    batch.insert(
        SalesOrderLine, [row for row in rows if row["id"] not in known],
        order_id=order.id, **dict.fromkeys(KEPT_COLUMNS, Decimal(0)),
    )  # fmt: skip
    if gone:
        batch.sql(
            "gone",
            "DELETE FROM sales_salesorderline WHERE order_id = %s::uuid AND id = ANY(%s::uuid[]) AND in_delivery = 0"
            " AND invoiced = 0 RETURNING 1",
            [order.id, list(gone)],
            expect=len(gone),
            refusal=LineFixed,
        )


_CHANGED = (
    "id", "position", "description", "quantity", "list_price", "unit_price", "discount_percent", "discount_amount",
    "promotion_discount",
    "amount", "document_discount", "points_discount", "net", "other_tax_base", "tax_code", "tax_rate",
    "base_numerator", "base_denominator", "tax", "luxury_rate", "luxury_tax",
    "unit_cost", "planned_date", "price_is_manual", "unit_id", "factor", "steps",
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
    shortage: str,
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
        wants.append(Want(line_id, product_id, gap, not grown or shortage == "backorder"))
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
