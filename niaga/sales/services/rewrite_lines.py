from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.document_money import frozen_exchange
from niaga.sales.services.draft_order import NOT_IN_ORDERS
from niaga.sales.services.kept_line import with_own_story
from niaga.sales.services.price_document import columns, price_document
from niaga.sales.services.replace_lines import replace_lines


def rewrite_lines(
    *,
    order: SalesOrder,
    lines: Sequence[LineInput],
    origins: Mapping[UUID, SalesOrderLine],
    verb: str,
    data: dict[str, Any],
    by: UUID | None,
    at: datetime,
) -> None:
    """Write a locked draft's lines anew at the prices they have, and count the order again.

    `origins` gives the stored line that each line (by id) comes from; ids that the order did not have are new lines.
    """
    context = document_context(branch_id=order.branch_id, at=at)
    customer = customer_facts(customer_id=order.customer_id)
    assert customer is not None
    result = price_document(
        context=context, customer=customer, on=order.date, lines=lines, currency=order.currency,
        channel_id=order.channel_id, delivery_address=order.delivery_address,
        discount_percent=order.discount_percent,
        discount_amount=Decimal(0) if order.discount_percent else order.discount_amount,
        exchange=frozen_exchange(order, context), coupon_codes=order.coupon_codes, had=order.promotions, lenient=True,
        promised={line.product_id for line in origins.values() if line.product_id},
    )  # fmt: skip
    rows = with_own_story(result.rows, origins)
    batch = Batch()
    batch.update(
        SalesOrder, where={"id": order.id},
        values={**result.totals, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    replace_lines(
        batch=batch, model=SalesOrderLine, key="order_id", document_id=order.id,
        rows=columns(rows, without=NOT_IN_ORDERS), fresh=set(origins),
    )  # fmt: skip
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb=verb, by=by, at=at, company_id=order.company_id,
        data=data,
    )  # fmt: skip
    batch.write()
    for name, value in result.totals.items():
        setattr(order, name, value)
    order.version += 1
