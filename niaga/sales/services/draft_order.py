from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.sales.errors import EmptyDocument
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.asked_days import promised_day, with_promised_days
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.check_details import check_details
from niaga.sales.services.document_money import currency_for
from niaga.sales.services.price_document import columns, price_document
from niaga.sales.services.selling_facts import selling_facts
from niaga.sales.services.sign_prices import sign_prices
from niaga.stock.queries.warehouses import warehouse_for

NOT_IN_ORDERS = ("is_optional", "is_chosen")


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What a person says of an order besides its lines. None: as the company and customer have it; no channel."""

    contact_id: UUID | None = None
    delivery_address_id: UUID | None = None
    billing_address_id: UUID | None = None
    salesperson_id: UUID | None = None
    channel_id: UUID | None = None
    payment_term_id: UUID | None = None
    warehouse_id: UUID | None = None
    planned_date: date | None = None
    """The day that is promised; None: the one asked for, while it is not over."""
    requested_date: date | None = None
    customer_reference: str = ""
    discount_percent: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)
    note: str = ""
    coupon_codes: Sequence[str] = ()
    points: int = 0
    """Loyalty points that pay a part of it."""
    currency: str = ""
    """Empty: the one the document has; of a new one the customer's, or the company's own."""


@transaction.atomic
def draft_order(
    *, customer_id: UUID, branch_id: UUID, lines: Sequence[LineInput], details: OrderDetails, by: Actor, at: datetime
) -> SalesOrder:
    """Write an order without a quotation, priced for the customer today. Nothing is promised before `confirm_order`.

    :raises NotFound: no such customer, branch or warehouse, or a contact or address that is not the customer's
    :raises Forbidden: the person may not write orders, or not for this customer
    :raises EmptyDocument: no line with a product
    :raises BadLines: some lines can never be right
    :raises CouponRefused: a coupon opens nothing
    :raises TooFewPoints, PointsRefused: so many points cannot be used
    :raises CurrencyNotSold: the company does not sell in this currency
    :raises RateMissing: a price must be converted, and no exchange rate of the day is written
    :raises WarehouseMissing: the company has no warehouse
    """
    customer, context = selling_facts(customer_id=customer_id, branch_id=branch_id, chosen=details, at=at)
    if not any(line.is_priced for line in lines):
        raise EmptyDocument(field="lines")
    check_details(details, company_id=context.company_id)
    warehouse_id = warehouse_for(company_id=context.company_id, branch_id=branch_id, warehouse_id=details.warehouse_id)
    result = price_document(
        context=context, customer=customer, on=context.today, lines=lines, channel_id=details.channel_id,
        discount_percent=details.discount_percent, discount_amount=details.discount_amount,
        coupon_codes=details.coupon_codes, points=details.points,
        currency=currency_for(context, customer, wanted=details.currency),
    )  # fmt: skip
    promised = promised_day(details.planned_date, asked=details.requested_date, today=context.today)
    order = SalesOrder(
        **result.totals, id=new_id(), company_id=context.company_id, branch_id=branch_id, warehouse_id=warehouse_id,
        customer_id=customer_id, contact_id=customer.contact_id,
        salesperson_id=details.salesperson_id or customer.salesperson_id or by.id, channel_id=details.channel_id,
        payment_term_id=details.payment_term_id or customer.payment_term_id,
        delivery_address=customer.frozen_delivery_address(),
        billing_address=customer.billing_address if details.billing_address_id else {}, date=context.today,
        planned_date=promised, requested_date=details.requested_date,
        customer_reference=details.customer_reference, note=details.note,
        created_by=by.id, created_at=at, updated_at=at,
    )  # fmt: skip
    access_of(by).require("order", "create", order)
    rows = with_promised_days(result.rows, order=order, today=context.today)
    rows = sign_prices(rows, by=by.id, at=at, before={})
    batch = Batch()
    year = context.today.year
    number = batch.draw(company_id=context.company_id, kind="order", period=str(year), prefix=f"SO-{year}-")
    row = {column.attname: getattr(order, column.attname) for column in SalesOrder._meta.concrete_fields}
    batch.insert(SalesOrder, [{**row, "number": number}])
    batch.insert(SalesOrderLine, columns(rows, without=NOT_IN_ORDERS), order_id=order.id)
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="draft", by=by.id, at=at,
        company_id=context.company_id, to_status="draft",
    )  # fmt: skip
    order.number = batch.write()[number]
    return order
