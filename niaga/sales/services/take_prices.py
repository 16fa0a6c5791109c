from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import WrongState
from niaga.organization.access import Actor
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.services.draft_order import NOT_IN_ORDERS
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.price_document import columns, price_document
from niaga.sales.services.replace_lines import replace_lines
from niaga.sales.services.sign_prices import manual_steps, sign_prices


@transaction.atomic
def take_prices(*, order_id: UUID, by: Actor, at: datetime, version: int | None = None) -> SalesOrder:
    """Give a draft order today's prices and promotions, and its bundles today's parts. Prices that a person set by hand
    stay; coupons that open nothing any more go, and of its points those that can be used stay.

    :raises NotFound: no such order
    :raises Forbidden: the person may not change it
    :raises WrongState: it is confirmed, so its prices are promised
    """
    order = lock_order(order_id=order_id, action="change", by=by, version=version)
    if order.status != "draft":
        raise WrongState()
    context = document_context(branch_id=order.branch_id, at=at)
    customer = customer_facts(customer_id=order.customer_id)
    assert customer is not None
    stored = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))
    result = price_document(
        context=context, customer=customer, on=context.today, currency=order.currency, channel_id=order.channel_id,
        delivery_address=order.delivery_address,
        lines=[
            replace(kept_line(line), unit_price=line.unit_price if line.price_is_manual else None, kept=())
            for line in stored
        ],
        coupon_codes=order.coupon_codes, points=order.points_used, source_id=order.id, lenient=True,
        discount_percent=order.discount_percent,
        discount_amount=Decimal(0) if order.discount_percent else order.discount_amount,
    )  # fmt: skip
    rows = sign_prices(result.rows, by=by.id, at=at, before=manual_steps((line.id, line.steps) for line in stored))
    batch = Batch()
    batch.update(
        SalesOrder, where={"id": order.id},
        values={**result.totals, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    replace_lines(
        batch=batch, model=SalesOrderLine, key="order_id", document_id=order.id,
        rows=columns(rows, without=NOT_IN_ORDERS),
    )  # fmt: skip
    now = {row["id"]: row for row in rows}
    changed = [
        {
            "line": line.position,
            "description": line.description,
            "unit_price": [line.unit_price, now[line.id]["unit_price"]],
        }
        for line in stored
        if line.id in now and line.unit_price != now[line.id]["unit_price"]
    ]
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="take_prices", by=by.id, at=at,
        company_id=order.company_id, data={"total": [order.total, result.totals["total"]], "lines": changed},
    )  # fmt: skip
    batch.write()
    for name, value in result.totals.items():
        setattr(order, name, value)
    order.version += 1
    return order
