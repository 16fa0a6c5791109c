from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.errors import CannotSplit
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.services.draft_order import NOT_IN_ORDERS
from niaga.sales.services.kept_line import kept_line, with_own_story
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.price_document import columns, price_document
from niaga.sales.services.replace_lines import replace_lines


@transaction.atomic
def split_line(
    *,
    order_id: UUID,
    line_id: UUID,
    quantity: Decimal,
    planned_date: date | None = None,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> SalesOrder:
    """Cut a line of a draft order in two at the same price: `quantity` stays, the rest comes on `planned_date`.

    :raises NotFound: no such order, or no such line in it
    :raises Forbidden: the person may not change it
    :raises WrongState: it is confirmed; amend it instead
    :raises CannotSplit: nothing would stay, or nothing would be split off
    """
    order = lock_order(order_id=order_id, action="change", by=by, version=version)
    if order.status != "draft":
        raise WrongState()
    stored = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))
    lines = []
    cut: SalesOrderLine | None = None
    rest_id = new_id()
    for line in stored:
        if line.id != line_id:
            lines.append(kept_line(line))
            continue
        if not 0 < quantity < line.quantity:
            raise CannotSplit(field="quantity")
        cut = line
        lines.append(kept_line(line, quantity=quantity))
        rest = kept_line(line, quantity=line.quantity - quantity, planned_date=planned_date)
        lines.append(replace(rest, id=rest_id))
    if cut is None:
        raise NotFound(field="line_id")
    context = document_context(branch_id=order.branch_id, at=at)
    customer = customer_facts(customer_id=order.customer_id)
    assert customer is not None
    result = price_document(
        context=context, customer=customer, on=order.date, lines=lines, currency=order.currency,
        discount_percent=order.discount_percent,
        discount_amount=Decimal(0) if order.discount_percent else order.discount_amount,
        promised={line.product_id for line in stored if line.product_id},
    )  # fmt: skip
    rows = with_own_story(result.rows, {**{line.id: line for line in stored}, rest_id: cut})
    batch = Batch()
    batch.update(
        SalesOrder, where={"id": order.id},
        values={**result.totals, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    replace_lines(
        batch=batch, model=SalesOrderLine, key="order_id", document_id=order.id,
        rows=columns(rows, without=NOT_IN_ORDERS),
    )  # fmt: skip
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="split_line", by=by.id, at=at,
        company_id=order.company_id,
        data={"line": cut.position, "description": cut.description, "quantity": [cut.quantity, quantity]},
    )  # fmt: skip
    batch.write()
    for name, value in result.totals.items():
        setattr(order, name, value)
    order.version += 1
    return order
