"""What a customer paid for a product before: the last price for every line of a grid, the history of one product.

A price is told in the unit it was sold in, before and after discounts: `net_price` is what one unit came to on the
paper, the line's discount and its share of the document's taken off.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import NullIf

from niaga.core.money import round_to
from niaga.core.queries.together import Question, ask
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.users import user_names
from niaga.sales.models import HistoricalSaleLine, QuotationLine, SalesOrderLine

PROMISED = ("confirmed", "closed")
OFFERED = ("sent", "declined", "expired")
"""Offers that did not become an order; an accepted one stands there as its order."""
PRICE_DIGITS = 6
GROUP_DAYS = 365
_PRICE = DecimalField(max_digits=38, decimal_places=12)


@dataclass(frozen=True, slots=True)
class PastPrice:
    """A price of one `unit`. `kind` is `order`, `quotation` or `historical_sale`; without `unit`, of the base unit."""

    kind: str
    document_id: UUID
    number: str
    status: str
    date: date
    product_id: UUID
    quantity: Decimal
    unit: str
    factor: Decimal
    currency: str
    price: Decimal
    net_price: Decimal
    discount_percent: Decimal
    discount_amount: Decimal
    salesperson_id: UUID | None
    who: str = ""

    def net_for(self, factor: Decimal) -> Decimal:
        """What a unit of so many base units came to."""
        return round_to(self.net_price * factor / self.factor, PRICE_DIGITS)


@dataclass(frozen=True, slots=True)
class GroupRange:
    """What other customers of the group were promised one base unit for, over a year, in the company's currency."""

    lowest: Decimal
    highest: Decimal
    customers: int


@dataclass(frozen=True, slots=True)
class PriceHistory:
    prices: list[PastPrice]
    group: GroupRange | None


def last_prices(
    *, customer_id: UUID | None, product_ids: Collection[UUID], by: Actor, but_for: UUID | None = None
) -> dict[UUID, dict[str, PastPrice]]:
    """The latest price the customer was promised each product at, by unit, the latest unit first. One statement.

    A sale from before Niaga speaks where no order does; the order `but_for`, which is being written, does not. The
    caller has checked that `by` may see the customer.
    """
    if customer_id is None or not product_ids:
        return {}
    orders, history = _orders(by, customer_id), _history(by, customer_id)
    if but_for is not None:
        orders = orders.exclude(order_id=but_for)
    found = ask(
        _prices(
            orders.filter(product_id__in=product_ids)
            .order_by("product_id", "unit_id", "-order__confirmed_date", "-order_id")
            .distinct("product_id", "unit_id")
        ),
        _prices(
            history.filter(product_id__in=product_ids)
            .order_by("product_id", "-sale__date", "-sale_id")
            .distinct("product_id")
        ),
    )
    prices: dict[UUID, dict[str, PastPrice]] = {}
    for one in sorted((price for part in found for price in part), key=_age, reverse=True):
        prices.setdefault(one.product_id, {}).setdefault(one.unit, one)
    return prices


def price_history(
    *, customer_id: UUID, group_id: UUID | None, product_id: UUID, today: date, by: Actor, limit: int = 10
) -> PriceHistory:
    """The customer's latest prices for a product, the newest first, and what others of their group were promised.

    Two statements: the prices, and the names of who sold. Only documents that `by` may see are told; the range is of
    what they may see too. The caller has checked that `by` may see the customer.
    """
    orders, offers, history = _orders(by, customer_id), _offers(by, customer_id), _history(by, customer_id)
    *parts, group = ask(
        _prices(orders.filter(product_id=product_id).order_by("-order__confirmed_date", "-order_id")[:limit]),
        _prices(offers.filter(product_id=product_id).order_by("-quotation__date", "-quotation_id")[:limit]),
        _prices(history.filter(product_id=product_id).order_by("-sale__date", "-sale_id")[:limit]),
        _of_group(customer_id, group_id, product_id, today, by),
    )
    prices = sorted((price for part in parts for price in part), key=_age, reverse=True)[:limit]
    names = user_names({one.salesperson_id for one in prices})
    named = [_named(one, names) for one in prices]
    return PriceHistory(named, group)


def _age(price: PastPrice) -> tuple[date, str]:
    return price.date, str(price.document_id)


def _named(price: PastPrice, names: Mapping[UUID, str]) -> PastPrice:
    columns = {name: getattr(price, name) for name in PastPrice.__dataclass_fields__}
    who = names.get(price.salesperson_id, "") if price.salesperson_id else ""
    return PastPrice(**{**columns, "who": who})


def _reach(by: Actor, kind: str, path: str) -> Q:
    return access_of(by).filter(
        kind, company=f"{path}__company_id", branch=f"{path}__branch_id", salesperson=f"{path}__salesperson_id"
    )


def _net(path: str, extra: Any) -> dict[str, Any]:
    """The columns that a document line and its header have alike, named as on `PastPrice`."""
    net = (F("amount") - F("document_discount")) / NullIf(F("quantity"), Value(Decimal(0)))
    return {
        "document": F(f"{path}_id"), "number": F(f"{path}__number"), "state": F(f"{path}__status"),
        "code": F("unit__code"), "money": F(f"{path}__currency"), "seller": F(f"{path}__salesperson_id"),
        "net_price": _as_price(net), **extra,
    }  # fmt: skip


def _as_price(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=_PRICE)


def _orders(by: Actor, customer_id: UUID) -> QuerySet[Any]:
    rows = SalesOrderLine.objects.filter(
        _reach(by, "order", "order"), order__customer_id=customer_id, order__status__in=PROMISED, quantity__gt=0
    )
    return rows.annotate(**_net("order", {"kind_of": Value("order"), "day": F("order__confirmed_date")}))


def _offers(by: Actor, customer_id: UUID) -> QuerySet[Any]:
    rows = QuotationLine.objects.filter(
        _reach(by, "quotation", "quotation"), quotation__customer_id=customer_id, quotation__status__in=OFFERED,
        quantity__gt=0,
    )  # fmt: skip
    return rows.annotate(**_net("quotation", {"kind_of": Value("quotation"), "day": F("quotation__date")}))


def _history(by: Actor, customer_id: UUID) -> QuerySet[Any]:
    """Lines as the old system had them: the base unit, one price after every discount."""
    price = F("amount") / NullIf(F("quantity"), Value(Decimal(0)))
    rows = HistoricalSaleLine.objects.filter(
        _reach(by, "historical_sale", "sale"), sale__customer_id=customer_id, quantity__gt=0
    )
    whole = (F("amount") + F("discount")) / NullIf(F("quantity"), Value(Decimal(0)))
    nought = Value(Decimal(0), output_field=_PRICE)
    return rows.annotate(
        document=F("sale_id"), number=F("sale__number"), state=Value("closed", output_field=CharField()),
        code=F("product__unit__code"), money=F("sale__currency"), seller=F("sale__salesperson_id"),
        kind_of=Value("historical_sale"), day=F("sale__date"), net_price=_as_price(price), unit_price=_as_price(whole),
        factor=Value(Decimal(1), output_field=_PRICE), discount_percent=nought, discount_amount=F("discount"),
    )  # fmt: skip


_COLUMNS = (
    "kind_of", "document", "number", "state", "day", "product_id", "quantity", "code", "factor", "money", "unit_price",
    "net_price", "discount_percent", "discount_amount", "seller",
)  # fmt: skip


def _prices(rows: QuerySet[Any]) -> Question[list[PastPrice]]:
    def tell(found: Sequence[Mapping[str, Any]]) -> list[PastPrice]:
        return [_price(row) for row in found]

    return Question(rows.values(*_COLUMNS), tell)


def _price(row: Mapping[str, Any]) -> PastPrice:
    kind, key, number, state, day, product_id, quantity, code, factor, currency, price, net, *rest = (
        row[name] for name in _COLUMNS
    )
    return PastPrice(
        kind, key, number, state, day, product_id, quantity, code or "", factor, currency,
        round_to(price, PRICE_DIGITS), round_to(net, PRICE_DIGITS), *rest,
    )  # fmt: skip


def _of_group(
    customer_id: UUID, group_id: UUID | None, product_id: UUID, today: date, by: Actor
) -> Question[GroupRange | None] | None:
    if group_id is None:
        return None
    net = (F("amount") - F("document_discount")) / NullIf(F("quantity") * F("factor"), Value(Decimal(0)))
    rows = SalesOrderLine.objects.filter(
        _reach(by, "order", "order"), order__customer__group_id=group_id, order__status__in=PROMISED,
        order__confirmed_date__gt=today - timedelta(days=GROUP_DAYS), order__currency=F("order__company__currency"),
        product_id=product_id, quantity__gt=0,
    ).exclude(order__customer_id=customer_id)  # fmt: skip

    def tell(found: Sequence[Mapping[str, Any]]) -> GroupRange | None:
        if not found or not found[0]["customers"]:
            return None
        row = found[0]
        return GroupRange(
            round_to(row["lowest"], PRICE_DIGITS), round_to(row["highest"], PRICE_DIGITS), row["customers"]
        )

    sums = rows.values("product_id").annotate(
        lowest=Min(_as_price(net)), highest=Max(_as_price(net)), customers=Count("order__customer_id", distinct=True)
    )
    return Question(sums.values("lowest", "highest", "customers"), tell)
