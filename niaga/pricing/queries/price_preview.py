"""What lines would cost a customer on a day, without writing anything: for the API, calculators and previews."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.catalog.queries.product_facts import ProductFacts, product_facts
from niaga.core.errors import Invalid
from niaga.organization.queries.document_context import DocumentContext
from niaga.pricing.queries.points_wanted import points_wanted
from niaga.pricing.queries.pricing_facts import pricing_facts
from niaga.pricing.rules import (
    EVERYBODY,
    Buyer,
    LineRequest,
    Place,
    PricedDocument,
    PricedLine,
    PriceRefused,
    Taxing,
    Treatment,
    price_lines,
)


class CannotPrice(Invalid):
    """Some lines cannot be priced; each is answered."""

    code = "cannot_price"
    text = gettext_lazy("Some lines need your attention.")


@dataclass(frozen=True, slots=True)
class WantedLine:
    quantity: Decimal
    product_id: UUID | None = None
    sku: str = ""
    unit: str = ""
    unit_price: Decimal | None = None
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    optional: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The priced document and, line by line, what was priced; the lines of gifts come last, with theirs."""

    priced: PricedDocument
    products: list[ProductFacts]
    units: list[str] = field(default_factory=list)
    quantities: list[Decimal] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Coupon codes that open nothing, with why: see `coupon_refusal_text`."""


def price_preview(
    *,
    context: DocumentContext,
    lines: Sequence[WantedLine],
    on: date,
    buyer: Buyer = EVERYBODY,
    at_time: time | None = None,
    currency: str = "",
    discount_percent: Decimal | None = None,
    discount_amount: Decimal | None = None,
    coupon_codes: Sequence[str] = (),
    points: int | None = None,
    place: Place | None = None,
    with_tax_number: bool = False,
    treatments: Sequence[Treatment] = (),
) -> Preview:
    """Price lines by the lists, promotions, taxes and rounding that hold on a day: two statements, however many
    lines; one more each where promotions are limited, where coupons are named, and where a promotion gives a product.

    `points` are the loyalty points to use, as far as they can be: see `Preview.priced` for how many that is.

    `at_time` is the hour at the branch, without it that of the context. Coupons that open nothing are answered.

    Tax goes by where goods go (`place`, without one at home) and by who buys: `with_tax_number`, `treatments`.
    In another currency than the company's, products without a list price in it are priced by the exchange rate of the
    day (one more statement); where no rate is written, that is a problem `no_price`.

    :raises CannotPrice: unknown products or units, figures out of range; each line is answered
    """
    ids = {line.product_id for line in lines if line.product_id}
    skus = {line.sku for line in lines if line.sku and not line.product_id}
    known = product_facts(company_id=context.company_id, ids=ids, skus=skus)
    facts = pricing_facts(
        context=context, buyer=buyer, on=on, known=known, products=known.values(), currency=currency,
        codes=coupon_codes, with_points=points is not None,
        taxes=Taxing(
            known.settings.tax_rates if context.charges_tax else {}, day=on, home=context.country,
            place=place, with_tax_number=with_tax_number, treatments=treatments,
        ),
    )  # fmt: skip
    faults: list[dict[str, Any]] = []
    requests: list[LineRequest] = []
    products: list[ProductFacts] = []
    for position, line in enumerate(lines, 1):
        product = known.get(line.product_id or line.sku)
        unit = product.unit(line.unit) if product else None
        if product is None or unit is None:
            message = _("The product is not sold in this unit.") if product else _("There is no such product.")
            faults.append({"line": position, "field": "unit" if product else "product", "message": message})
            continue
        products.append(product)
        requests.append(
            facts.line(
                str(position), product, unit, line.quantity, manual_price=line.unit_price,
                discount_percent=line.discount_percent, discount_amount=line.discount_amount,
                optional=line.optional, chosen=line.chosen,
            )
        )  # fmt: skip
    if faults:
        raise CannotPrice(lines=faults)
    request = facts.request(
        requests, at_time=at_time or context.clock, discount_percent=discount_percent, discount_amount=discount_amount,
        points=points_wanted(facts.listed, points, day=on),
    )  # fmt: skip
    try:
        priced = price_lines(request)
    except PriceRefused as refusal:
        raise CannotPrice(
            lines=[
                {"line": int(fault.line_key) if fault.line_key else None, "field": fault.field, "code": fault.code}
                for fault in refusal.faults
            ]
        ) from refusal
    given = [facts.gifts[line.gift_of] for line in priced.lines if line.gift_of is not None]
    quantities = [line.quantity for line in lines] + [_quantity(line) for line in priced.lines if line.gift_of]
    return Preview(
        priced, products + given, [each.unit for each in requests] + [each.units[0].code for each in given],
        quantities, facts.promoted.refused,
    )  # fmt: skip


def _quantity(line: PricedLine) -> Decimal:
    """Of a gift, whose quantity is the promotion's: as its own step tells it."""
    return next(Decimal(str(step.facts["quantity"])) for step in line.steps if step.code == "gross")
