from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.organization.access import Actor, access_of
from niaga.sales.errors import EmptyDocument
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.asked_days import promised_day, with_promised_days
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.check_details import check_details
from niaga.sales.services.document_money import currency_for
from niaga.sales.services.draft_order import NOT_IN_ORDERS, OrderDetails
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.price_document import columns, price_document
from niaga.sales.services.replace_lines import replace_lines
from niaga.sales.services.selling_facts import selling_facts
from niaga.sales.services.sign_prices import sign_prices, signed_before
from niaga.stock.queries.warehouses import warehouse_for


@transaction.atomic
def update_order(
    *,
    order_id: UUID,
    version: int | None,
    customer_id: UUID | None = None,
    lines: Sequence[LineInput],
    details: OrderDetails,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Write a draft order anew: its lines as given, priced for the customer today.

    :raises NotFound: no such order, customer or warehouse, or a contact or address that is not the customer's
    :raises Forbidden: the person may not change it
    :raises StaleVersion: somebody saved since `version`
    :raises WrongState: it is no draft; a confirmed one is amended
    :raises EmptyDocument: no line with a product
    :raises BadLines: some lines can never be right
    :raises CouponRefused: a coupon opens nothing
    :raises TooFewPoints, PointsRefused: so many points cannot be used
    :raises CurrencyNotSold: the company does not sell in this currency
    :raises RateMissing: a price must be converted, and no exchange rate of the day is written
    """
    order = lock_order(order_id=order_id, action="change", by=by, version=version)
    if order.status != "draft":
        raise WrongState(_("Only a draft can be changed freely. Amend the confirmed order instead."))
    customer, context = selling_facts(
        customer_id=customer_id or order.customer_id, branch_id=order.branch_id, chosen=details, at=at
    )
    if not any(line.is_priced for line in lines):
        raise EmptyDocument(field="lines")
    check_details(details, company_id=order.company_id)
    warehouse_id = warehouse_for(
        company_id=order.company_id, branch_id=order.branch_id, warehouse_id=details.warehouse_id or order.warehouse_id
    )
    result = price_document(
        context=context, customer=customer, on=context.today, lines=lines, channel_id=details.channel_id,
        currency=currency_for(context, customer, wanted=details.currency, present=order.currency),
        discount_percent=details.discount_percent, discount_amount=details.discount_amount,
        coupon_codes=details.coupon_codes, points=details.points, source_id=order.id,
    )  # fmt: skip
    before = {"total": order.total, "customer_id": order.customer_id, "planned_date": order.planned_date,
              "requested_date": order.requested_date}  # fmt: skip
    values = {
        **result.totals, "customer_id": customer.id, "warehouse_id": warehouse_id, "contact_id": customer.contact_id,
        "salesperson_id": details.salesperson_id or order.salesperson_id,
        "channel_id": details.channel_id,
        "payment_term_id": details.payment_term_id or customer.payment_term_id,
        "delivery_address": customer.frozen_delivery_address(),
        "billing_address": customer.billing_address if details.billing_address_id else {},
        "date": context.today, "requested_date": details.requested_date,
        "planned_date": promised_day(details.planned_date, asked=details.requested_date, today=context.today),
        "customer_reference": details.customer_reference,
        "note": details.note, "version": order.version + 1, "updated_at": at,
    }  # fmt: skip
    for name, value in values.items():
        setattr(order, name, value)
    access_of(by).require("order", "change", order)  # not away from what the person may change
    before_hand = signed_before(SalesOrderLine, "order_id", order.id, result.rows)
    rows = with_promised_days(result.rows, order=order, today=context.today)
    rows = sign_prices(rows, by=by.id, at=at, before=before_hand)
    batch = Batch()
    batch.update(SalesOrder, where={"id": order.id}, values=values)
    replace_lines(
        batch=batch, model=SalesOrderLine, key="order_id", document_id=order.id,
        rows=columns(rows, without=NOT_IN_ORDERS),
    )  # fmt: skip
    after = {name: values[name] for name in before}
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="change", by=by.id, at=at,
        company_id=order.company_id,
        data={name: [before[name], after[name]] for name in before if before[name] != after[name]},
    )  # fmt: skip
    batch.write()
    return order
