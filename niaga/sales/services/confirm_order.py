from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from niaga.approvals.queries.gate import gate_of
from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.catalog.rules.load import ToWeigh
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.flow import check_move, move
from niaga.core.outbox import announce
from niaga.core.queries.compiled import Compiled
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline
from niaga.pricing.services.take_points import take_points
from niaga.pricing.services.take_promotions import take_promotions
from niaga.sales.errors import EmptyDocument
from niaga.sales.events import OrderConfirmed
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.credit import standing_of, with_standing
from niaga.sales.queries.day_loads import days_of
from niaga.sales.queries.drop_ships import supplier_of_line
from niaga.sales.rules.flows import order_flow
from niaga.sales.rules.parts import short_figures, stocked
from niaga.sales.services.ask_suppliers import ToSend, ask_suppliers
from niaga.sales.services.check_approval import check_approval
from niaga.sales.services.check_capacity import check_capacity
from niaga.sales.services.check_credit import check_credit
from niaga.sales.services.check_prices import check_prices
from niaga.sales.services.document_money import bound_exchange
from niaga.sales.services.promise_waiting import promise_waiting
from niaga.sales.services.promoted_lines import taken
from niaga.stock.errors import OutOfStock
from niaga.stock.queries.capacity import has_capacity
from niaga.stock.services.reserve_stock import Shortages, Want, reserve_stock

Shortage = Literal["refuse", "backorder"]
_ORDER = Compiled(
    lambda order_id: with_standing(
        SalesOrder.objects.select_for_update(of=("self",)).select_related("branch", "company").filter(pk=order_id),
        facts=False,
    ).annotate(**gate_of("quotation_id"), has_capacity=has_capacity())
)
_LINES = Compiled(
    lambda order_id: (
        SalesOrderLine.objects.filter(order_id=order_id, product_id__isnull=False)
        .order_by("position")
        .values_list(
            "id",
            "position",
            "product_id",
            "description",
            "quantity",
            "factor",
            "needs_stock",
            "parts",
            "gift_of_id",
            "unit_id",
            "planned_date",
            supplier_of_line(),
        )
    )
)


@transaction.atomic
def confirm_order(
    *,
    order_id: UUID,
    by: Actor,
    at: datetime,
    shortage: Shortage = "refuse",
    shortage_by_line: Mapping[UUID, Shortage] | None = None,
    prices: Literal["check", "keep"] = "check",
    full_day: Literal["refuse", "over"] = "refuse",
    day_reason: str = "",
) -> SalesOrder:
    """Make the promise: check prices, stock and credit, hold the stock, and announce it.

    A line that is short is refused, or with `backorder` held as far as there is stock, the rest waiting. A bundle is
    held by the parts that stand on its line. A gift never stops an order: it waits. What a supplier sends straight to
    the customer is asked of them, and of no stock. Prices of a direct order are
    compared with today's; those of an accepted quotation were promised and stand.

    :raises NotFound: no such order
    :raises Forbidden: the person may not confirm it
    :raises WrongState: it is not a draft
    :raises EmptyDocument: it has no line with a product
    :raises RateMissing: it is in another currency, of which no exchange rate of the day is written
    :raises PricesChanged: prices differ from today's; nothing was changed
    :raises CreditOnHold, CreditOverdue, CreditExceeded: see `check_credit`
    :raises PromotionUsedUp: a limit of a coupon or promotion was reached, perhaps by another order a moment ago
    :raises TooFewPoints: the customer has not so many points, perhaps since another order used them a moment ago
    :raises ApprovalNeeded: a rule asks for a yes that it does not have
    :raises DayFull, ReasonMissing: see `check_capacity`
    :raises OutOfStock: a line is short and may not wait; each such line is answered
    :raises SupplierPutAway: the supplier chosen for a line was put away since; each such line is answered
    """
    order: SalesOrder | None = _ORDER.one(order_id)
    if order is None:
        raise NotFound()
    access_of(by).require("order", "confirm", order)
    check_move(order_flow, "confirm", order.status)
    today = day_at(at=at, zone=order.branch.zone)
    account = lock_credit_account(order.customer_id, on=today)
    lines = _LINES.rows(order.id)
    if not lines:
        raise EmptyDocument()
    # asked once: prices are compared at the rate that the order keeps, whoever writes another meanwhile
    exchange = bound_exchange(order, today) if order.currency != order.company.currency else None
    if prices == "check" and order.quotation_id is None:
        check_prices(order=order, today=today, exchange=exchange)
    bound = {"exchange_rate": order.exchange_rate, "base_total": order.total, "exposure": order.total}
    if exchange is not None:
        base_total = exchange.in_base(order.total)
        bound = {"exchange_rate": exchange.rate, "base_total": base_total, "exposure": base_total}
    for name, value in bound.items():
        setattr(order, name, value)
    check_credit(standing_of(order, today=today, figures=account), more=order.exposure, total=order.total)
    approved = check_approval(order, today=today)
    if order.__dict__["has_capacity"]:
        wanted = days_of(
            order.planned_date,
            ((day, ToWeigh(product_id, unit_id, quantity, factor, parts))
             for _id, _place, product_id, _text, quantity, factor, _needs, parts, _gift, unit_id, day, supplier in lines
             if supplier is None),
        )  # fmt: skip
        approved = {**approved, **check_capacity(
            order=order, wanted=wanted, over=full_day == "over", reason=day_reason, by=by, today=today
        )}  # fmt: skip

    batch = Batch()
    take_promotions(
        batch=batch, source_kind="order", source_id=order.id, number=order.number, customer_id=order.customer_id,
        wanted=taken(order.promotions), at=at,
    )  # fmt: skip
    take_points(
        batch=batch, source_kind="order", source_id=order.id, number=order.number, customer_id=order.customer_id,
        wanted=order.points_used, today=today, by=by.id, at=at,
    )  # fmt: skip
    move(
        batch=batch, flow=order_flow, document=order, move="confirm", by=by.id, at=at,
        values={"confirmed_at": at, "confirmed_date": today, **bound}, data=approved,
    )  # fmt: skip
    drop_waiting(batch=batch, subject_kind="order", subject_ids=[order.id], at=at)
    waits = shortage_by_line or {}
    wants = [
        Want(
            line_id,
            one,
            quantity * factor * each,
            waits.get(line_id, "backorder" if gift_of else shortage) == "backorder",
        )
        for line_id, _place, product_id, _text, quantity, factor, needs_stock, parts, gift_of, *_day, supplier in lines
        if supplier is None
        for one, each in stocked(product_id, needs_stock, parts).items()
    ]
    held = reserve_stock(
        batch=batch, company_id=order.company_id, warehouse_id=order.warehouse_id, source_kind="order",
        source_id=order.id, wants=wants, at=at,
    )  # fmt: skip
    direct = [
        ToSend(line_id, supplier, product_id, quantity, factor, day)
        for line_id, _place, product_id, _text, quantity, factor, *_kind, day, supplier in lines
        if supplier is not None
    ]
    batch.update_each(
        SalesOrderLine, [{"id": one.line_id, "direct": one.quantity} for one in direct], values={"direct": "v.direct"}
    )
    post_exposure(
        batch=batch,
        account_id=account.account_id,
        source_kind="order",
        source_id=order.id,
        orders=order.exposure,
        at=at,
    )
    write_timeline(
        batch=batch, customer_id=order.customer_id, company_id=order.company_id, kind="order.confirmed",
        subject_kind="order", subject_id=order.id, number=order.number, amount=order.total, currency=order.currency,
        actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch,
        event=OrderConfirmed(order.id, order.number, order.customer_id, order.currency, order.total),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    short = held.shortages(batch.write())
    if any(not may_wait for _want, _take, may_wait in short.values()):
        raise OutOfStock(lines=_answers(lines, short))
    if short:
        promise_waiting(order=order, at=at)
    ask_suppliers(order=order, lines=direct, by=by.id, at=at)
    order.confirmed_at, order.confirmed_date = at, today
    return order


def _answers(lines: list[Any], short: Shortages) -> list[dict[str, Any]]:
    """One answer per short line, in the line's unit: wanted and free, of a bundle also which parts are short."""
    answers = []
    for line_id, place, product_id, text, quantity, factor, needs_stock, parts, *_rest in lines:
        each = stocked(product_id, needs_stock, parts)
        missing = {one: short[line_id, one] for one in each if (line_id, one) in short}
        if missing:
            answers.append(
                {"line": place, "line_id": str(line_id), "product_id": str(product_id), "description": text,
                 "wanted": quantity, "choices": ["backorder", "remove"],
                 **short_figures(each, {one: (want, take) for one, (want, take, _wait) in missing.items()}, factor,
                                 parts)}
            )  # fmt: skip
    return answers
