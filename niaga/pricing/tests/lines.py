"""Lines to be priced, made by hand: for tests of the pure engine."""

import os
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from niaga.pricing.rules import (
    LineRequest,
    ListEntry,
    PricedDocument,
    PriceList,
    PriceRequest,
    RuleBook,
    TaxCategory,
    TaxPolicy,
    TaxRate,
    TaxRounding,
    price_lines,
)

D = Decimal
DAY = date(2026, 11, 24)
"""A Tuesday."""
GROUP = UUID(int=7)
CUSTOMER = UUID(int=9)
PRODUCT = UUID(int=101)
GENERAL = TaxRate(D(12), date(2025, 1, 1), None, 11, 12, "04")
PPN = TaxCategory("PPN", (TaxRate(D(11), date(2022, 4, 1), date(2024, 12, 31), 1, 1, "01"), GENERAL))
LUXURY = TaxCategory("PPN-MEWAH", (TaxRate(D(12), date(2025, 1, 1), transaction_code="01"),))
YACHT = TaxCategory("KAPAL", (TaxRate(D(12), transaction_code="01", luxury_rate=D(75)),))
"""PPnBM of 75 %, beside PPN."""
CAR = TaxCategory("MOBIL", (TaxRate(D(12), date(2025, 1, 1), None, 11, 12, "04", D("9.5")),))
"""No such goods are taxed so today; what the engine must hold all the same."""
EXEMPT = TaxCategory("BEBAS", (TaxRate(D(0), transaction_code="08"),))
VAT_DE = TaxCategory("DE19", (TaxRate(D(19)),))
BY_GROUP = (TaxPolicy(TaxRounding.DOCUMENT),)
COUNT = int(os.environ.get("NIAGA_EXAMPLES", "2000"))

Listed = tuple[PriceList, tuple[ListEntry, ...]]


def line(price: str | None = None, quantity: str = "1", **facts: object) -> LineRequest:
    named = {"key": "1", "unit": "pcs", "tax": PPN, "manual_price": D(price) if price else None} | facts
    return LineRequest(quantity=D(quantity), **named)  # type: ignore[arg-type]


def priced(*lines: LineRequest, currency: str = "IDR", **facts: object) -> PricedDocument:
    return price_lines(PriceRequest(currency=currency, lines=lines, **({"on_date": DAY} | facts)))  # type: ignore[arg-type]


def listed(number: int, name: str, *prices: tuple[str, str] | tuple[str, str, str] | str, **facts: object) -> Listed:
    """A price list with the prices of one product: a price, (price, from quantity) or (price, from quantity, unit)."""
    rows = [(each,) if isinstance(each, str) else each for each in prices]
    entries = tuple(
        ListEntry(UUID(int=number), D(price), D(rest[0] if rest else 0), rest[1] if len(rest) > 1 else None)
        for price, *rest in rows
    )
    return PriceList(UUID(int=number), name, **facts), entries  # type: ignore[arg-type]


def by_lists(goods: LineRequest, lists: Iterable[Listed], **facts: object) -> PricedDocument:
    """The line priced by these lists."""
    found = tuple(lists)
    entries = tuple(entry for _head, prices in found for entry in prices)
    asked = {name: getattr(goods, name) for name in goods.__dataclass_fields__} | {"entries": entries}
    return priced(LineRequest(**asked), book=RuleBook(head for head, _prices in found), **facts)
