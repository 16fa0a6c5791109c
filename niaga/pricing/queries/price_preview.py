"""What lines would cost a customer on a day, without writing anything: for the API, calculators and previews."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.catalog.queries.catalog_settings import CatalogSettings
from niaga.catalog.queries.product_facts import ProductFacts, product_facts
from niaga.core.errors import Invalid
from niaga.organization.queries.document_context import DocumentContext
from niaga.pricing.queries.list_prices import list_prices
from niaga.pricing.rules import (
    EVERYBODY,
    Buyer,
    LineKind,
    LineRequest,
    PricedDocument,
    PriceRefused,
    PriceRequest,
    TaxCategory,
    TaxPolicy,
    TaxRate,
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
    """The priced document and, line by line, what was priced."""

    priced: PricedDocument
    products: list[ProductFacts]
    units: list[str] = field(default_factory=list)


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
) -> Preview:
    """Price lines by the lists, taxes and rounding that hold on a day: two statements, however many lines.

    `at_time` is the hour at the branch, without it that of the context.

    In another currency than the company's only price lists of that currency count; the rest is a problem `no_price`.

    :raises CannotPrice: unknown products or units, figures out of range; each line is answered
    """
    ids = {line.product_id for line in lines if line.product_id}
    skus = {line.sku for line in lines if line.sku and not line.product_id}
    known = product_facts(company_id=context.company_id, ids=ids, skus=skus)
    currency = currency or context.currency
    home = currency == context.currency
    listed = list_prices(company_id=context.company_id, products=list(known.values()), buyer=buyer, currency=currency)
    taxes = tax_categories(known.settings) if context.charges_tax else {}
    faults: list[dict[str, Any]] = []
    requests: list[LineRequest] = []
    products: list[ProductFacts] = []
    for place, line in enumerate(lines, 1):
        product = known.get(line.product_id or line.sku)
        unit = product.unit(line.unit) if product else None
        if product is None or unit is None:
            message = _("The product is not sold in this unit.") if product else _("There is no such product.")
            faults.append({"line": place, "field": "unit" if product else "product", "message": message})
            continue
        products.append(product)
        requests.append(
            LineRequest(
                key=str(place), quantity=line.quantity, unit=unit.code, unit_factor=unit.factor, product_id=product.id,
                **listed.of(product),
                kind=_KINDS.get(product.kind, LineKind.GOODS), base_price=product.price if home else None,
                own_unit_price=unit.price if home else None,
                tax=taxes.get(product.tax_category_id), manual_price=line.unit_price,
                discount_percent=line.discount_percent, discount_amount=line.discount_amount,
                unit_cost=product.cost if home else None, optional=line.optional, chosen=line.chosen,
            )
        )  # fmt: skip
    if faults:
        raise CannotPrice(lines=faults)
    request = PriceRequest(
        currency=currency, on_date=on, lines=tuple(requests), prices_include_tax=context.prices_include_tax,
        buyer=buyer, at_time=at_time or context.clock, book=listed.book,
        policies=(TaxPolicy(total_step=context.round_total_to or None),),
        discount_percent=discount_percent, discount_amount=discount_amount,
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
    return Preview(priced, products, [each.unit for each in requests])


def tax_categories(settings: CatalogSettings) -> dict[UUID, TaxCategory]:
    """The company's tax categories with their rates, as the price engine takes them."""
    return {
        category_id: TaxCategory(
            code,
            tuple(
                TaxRate(
                    rate.percent, valid_from=rate.valid_from, base_numerator=rate.numerator,
                    base_denominator=rate.denominator, transaction_code=rate.transaction_code,
                    luxury=rate.luxury_percent > 0,
                )
                for rate in rates
            ),
        )
        for category_id, (code, rates) in settings.tax_rates.items()
    }  # fmt: skip
