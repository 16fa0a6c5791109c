"""A document's money beside the company's own: its rate, prices and costs turned into its currency, its base total."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from niaga.catalog.queries.product_facts import ProductFacts
from niaga.organization.errors import RateMissing
from niaga.organization.queries.document_context import DocumentContext
from niaga.organization.queries.exchange_rates import Exchange, exchange_in
from niaga.pricing.rules.converted import converted
from niaga.pricing.rules.priced import PricedDocument
from niaga.pricing.rules.request import Conversion


@dataclass(frozen=True, slots=True)
class DocumentMoney:
    """`exchange` is None for a currency of which no rate is known: nothing is converted then, and never as 1."""

    currency: str
    on: date
    exchange: Exchange | None

    @property
    def is_home(self) -> bool:
        return self.exchange is not None and self.exchange.is_home

    @property
    def conversion(self) -> Conversion | None:
        found = self.exchange
        return None if found is None or found.is_home else Conversion(found.home, found.rate, found.on)

    def own(self, price: Decimal | None) -> Decimal | None:
        """A product's own price as the price engine is told: in the company's currency, if it can be converted."""
        return price if self.exchange is not None else None

    def cost(self, cost: Decimal | None) -> Decimal | None:
        """What a base unit costs, in the document's currency."""
        if cost is None or self.exchange is None:
            return None
        return cost if self.exchange.is_home else converted(cost, self.exchange.rate)

    def step(self, round_total_to: Decimal) -> Decimal | None:
        """The company's rounding of totals is made for its own currency."""
        return (round_total_to or None) if self.is_home else None

    def based(self, total: Decimal) -> dict[str, Any]:
        """The columns of the header."""
        found = self.exchange
        if found is None:
            return {"exchange_rate": None, "base_total": None}
        return {"exchange_rate": found.rate, "base_total": found.in_base(total)}

    def check(self, priced: PricedDocument, products: Iterable[ProductFacts], context: DocumentContext) -> None:
        """:raises RateMissing: a line has no price in this currency, and its product's own cannot be converted"""
        if self.exchange is not None:
            return
        if any(problem.code == "no_price" for problem in priced.problems) and any(one.price for one in products):
            raise RateMissing.of(self.currency, self.on, rate_days=context.rate_days)


def document_money(
    context: DocumentContext, currency: str, *, on: date, exchange: Exchange | None = None
) -> DocumentMoney:
    """One statement for another currency than the company's, unless its `exchange` is given; none for its own."""
    return DocumentMoney(currency, on, exchange or exchange_in(context, currency, on=on))
