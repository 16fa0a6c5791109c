"""Why a line of a quotation, an order, an invoice or a credit note costs what it does, in steps that prove it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.errors import NotFound
from niaga.core.money import exponent
from niaga.invoicing.queries.invoices import invoice_line_with_origin
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.users import user_names
from niaga.pricing.queries.price_sheet import PriceSheet, SheetStep, price_sheet
from niaga.pricing.rules import TaxRate
from niaga.pricing.rules.tax import TaxFormula
from niaga.sales.models import OrderLineInvoice, QuotationLine, SalesOrderLine
from niaga.sales.queries.documents import get_order, get_quotation

FIGURES = ("unit_price", "amount", "discount_amount", "document_discount", "net", "other_tax_base", "tax", "luxury_tax")


@dataclass(frozen=True, slots=True)
class Share:
    """What an invoice bills of a promised line, or a credit note gives back of a billed one."""

    of_kind: str
    of_number: str
    of_id: UUID
    quantity: Decimal
    whole: Decimal


@dataclass(frozen=True, slots=True)
class Why:
    """`sheet` tells the price of the line it was promised on; `shares` how a part of it came to be billed or credited.

    `agrees`: everything computed again gives the figures of the line. `cost` and `margin` are None for who may not
    see them, and where cost is not known.
    """

    kind: str
    document_id: UUID
    number: str
    party: str
    currency: str
    description: str
    quantity: Decimal
    unit: str
    line: Any
    sheet: PriceSheet
    agrees: bool | None
    shares: list[Share] = field(default_factory=list)
    promised_number: str = ""
    cost: Decimal | None = None
    margin: Decimal | None = None
    names: Mapping[UUID, str] = field(default_factory=dict)

    def who(self, step: SheetStep) -> str:
        return self.names.get(UUID(step.by), "") if step.by else ""

    def when(self, step: SheetStep) -> datetime | None:
        return datetime.fromisoformat(step.at) if step.at else None


def why_quotation_line(*, quotation_id: UUID, line_id: UUID, by: Actor, losers: bool = True) -> Why:
    """:raises NotFound: no such line of a quotation that `by` may see"""
    quotation = get_quotation(quotation_id=quotation_id, by=by)
    rows = QuotationLine.objects.filter(quotation_id=quotation.id).select_related("unit", "quotation__customer")
    line = rows.filter(pk=line_id, product_id__isnull=False).first()
    if line is None:
        raise NotFound()
    sheet = _sheet(line, quotation.currency, by, losers)
    return _why("quotation", quotation, line, line.quotation.customer.name, sheet, sheet.agrees, by, losers=losers)


def why_order_line(*, order_id: UUID, line_id: UUID, by: Actor, losers: bool = True) -> Why:
    """:raises NotFound: no such line of an order that `by` may see"""
    order = get_order(order_id=order_id, by=by)
    rows = SalesOrderLine.objects.filter(order_id=order.id).select_related("unit", "order__customer")
    line = rows.filter(pk=line_id, product_id__isnull=False).first()
    if line is None:
        raise NotFound()
    sheet = _sheet(line, order.currency, by, losers)
    return _why("order", order, line, line.order.customer.name, sheet, sheet.agrees, by, losers=losers)


def why_invoice_line(*, invoice_id: UUID, line_id: UUID, by: Actor, losers: bool = True) -> Why:
    """A line of an invoice is a part of a promised line, and one of a credit note a part of a billed one: both are
    told by the promise, with the part that was taken. A down payment has no price of its own.

    :raises NotFound: no such line of an invoice that `by` may see
    """
    line, billed = invoice_line_with_origin(invoice_id=invoice_id, line_id=line_id, by=by)
    invoice, first = line.invoice, billed or line
    link = (
        OrderLineInvoice.objects.filter(invoice_line_id=first.id, quantity__gt=0)
        .select_related("order_line__order", "order_line__unit")
        .first()
    )
    promised = link.order_line if link else None
    sheet = _sheet(promised, invoice.currency, by, losers) if promised is not None else PriceSheet([], None)
    shares, fits = [], []
    if promised is not None:
        order = promised.order
        shares.append(Share("order", order.number, order.id, first.quantity, promised.quantity))
        fits.append(_is_share(first, promised, invoice.currency) and _is_taxed(first, invoice))
    if billed is not None:
        source = billed.invoice
        shares.append(Share("invoice", source.number or "", source.id, line.quantity, billed.quantity))
        fits.append(_is_share(line, billed, invoice.currency))
    known = sheet.agrees if promised is not None else (True if fits else None)
    agrees = known if all(fits) else False
    number = promised.order.number if promised is not None else ""
    return _why(
        invoice.kind, invoice, line, invoice.party.get("name", ""), sheet, agrees, by, losers=losers, shares=shares,
        promised_number=number,
    )  # fmt: skip


def _sheet(line: QuotationLine | SalesOrderLine, currency: str, by: Actor, losers: bool) -> PriceSheet:
    figures = {name: getattr(line, name) for name in FIGURES}
    return price_sheet(
        line.steps, currency, unit=line.unit.code if line.unit else "", figures=figures,
        sees_cost=losers and access_of(by).sees_cost, losers=losers,
    )  # fmt: skip


def _why(
    kind: str,
    document: Any,
    line: Any,
    party: str,
    sheet: PriceSheet,
    agrees: bool | None,
    by: Actor,
    *,
    losers: bool,
    **more: Any,
) -> Why:
    cost = None
    if losers and access_of(by).sees_cost and line.unit_cost is not None:
        step = Decimal(1).scaleb(-exponent(document.currency))
        cost = (line.unit_cost * line.quantity * line.factor).quantize(step)
    names = user_names({UUID(step.by) for step in sheet.steps if step.by}) if losers else {}
    return Why(
        kind, document.id, document.number or "", party, document.currency, line.description, line.quantity,
        line.unit.code if line.unit else "", line, sheet, agrees, cost=cost,
        margin=None if cost is None else line.net - cost, names=names, **more,
    )  # fmt: skip


def _is_share(part: Any, whole: Any, currency: str) -> bool:
    """Each figure is the part's share of the whole, to the currency's unit: parts are differences of running sums."""
    step = Decimal(1).scaleb(-exponent(currency))
    return part.unit_price == whole.unit_price and all(
        abs(getattr(part, name) - getattr(whole, name) * part.quantity / whole.quantity) <= step
        for name in ("amount", "discount_amount", "document_discount")
    )


def _is_taxed(line: Any, invoice: Any) -> bool:
    rate = TaxRate(
        line.tax_rate, base_numerator=line.base_numerator, base_denominator=line.base_denominator,
        luxury_rate=line.luxury_rate,
    )  # fmt: skip
    formula = TaxFormula(rate, invoice.currency)
    taxable = line.amount - line.document_discount
    taxed = formula.included(taxable) if invoice.prices_include_tax else formula.excluded(taxable)
    return (taxed.net, taxed.other_tax_base, taxed.tax, taxed.luxury_tax) == (
        line.net, line.other_tax_base, line.tax, line.luxury_tax
    )  # fmt: skip
