"""The products whose price a prepared change changes: counted piece by piece, the biggest changes named."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nlargest
from typing import Any
from uuid import UUID

from niaga.catalog.queries.product_facts import ProductFacts
from niaga.catalog.queries.product_pages import sold_products
from niaga.pricing.queries.what_if import WhatIf
from niaga.pricing.rules.what_if import Compared

PIECE = 2_000
"""Products read and priced at a time."""
AT_ONCE = 3_000
"""Up to so many products are counted while a page waits; more by a job."""
MOST_PRODUCTS = 100_000
"""So many products are counted at most; how many there are is said."""
SHOWN = 50
SAMPLE = 200
"""So many of the products that change are kept for asking what becomes of customers."""


@dataclass(slots=True)
class ProductFigures:
    """What becomes of the products, for whoever the list or promotion is made for.

    A product counts once, by the unit and quantity at which it changes most; one with which something is given changes
    too, though neither up nor down. `rows` are the biggest changes, as JSON
    keeps them; who may not see cost is shown none of `cost`, margins and flags.
    """

    of: int
    """Products that the change can touch."""
    counted: int = 0
    changed: int = 0
    up: int = 0
    down: int = 0
    begin: int = 0
    """Products that had no price and get one."""
    end: int = 0
    below_cost: int = 0
    below_floor: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    sample: list[str] = field(default_factory=list)
    rate: str | None = None
    """By which products' own prices and costs were turned into another currency."""

    @property
    def whole(self) -> bool:
        return self.counted == self.of


def count_products(whole: WhatIf, *, said: Callable[[int], None] = lambda counted: None) -> ProductFigures:
    """All of them, up to `MOST_PRODUCTS`; `said` hears how far it is. Three statements a piece."""
    figures = ProductFigures(of=whole.how_many, rate=rate_text(whole))
    best: list[tuple[Decimal, str, dict[str, Any]]] = []
    for ids in _pieces(whole):
        goods = whole.read(ids, [whole.buyer])
        lines = [line for product in goods.products for line in whole.lines(goods, product, whole.buyer)]
        most: dict[UUID, Compared] = {}
        for one in whole.answers(whole.buyer, lines):
            product_id = one.line.product_id
            if product_id and one.changed and (product_id not in most or _size(one) > _size(most[product_id])):
                most[product_id] = one
        for product_id, one in most.items():
            _add(figures, one)
            best.append((_size(one), str(product_id), _row(goods.facts[product_id], one)))
        best = nlargest(SHOWN, best, key=lambda each: each[:2])
        figures.sample += [str(product_id) for product_id in most][: SAMPLE - len(figures.sample)]
        figures.counted += len(ids)
        said(figures.counted)
    figures.rows = [row for _size_, _id, row in best]
    return figures


def rate_text(whole: WhatIf) -> str | None:
    return _text(whole.rate)


def _pieces(whole: WhatIf) -> Iterator[Sequence[UUID]]:
    if whole.products is not None:
        for start in range(0, min(len(whole.products), MOST_PRODUCTS), PIECE):
            yield whole.products[start : start + PIECE]
        return
    after, counted = "", 0
    while counted < MOST_PRODUCTS:
        rows = sold_products(company_id=whole.found.company_id, after=after, most=PIECE)
        if not rows:
            return
        yield [product_id for _sku, product_id in rows]
        after, counted = rows[-1][0], counted + len(rows)


def _size(one: Compared) -> Decimal:
    """A price that begins or ends goes before every change of one."""
    percent = one.percent
    return abs(percent) if percent is not None else Decimal(10) ** 9


def _add(figures: ProductFigures, one: Compared) -> None:
    figures.changed += 1
    if one.before is None:
        figures.begin += 1
    elif one.after is None:
        figures.end += 1
    elif one.after != one.before:
        figures.up += one.after > one.before
        figures.down += one.after < one.before
    figures.below_cost += one.below_cost
    figures.below_floor += one.below_floor


def _row(product: ProductFacts, one: Compared) -> dict[str, Any]:
    text = _text
    return {
        "product_id": str(product.id), "sku": product.sku, "name": product.name, "unit": one.line.unit,
        "quantity": text(one.line.quantity), "before": text(one.before), "after": text(one.after),
        "percent": text(one.percent), "cost": text(one.cost), "margin_before": text(one.margin_before),
        "margin_after": text(one.margin_after), "below_cost": one.below_cost, "below_floor": one.below_floor,
    }  # fmt: skip


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else format(figure, "f")


COST = ("cost", "margin_before", "margin_after", "below_cost", "below_floor")


def without_cost(row: dict[str, Any]) -> dict[str, Any]:
    """A row for who may not see cost."""
    return row | dict.fromkeys(COST)
