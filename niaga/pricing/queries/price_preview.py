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
from niaga.pricing.queries.document_money import document_money
from niaga.pricing.queries.list_prices import ListPrices, list_prices
from niaga.pricing.queries.promotion_facts import PromotionFacts, promotion_facts
from niaga.pricing.rules import (
    EVERYBODY,
    Buyer,
    Gift,
    LineKind,
    LineRequest,
    Place,
    PricedDocument,
    PricedLine,
    PriceRefused,
    PriceRequest,
    Taxing,
    TaxPolicy,
    TaxRounding,
    Treatment,
    price_lines,
)

_KINDS = {"charge": LineKind.CHARGE, "service": LineKind.SERVICE}


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
    place: Place | None = None,
    with_tax_number: bool = False,
    treatments: Sequence[Treatment] = (),
) -> Preview:
    """Price lines by the lists, promotions, taxes and rounding that hold on a day: two statements, however many
    lines; one more each where promotions are limited, where coupons are named, and where a promotion gives a product.

    `at_time` is the hour at the branch, without it that of the context. Coupons that open nothing are answered.

    Tax goes by where goods go (`place`, without one at home) and by who buys: `with_tax_number`, `treatments`.
    In another currency than the company's, products without a list price in it are priced by the exchange rate of the
    day (one more statement); where no rate is written, that is a problem `no_price`.

    :raises CannotPrice: unknown products or units, figures out of range; each line is answered
    """
    ids = {line.product_id for line in lines if line.product_id}
    skus = {line.sku for line in lines if line.sku and not line.product_id}
    known = product_facts(company_id=context.company_id, ids=ids, skus=skus)
    currency = currency or context.currency
    money = document_money(context, currency, on=on)
    listed = list_prices(company_id=context.company_id, products=list(known.values()), buyer=buyer, currency=currency)
    promoted = promotion_facts(company_id=context.company_id, book=listed.book, buyer=buyer, codes=coupon_codes, on=on)
    gifts = _gifts(context, listed, buyer, promoted, known)
    taxes = Taxing(
        known.settings.tax_rates if context.charges_tax else {}, day=on, home=context.country,
        place=place, with_tax_number=with_tax_number, treatments=treatments,
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
            LineRequest(
                key=str(position), quantity=line.quantity, unit=unit.code, unit_factor=unit.factor,
                product_id=product.id, **listed.of(product),
                kind=_KINDS.get(product.kind, LineKind.GOODS), base_price=money.own(product.price),
                own_unit_price=money.own(unit.price),
                tax=taxes.of(product.tax_category_id), manual_price=line.unit_price,
                discount_percent=line.discount_percent, discount_amount=line.discount_amount,
                unit_cost=money.cost(product.cost), optional=line.optional, chosen=line.chosen,
            )
        )  # fmt: skip
    if faults:
        raise CannotPrice(lines=faults)
    request = PriceRequest(
        currency=currency, on_date=on, lines=tuple(requests), prices_include_tax=context.prices_include_tax,
        buyer=buyer, at_time=at_time or context.clock, book=listed.book, conversion=money.conversion,
        policies=(TaxPolicy(TaxRounding(context.tax_rounding), money.step(context.round_total_to)),),
        discount_percent=discount_percent, discount_amount=discount_amount,
        coupons=promoted.coupons, used_up=promoted.used_up, left=promoted.left,
        gifts=tuple(
            Gift(promotion_id, LineRequest(
                key="", quantity=Decimal(1), unit=product.units[0].code, product_id=product.id, **listed.of(product),
                kind=_KINDS.get(product.kind, LineKind.GOODS), base_price=money.own(product.price),
                tax=taxes.of(product.tax_category_id), unit_cost=money.cost(product.cost),
            ))
            for promotion_id, product in gifts.items()
        ),
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
    given = [gifts[line.gift_of] for line in priced.lines if line.gift_of is not None]
    quantities = [line.quantity for line in lines] + [_quantity(line) for line in priced.lines if line.gift_of]
    return Preview(
        priced, products + given, [each.unit for each in requests] + [each.units[0].code for each in given],
        quantities, promoted.refused,
    )  # fmt: skip


def _gifts(
    context: DocumentContext,
    listed: ListPrices,
    buyer: Buyer,
    promoted: PromotionFacts,
    known: dict[UUID | str, ProductFacts],
) -> dict[UUID, ProductFacts]:
    """What promotions may give this buyer, by promotion; one statement when a product is not known yet."""
    wanted = {
        one.id: one.gift_product_id
        for one in listed.book.seen_by(buyer).promotions
        if one.gift_product_id is not None and (not one.by_coupon or one.id in promoted.coupon_ids)
    }
    missing = {product_id for product_id in wanted.values() if product_id not in known}
    found = known | (product_facts(company_id=context.company_id, ids=missing) if missing else {})
    return {
        promotion_id: found[product_id]
        for promotion_id, product_id in wanted.items()
        if product_id in found and not found[product_id].is_archived
    }


def _quantity(line: PricedLine) -> Decimal:
    """Of a gift, whose quantity is the promotion's: as its own step tells it."""
    return next(Decimal(str(step.facts["quantity"])) for step in line.steps if step.code == "gross")
