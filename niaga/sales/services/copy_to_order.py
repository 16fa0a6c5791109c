from datetime import date, datetime
from typing import Any
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch, Drawn, Sql
from niaga.sales.models import Quotation, QuotationLine, SalesOrder, SalesOrderLine
from niaga.sales.rules.asked_days import promised_day
from niaga.stock.errors import WarehouseMissing

_SAME = [
    str(column.column)
    for column in SalesOrderLine._meta.concrete_fields
    if column.attname in {same.attname for same in QuotationLine._meta.concrete_fields} and not column.primary_key
]
_TOTALS = (
    "currency", "prices_include_tax", "subtotal", "discount_percent", "discount_amount", "net", "other_tax_base", "tax",
    "luxury_tax", "rounding", "total", "tax_rounding", "tax_treatment", "coupon_codes", "promotions",
    "points_used", "points_amount", "exchange_rate", "base_total",
)  # fmt: skip


def copy_to_order(
    *,
    batch: Batch,
    quotation: Quotation,
    order_id: UUID,
    address: dict[str, Any],
    today: date,
    requested_date: date | None,
    by: UUID | None,
    at: datetime,
) -> Drawn:
    """Add the draft order of an accepted quotation to the batch: the lines that count, copied within the
    database. An order line has the key of the quotation line it came from.

    :raises WarehouseMissing: when the batch is written, the branch (or its company) has no warehouse
    """
    number = batch.draw(
        company_id=quotation.company_id, kind="order", period=str(today.year), prefix=f"SO-{today.year}-"
    )
    promised = promised_day(None, asked=requested_date, today=today)
    place = batch.sql(
        "place",
        "SELECT w.id FROM stock_warehouse w WHERE w.company_id = %s::uuid AND w.archived_at IS NULL"
        " ORDER BY w.branch_id = %s::uuid DESC, w.code LIMIT 1",
        [quotation.company_id, quotation.branch_id],
        expect=1,
        refusal=WarehouseMissing,
    )
    batch.insert(
        SalesOrder,
        [
            {
                **{name: getattr(quotation, name) for name in _TOTALS}, "id": order_id, "number": number,
                "company_id": quotation.company_id, "branch_id": quotation.branch_id,
                "warehouse_id": Sql(f"(SELECT id FROM {place})"), "quotation_id": quotation.id,
                "customer_id": quotation.customer_id, "contact_id": quotation.contact_id,
                "salesperson_id": quotation.salesperson_id, "channel_id": quotation.channel_id,
                "payment_term_id": quotation.payment_term_id, "delivery_address": address,
                "billing_address": quotation.billing_address, "date": today,
                "requested_date": requested_date, "planned_date": promised,
                "customer_reference": quotation.customer_reference, "note": quotation.note, "created_by": by,
                "created_at": at, "updated_at": at,
            }
        ],
    )  # fmt: skip
    own = {
        "order_id": "%s::uuid", "needs_stock": "coalesce(p.kind IN ('goods', 'bundle'), false)",
        # asked for later than the order is promised: that day is its own
        "planned_date": "CASE WHEN l.requested_date > coalesce(%s::date, %s::date) THEN l.requested_date END",
    }  # fmt: skip
    nought = ("in_delivery", "shipped", "invoiced", "cancelled", "direct")
    names = [*_SAME, *own, *nought, "id"]
    values = [*(f'l."{name}"' for name in _SAME), *own.values(), *("0" for _name in nought), "l.id"]
    batch.sql(
        "lines",
        f"INSERT INTO sales_salesorderline ({', '.join(names)}) SELECT {', '.join(values)} FROM sales_quotationline l"
        " LEFT JOIN catalog_product p ON p.id = l.product_id WHERE l.quotation_id = %s::uuid AND l.is_chosen"
        " RETURNING 1",
        [order_id, promised, today, quotation.id],
    )
    record(
        batch=batch, subject_kind="order", subject_id=order_id, verb="draft", by=by, at=at,
        company_id=quotation.company_id, to_status="draft", data={"quotation": quotation.number},
    )  # fmt: skip
    return number
