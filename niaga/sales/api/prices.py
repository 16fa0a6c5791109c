"""What a customer paid before, and why a line costs what it does."""

from datetime import date as day
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from niaga.core.api import Number
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.queries.price_history import price_history
from niaga.sales.queries.why import why_invoice_line, why_order_line, why_quotation_line

router = Router(tags=["sales"])


class PastPriceOut(Schema):
    """A price of one `unit`. `kind` is `order`, `quotation` or `historical_sale`; `net_price` is after discounts."""

    kind: str
    document_id: UUID
    number: str
    status: str
    date: day
    quantity: Number
    unit: str
    factor: Number
    currency: str
    price: Number
    net_price: Number
    discount_percent: Number
    discount_amount: Number
    salesperson_id: UUID | None
    who: str


class GroupRangeOut(Schema):
    """What other customers of the group were promised one base unit for, over a year."""

    lowest: Number
    highest: Number
    customers: int


class PriceHistoryOut(Schema):
    prices: list[PastPriceOut]
    group: GroupRangeOut | None


class PriceHistoryQuery(Schema):
    product: UUID | None = Field(None, description="The product; needed.")


@router.get("/customers/{customer_id}/price-history", response=PriceHistoryOut, summary="Show what a customer paid")
def read_price_history(request: HttpRequest, customer_id: UUID, query: Query[PriceHistoryQuery]) -> Any:
    """The customer's last ten prices for a product, the newest first, from the documents you may see."""
    customer = customer_for(request.user, customer_id)
    if query.product is None:
        raise Invalid(_("Name a product."), field="product")
    today = day_at(at=now(), zone=access_of(request.user).current_company.zone)
    return price_history(
        customer_id=customer.pk, group_id=customer.group_id, product_id=query.product, today=today, by=request.user
    )


class WhyStep(Schema):
    """A step in words. `value` is what it came to, `unit` of what when it is the price of one unit."""

    code: str
    text: str
    value: str
    unit: str
    struck: bool
    note: str


class WhyOut(Schema):
    """`agrees`: the steps, computed again, give the figures of the line; null where they cannot be here."""

    document_id: UUID
    number: str
    currency: str
    description: str
    quantity: Number
    unit: str
    promised_number: str
    steps: list[WhyStep]
    agrees: bool | None
    cost: Number | None
    margin: Number | None

    @staticmethod
    def resolve_steps(why: Any) -> list[Any]:
        return list(why.sheet.steps)


@router.get(
    "/quotations/{quotation_id}/lines/{quotation_line_id}/why", response=WhyOut, summary="Explain a quotation's price"
)
def read_why_of_quotation_line(request: HttpRequest, quotation_id: UUID, quotation_line_id: UUID) -> Any:
    """Why a line costs what it does, in words of your language."""
    return why_quotation_line(quotation_id=quotation_id, line_id=quotation_line_id, by=request.user)


@router.get("/orders/{order_id}/lines/{order_line_id}/why", response=WhyOut, summary="Explain an order's price")
def read_why_of_order_line(request: HttpRequest, order_id: UUID, order_line_id: UUID) -> Any:
    """Why a line costs what it does, in words of your language."""
    return why_order_line(order_id=order_id, line_id=order_line_id, by=request.user)


@router.get("/invoices/{invoice_id}/lines/{invoice_line_id}/why", response=WhyOut, summary="Explain an invoice's price")
def read_why_of_invoice_line(request: HttpRequest, invoice_id: UUID, invoice_line_id: UUID) -> Any:
    """Why a line of an invoice or credit note costs what it does: by the order that promised it."""
    return why_invoice_line(invoice_id=invoice_id, line_id=invoice_line_id, by=request.user)
