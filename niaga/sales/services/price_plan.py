from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.organization.access import Actor, access_of
from niaga.organization.queries.document_context import DocumentContext
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.sales.errors import BadLines, EmptyDocument, GoodsInPlan
from niaga.sales.models import RecurringPlan
from niaga.sales.rules.lines import LineInput, as_json
from niaga.sales.services.document_money import currency_for
from niaga.sales.services.price_document import price_document
from niaga.sales.services.selling_facts import AS_IT_IS, selling_facts

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class PricedPlan:
    """The lines of a plan, ready to be kept, and what a whole period comes to today."""

    customer: CustomerFacts
    context: DocumentContext
    lines: list[dict[str, Any]]
    currency: str
    total: Decimal


def price_plan(
    *, customer_id: UUID, branch_id: UUID, lines: Sequence[LineInput], currency: str = "", by: Actor, at: datetime
) -> PricedPlan:
    """Price what a plan bills in a whole period: at the typed prices, else those of the day. Two statements.

    :raises NotFound: no such customer
    :raises Forbidden: the person may not write the customer's invoices at this branch
    :raises EmptyDocument: no line with a product
    :raises GoodsInPlan: a line leaves a warehouse; each is answered
    :raises BadLines: some lines can never be right
    """
    customer, context = selling_facts(customer_id=customer_id, branch_id=branch_id, chosen=AS_IT_IS, at=at)
    plan = RecurringPlan(
        company_id=context.company_id, branch_id=branch_id, salesperson_id=customer.salesperson_id or by.id
    )
    access_of(by).require("invoice", "create", plan)
    if not any(line.is_priced for line in lines):
        raise EmptyDocument(field="lines")
    if len(lines) > MOST_LINES:
        raise BadLines(field="lines")
    money = currency_for(context, customer, wanted=currency)
    result = price_document(context=context, customer=customer, on=context.today, lines=lines, currency=money)
    goods, kept = [], []
    for place, (line, row) in enumerate(zip(lines, result.rows, strict=False), 1):
        product_id = row.get("product_id")
        if product_id is None:
            kept.append(as_json(line))
            continue
        if row["needs_stock"]:
            goods.append({"line": place, "message": str(GoodsInPlan.text)})
        product = result.products[product_id]
        kept.append(
            {**as_json(replace(line, product_id=product_id)), "name": product.name, "sku": product.sku}
        )  # fmt: skip
    if goods:
        raise GoodsInPlan(lines=goods)
    return PricedPlan(customer, context, kept, money, result.totals["total"])
