"""What a visitor can order again: what their customer ordered before, at the prices of now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from niaga.organization.queries.branches import head_branch
from niaga.parties.queries.customers import customer_for
from niaga.portal.models import PortalOrder
from niaga.portal.queries.visitors import Visitor
from niaga.sales.queries.ordered_before import OrderedBefore, ordered_before
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.document_money import currency_for
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.preview_lines import preview_lines
from niaga.sales.services.selling_facts import selling_facts
from niaga.stock.queries.availability import availability

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Again:
    """`price` of one unit for them today, before what promotions take off a whole order; None: it has none now.
    `is_there`: whether some of it lies free; None: that is not told."""

    before: OrderedBefore
    price: Decimal | None
    is_there: bool | None

    @property
    def key(self) -> str:
        return f"{self.before.product_id}.{self.before.unit}"


@dataclass(frozen=True, slots=True)
class Offer:
    lines: Sequence[Again]
    currency: str
    with_tax: bool


def branch_of(visitor: Visitor) -> UUID:
    """The customer's branch, else the head office."""
    customer = customer_for(visitor.actor, visitor.customer_id)
    return customer.branch_id or head_branch(visitor.company_id)


def offer_again(visitor: Visitor, *, shows_stock: bool, at: datetime) -> Offer:
    """The same number of statements however much it is."""
    known = ordered_before(company_id=visitor.company_id, customer_id=visitor.customer_id, most=MOST_SHOWN)
    customer, context = selling_facts(
        customer_id=visitor.customer_id, branch_id=branch_of(visitor), chosen=OrderDetails(), at=at
    )
    preview = preview_lines(
        context=context, customer=customer, on=context.today,
        lines=[LineInput(product_id=one.product_id, unit=one.unit) for one in known],
        currency=currency_for(context, customer, wanted=""),
    )  # fmt: skip
    rows = {(row["product_id"], row["position"]): row for row in preview.result.rows if row["product_id"]}
    free = availability(product_ids=[one.product_id for one in known], company_id=visitor.company_id)
    lines = []
    for place, one in enumerate(known, 1):
        row = rows.get((one.product_id, place))
        there = free.get(one.product_id)
        hint = None if not shows_stock or there is None else there.free > 0
        lines.append(Again(one, None if row is None else row["unit_price"], hint))
    totals = preview.result.totals
    return Offer(lines, totals["currency"], bool(totals["prices_include_tax"]))


def orders_asked(visitor: Visitor) -> QuerySet[Any, Any]:
    """What the customer's people ordered on these pages, the latest first."""
    rows = PortalOrder.objects.filter(customer_id=visitor.customer_id).order_by("-at", "-id")
    found: QuerySet[Any, Any] = rows.annotate(order_status=F("order__status"), quotation_status=F("quotation__status"))
    return found.select_related("order", "quotation")


def asked_lately(visitor: Visitor, *, at: datetime) -> int:
    return PortalOrder.objects.filter(customer_id=visitor.customer_id, at__gt=at - timedelta(hours=1)).count()


def waiting_drafts(visitor: Visitor) -> int:
    """What waits for the office."""
    mine = PortalOrder.objects.filter(customer_id=visitor.customer_id)
    return mine.filter(order__status="draft").count() + mine.filter(quotation__status="draft").count()
