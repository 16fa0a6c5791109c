"""Prices the lines of a quotation or order: looks the facts up set-based, asks the pure engine, gives back columns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.catalog.queries.catalog_settings import CatalogSettings
from niaga.catalog.queries.product_facts import ProductFacts, UnitFacts, product_facts
from niaga.core.bases import LineKind as RowKind
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.organization.queries.document_context import DocumentContext
from niaga.organization.queries.exchange_rates import Exchange
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.pricing.errors import CouponRefused
from niaga.pricing.queries.coupon_words import coupon_refusal_text
from niaga.pricing.queries.list_prices import ListPrices
from niaga.pricing.queries.points_wanted import points_wanted
from niaga.pricing.queries.pricing_facts import PricingFacts, pricing_facts
from niaga.pricing.rules import (
    Buyer,
    Points,
    PricedDocument,
    PriceRefused,
    PriceRequest,
    Taxing,
    place_of,
    price_lines,
    read_treatments,
    thawed,
)
from niaga.pricing.rules.coupon import code_of
from niaga.pricing.rules.tax import policy_on
from niaga.sales.errors import BadLines
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.parts import frozen_parts
from niaga.sales.services.check_points import check_points
from niaga.sales.services.promoted_lines import gift_lines, promotions_of

MOST_LINES = 10_000
_STOCKED = {"goods", "bundle"}


@dataclass(frozen=True, slots=True)
class PricedLines:
    """A priced document as columns: `totals` for the header, `rows` for the lines (with their `id`)."""

    priced: PricedDocument
    totals: dict[str, Any]
    rows: list[dict[str, Any]]
    """Those of the lines, then the gifts."""
    products: dict[UUID | str, ProductFacts]
    refused: dict[str, str]
    """Coupon codes that open nothing, with why."""
    gifts: Collection[UUID] = ()
    """The promotions that may give this buyer something, whether they do or not."""


def price_document(
    *,
    context: DocumentContext,
    customer: CustomerFacts,
    on: date,
    lines: Sequence[LineInput],
    discount_percent: Decimal = Decimal(0),
    discount_amount: Decimal = Decimal(0),
    currency: str | None = None,
    channel_id: UUID | None = None,
    promised: Collection[UUID] = (),
    coupon_codes: Sequence[str] = (),
    points: int = 0,
    points_amount: Decimal | None = None,
    source_id: UUID | None = None,
    had: Sequence[Mapping[str, Any]] = (),
    promised_gifts: Collection[UUID] = (),
    lenient: bool = False,
    delivery_address: Mapping[str, Any] | None = None,
    taxed_as: Mapping[str, Any] | None = None,
    exchange: Exchange | None = None,
) -> PricedLines:
    """Price `lines` for a customer on a day: two statements, however many lines; one more each where promotions are
    limited, where coupons are named, and where a promotion gives a product.

    `channel_id` says how the order came in, for price lists of a channel.
    Tax goes by the document's `delivery_address`, without one by the customer's; `taxed_as` is the treatment that the
    document has frozen, in place of the customer's of the day.
    `promised` products were offered before and are priced even when they are no longer sold.
    `points` are the loyalty points that pay a part of it, by the programme of the day; with `points_amount` they keep
    taking that off, whatever they are worth by now.
    `source_id` is the document, whose own use of a promotion does not count against it; `had` is the `promotions` of a
    document whose lines keep their prices; `promised_gifts` are gifts that it has, and that are asked anew but for
    their moment. A stored gift that does not keep its price is left out: gifts are given
    anew. `lenient` goes on without coupons that open nothing, and with so many points as can be used.
    `exchange` is the rate that the document has frozen, in place of the day's: a product without a price in the
    document's currency is offered at its own price, converted.

    :raises BadLines: products that are unknown or no longer sold, units they are not sold in, figures out of range;
        each line is answered
    :raises CouponRefused: a code opens nothing, with why; only when not `lenient`
    :raises TooFewPoints, PointsRefused: so many points cannot be used, with why; only when not `lenient`
    :raises RateMissing: a price must be converted, and the currency has no exchange rate of the day
    """
    lines = [line for line in lines if line.gift_of is None or line.kept]
    faults: list[dict[str, Any]] = []
    if discount_percent and discount_amount:
        raise Invalid(_("Give the discount in percent or as an amount, not both."), field="discount_amount")
    if len(lines) > MOST_LINES:
        raise BadLines(_("A document has at most %(most)s lines.") % {"most": MOST_LINES})
    ids = {line.product_id for line in lines if line.product_id}
    skus = {line.sku for line in lines if line.sku and not line.product_id}
    products = product_facts(company_id=context.company_id, ids=ids, skus=skus)
    found = [_product(place, line, products, faults, promised) for place, line in enumerate(lines, 1)]
    if faults:
        raise BadLines(lines=faults)
    facts = pricing_facts(
        context=context, on=on, known=products, products=[product for product, _unit in found if product],
        buyer=Buyer(customer.id, customer.group_id, customer.territory_ids, context.branch_id, channel_id),
        currency=currency or context.currency, codes=coupon_codes, source_id=source_id, exchange=exchange,
        with_points=points > 0 and points_amount is None,
        taxes=_taxes(context, products.settings, customer, on, delivery_address, taxed_as),
    )  # fmt: skip
    refused = facts.promoted.refused
    if refused and not lenient:
        code, reason = next(iter(refused.items()))
        raise CouponRefused(coupon_refusal_text(code, reason), field="coupon_codes")
    request = facts.request(
        [
            facts.line(
                str(place), product, unit, line.quantity, manual_price=line.unit_price,
                discount_percent=line.discount_percent or None, discount_amount=line.discount_amount or None,
                optional=line.is_optional, chosen=line.counts, kept=line.kept, promised=line.promised,
            )
            for place, (line, (product, unit)) in enumerate(zip(lines, found, strict=True), 1)
            if product is not None and unit is not None
        ],
        discount_percent=discount_percent or None, discount_amount=discount_amount or None,
        points=_points(facts.listed, points, points_amount, on),
        given=frozenset(UUID(str(one["id"])) for one in had), promised=frozenset(promised_gifts),
    )  # fmt: skip
    try:
        priced = price_lines(request)
    except PriceRefused as refusal:
        raise BadLines(
            lines=[
                {"line": int(fault.line_key) if fault.line_key else None, "field": fault.field, "code": fault.code,
                 "message": fault_text(fault.code)}
                for fault in refusal.faults
            ]
        ) from refusal  # fmt: skip
    if points and points_amount is None and not lenient:
        check_points(facts.listed, wanted=points, priced=priced, day=on)
    facts.money.check(priced, [product for product, _unit in found if product], context)
    rows = _rows(lines, found, priced, facts)
    codes = [code for code in dict.fromkeys(map(code_of, coupon_codes)) if code and code not in refused]
    totals = _totals(request, priced, facts.taxes) | facts.money.based(priced.total)
    totals |= {"coupon_codes": codes, "promotions": promotions_of(rows, facts.promoted, had)}
    return PricedLines(priced, totals, rows, products, refused, facts.gifts.keys())


def _points(listed: ListPrices, wanted: int, amount: Decimal | None, day: date) -> Points | None:
    if not wanted:
        return None
    return Points(wanted, amount=amount) if amount is not None else points_wanted(listed, wanted, day=day)


def fault_text(code: str) -> str:
    """The words for a fault of the price engine."""
    return {
        "negative_or_absurd": _("This figure is below zero or absurdly large."),
        "not_a_percentage": _("A percentage is between 0 and 100."),
        "discount_above_amount": _("The discount is larger than the amount."),
        "amount_too_large": _("The amount is too large."),
        "no_tax_rate": _("The product's tax category has no rate on this day."),
        "unknown_product": _("There is no such product."),
        "archived_product": _("This product is no longer sold."),
        "unknown_unit": _("The product is not sold in this unit."),
        "quantity_not_positive": _("The quantity must be above zero."),
        "too_many_digits": _("This unit does not allow so many decimals."),
        "no_product": _("Name a product."),
        "two_discounts": _("Give the discount in percent or as an amount, not both."),
    }.get(code, code)


def _product(
    place: int,
    line: LineInput,
    products: dict[UUID | str, ProductFacts],
    faults: list[dict[str, Any]],
    promised: Collection[UUID],
) -> tuple[ProductFacts | None, UnitFacts | None]:
    if not line.is_priced:
        return None, None

    def fault(field: str, code: str) -> tuple[None, None]:
        faults.append({"line": place, "field": field, "code": code, "message": fault_text(code)})
        return None, None

    if line.discount_percent and line.discount_amount:
        return fault("discount_amount", "two_discounts")
    key = line.product_id or line.sku
    if not key:
        return fault("product", "no_product")
    product = products.get(key)
    if product is None:
        return fault("product", "unknown_product")
    if product.is_archived and product.id not in promised:
        return fault("product", "archived_product")
    unit = product.unit(line.unit)
    if unit is None:
        return fault("unit", "unknown_unit")
    if not line.quantity > 0:
        return fault("quantity", "quantity_not_positive")
    if line.quantity != line.quantity.to_integral_value():
        exponent = line.quantity.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > unit.digits:
            return fault("quantity", "too_many_digits")
    return product, unit


def _taxes(
    context: DocumentContext,
    settings: CatalogSettings,
    customer: CustomerFacts,
    on: date,
    delivery_address: Mapping[str, Any] | None,
    taxed_as: Mapping[str, Any] | None,
) -> Taxing:
    address = delivery_address or customer.delivery_address or customer.billing_address
    return Taxing(
        settings.tax_rates if context.charges_tax else {}, day=on, home=context.country,
        place=place_of(address, home=context.country), with_tax_number=customer.has_tax_number,
        treatments=read_treatments(customer.tax_treatments) if taxed_as is None else thawed(taxed_as),
    )  # fmt: skip


def _totals(request: PriceRequest, priced: PricedDocument, taxes: Taxing) -> dict[str, Any]:
    return {
        "currency": priced.currency, "prices_include_tax": priced.prices_include_tax, "subtotal": priced.subtotal,
        "discount_percent": request.discount_percent or Decimal(0), "discount_amount": priced.discount,
        "points_used": priced.points_used, "points_amount": priced.points_amount,
        "net": priced.net, "other_tax_base": priced.other_tax_base, "tax": priced.tax,
        "luxury_tax": priced.luxury_tax, "rounding": priced.rounding,
        "total": priced.total, "tax_rounding": policy_on(request.policies, request.on_date).tax_rounding.value,
        "tax_treatment": taxes.frozen(),
    }  # fmt: skip


def _rows(
    lines: Sequence[LineInput],
    found: Sequence[tuple[ProductFacts | None, UnitFacts | None]],
    priced: PricedDocument,
    facts: PricingFacts,
) -> list[dict[str, Any]]:
    """The columns of every line, those of `PricedLine` and the keys; the same columns for each. Gifts come last."""
    given = gift_lines(priced.lines, facts.gifts)
    lines = [*lines, *(line for line, _product in given)]
    found = [*found, *(product for _line, product in given)]
    answers = iter(priced.lines)
    fractions = {(g.code, g.rate): (g.base_numerator, g.base_denominator) for g in priced.tax_groups}
    rows = []
    nought, money = Decimal(0), facts.money
    for place, (line, (product, unit)) in enumerate(zip(lines, found, strict=True), 1):
        row: dict[str, Any] = {
            "id": line.id or new_id(), "position": place, "kind": line.kind, "description": line.description or "",
            "is_optional": line.is_optional, "is_chosen": line.counts, "planned_date": line.planned_date,
            "requested_date": line.requested_date,
            "price_is_manual": line.unit_price is not None, "gift_of_id": line.gift_of,
        }  # fmt: skip
        if product is None or unit is None:
            row.update(_TEXT_ROW)
        else:
            one = next(answers)
            numerator, denominator = fractions.get((one.tax_code, one.tax_rate), (1, 1))
            row.update(
                kind=_CHARGE if product.kind == "charge" else _ITEM,
                description=line.description or product.name, product_id=product.id, unit_id=unit.id,
                tax_category_id=product.tax_category_id, quantity=line.quantity, factor=unit.factor,
                list_price=one.list_price or nought, unit_price=one.unit_price, discount_percent=one.discount_percent,
                discount_amount=one.discount_amount,
                promotion_discount=one.promotion_discount, amount=one.amount, document_discount=one.document_discount,
                points_discount=one.points_discount,
                net=one.net, other_tax_base=one.other_tax_base, tax_code=one.transaction_code, tax_rate=one.tax_rate,
                tax=one.tax, luxury_rate=one.luxury_rate, luxury_tax=one.luxury_tax,
                base_numerator=numerator, base_denominator=denominator,
                unit_cost=money.cost(product.cost), steps=one.explanation(),
                parts=frozen_parts(product.parts) if product.parts else [],
                needs_stock=product.kind in _STOCKED,
            )  # fmt: skip
        rows.append(row)
    return rows


_CHARGE, _ITEM = RowKind.CHARGE.value, RowKind.ITEM.value
_TEXT_ROW: dict[str, Any] = {
    "product_id": None, "unit_id": None, "tax_category_id": None, "quantity": Decimal(0), "factor": Decimal(1),
    "promotion_discount": Decimal(0),
    "list_price": Decimal(0), "unit_price": Decimal(0), "discount_percent": Decimal(0), "discount_amount": Decimal(0),
    "amount": Decimal(0), "document_discount": Decimal(0), "points_discount": Decimal(0),
    "net": Decimal(0), "other_tax_base": Decimal(0),
    "tax_code": "", "tax_rate": Decimal(0), "base_numerator": 1, "base_denominator": 1,
    "tax": Decimal(0), "luxury_rate": Decimal(0), "luxury_tax": Decimal(0),
    "unit_cost": None, "steps": [], "parts": [], "needs_stock": False,
}  # fmt: skip


def columns(rows: Sequence[dict[str, Any]], *, without: Sequence[str]) -> list[dict[str, Any]]:
    """The rows without the columns that a table has not."""
    names = [name for name in rows[0] if name not in without] if rows else []
    return [{name: row[name] for name in names} for row in rows]
