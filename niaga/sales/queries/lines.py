"""Lines as pages show and edit them: product, units and stock beside every figure, few statements for any number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.queries.compiled import Compiled
from niaga.core.queries.together import Question, Row, Written
from niaga.pricing.rules.tax_remarks import TaxRow, tax_remarks
from niaga.sales.models import QuotationLine, SalesOrderLine
from niaga.sales.queries.needs import NEEDS
from niaga.sales.rules.parts import stocked

_LINE = QuotationLine | SalesOrderLine


def _shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    rows = rows.order_by("position").select_related("product", "unit")
    return rows.defer("product__search", "product__description")


_QUOTATION_LINES = Compiled(lambda key: _shown(QuotationLine.objects.filter(quotation_id=key)))
_ORDER_LINES = Compiled(lambda key: _shown(SalesOrderLine.objects.filter(order_id=key)))


def shown_quotation_lines(*, quotation_id: UUID) -> list[QuotationLine]:
    """A quotation's lines with product and unit. The caller has checked access."""
    return _QUOTATION_LINES.objects(quotation_id)


def shown_order_lines(*, order_id: UUID) -> list[SalesOrderLine]:
    """An order's lines with product and unit. The caller has checked access."""
    return _ORDER_LINES.objects(order_id)


def units_of(*, company_id: UUID, lines: Sequence[_LINE]) -> dict[UUID, list[str]]:
    """The units each product of the lines is sold in, the base unit first. One statement."""
    facts = product_facts(company_id=company_id, ids={line.product_id for line in lines if line.product_id})
    return {key: [unit.code for unit in one.units] for key, one in facts.items() if isinstance(key, UUID)}


@dataclass(frozen=True, slots=True)
class Stocking:
    """Stock behind a line, in base units: `held` for it, `free` for anybody in its warehouse.

    Of a bundle: for how many whole ones its parts are held, or free. `promised` is the day from which all that it
    waits for is promised of goods that are to come, `was` the earlier day that could not be kept.
    """

    held: Decimal
    free: Decimal
    promised: date | None = None
    was: date | None = None
    straight: str = ""
    """Of a draft: who sends it straight to the customer."""


_STOCKING = f"""
SELECT n.line_id, min(s.held / n.each), min(s.free / n.each), bool_or(n.is_part),
       CASE WHEN NOT bool_or(a.id IS NOT NULL AND a.date IS NULL) THEN max(a.date) END, max(a.was_date), max(w.name)
  FROM ({NEEDS.format(lines="(SELECT * FROM sales_salesorderline WHERE order_id = %s::uuid)")}) n
  JOIN sales_salesorder o ON o.id = n.order_id
 CROSS JOIN LATERAL (
   SELECT coalesce((SELECT sum(r.quantity) FROM stock_reservation r
                     WHERE r.source_id = n.order_id AND r.line_id = n.line_id AND r.product_id = n.product_id), 0)
            AS held,
          coalesce((SELECT k.on_hand - k.reserved - k.barred FROM stock_stocklevel k
                     WHERE k.product_id = n.product_id AND k.warehouse_id = o.warehouse_id), 0) AS free) s
  LEFT JOIN stock_awaited a ON a.source_id = n.order_id AND a.line_id = n.line_id AND a.product_id = n.product_id
  LEFT JOIN sales_supplychoice c ON c.order_id = n.order_id AND c.line_id = n.line_id
  LEFT JOIN stock_supply y ON y.product_id = n.product_id
  LEFT JOIN stock_supplier w ON o.status = 'draft' AND NOT n.is_part
   AND w.id = CASE WHEN c.id IS NULL THEN y.supplier_id ELSE c.supplier_id END
   AND (c.id IS NOT NULL OR w.archived_at IS NULL)
 GROUP BY n.line_id
"""


_STOCKED: Mapping[str, Callable[[Any], Any]] = {
    "line": UUID, "held": Decimal, "free": Decimal, "whole": bool, "promised": date.fromisoformat,
    "was": date.fromisoformat, "straight": str,
}  # fmt: skip


def stocking(*, order_id: UUID) -> Question[dict[UUID, Stocking]]:
    """What is held and free for the stocked lines of an order, by line."""

    def tell(rows: list[Row]) -> dict[UUID, Stocking]:
        return {
            row["line"]: Stocking(
                _shown_base(row["held"], row["whole"]), _shown_base(row["free"], row["whole"]), row["promised"],
                row["was"], row["straight"] or "",
            )
            for row in rows
        }  # fmt: skip

    return Question(Written(_STOCKING, [order_id], _STOCKED), tell)


def _shown_base(figure: Decimal, whole: bool) -> Decimal:
    return figure.to_integral_value(ROUND_DOWN) if whole else figure


def taken_by(line: _LINE) -> dict[UUID, Decimal]:
    """What one base unit of a line, loaded with its product, takes of each product in stock."""
    if isinstance(line, SalesOrderLine):
        return stocked(line.product_id, line.needs_stock, line.parts)
    needs_stock = line.product is not None and line.product.kind in ("goods", "bundle")
    return stocked(line.product_id, needs_stock, line.parts)


def held_products(*, order_id: UUID) -> dict[UUID, Decimal]:
    """What is held of each product for an order that the caller may see, in base units. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id, sum(quantity) FROM stock_reservation WHERE source_id = %s::uuid AND quantity > 0"
            " GROUP BY 1",
            [order_id],
        )
        return dict(cursor.fetchall())


def margin_of(lines: Sequence[_LINE]) -> tuple[Decimal, Decimal] | None:
    """Margin of the lines that count, in money and in percent of their net. None while a cost is unknown."""
    net = cost = Decimal(0)
    for line in lines:
        if line.product_id is None or not getattr(line, "is_chosen", True):
            continue
        if line.unit_cost is None:
            if line.kind == "item":
                return None
            continue
        net += line.net
        cost += line.unit_cost * line.quantity * line.factor
    return (net - cost, (net - cost) * 100 / net) if net else None


def remarks_of(document: Any, lines: Sequence[_LINE], *, language: str, name: str) -> list[str]:
    """What a quotation or order says of its buyer's tax. `name` is what the tax is called."""
    rows = [
        TaxRow(line.tax_category_id, line.net, line.tax, line.tax_rate, line.tax_code)
        for line in lines
        if line.product_id is not None and getattr(line, "is_chosen", True)
    ]
    treatment, currency = document.tax_treatment, document.currency
    return tax_remarks(treatment, rows, currency=currency, language=language, name=name)


def tax_rows(lines: Sequence[_LINE]) -> list[dict[str, Any]]:
    """The counted lines by tax rate: `rate`, `numerator`, `denominator`, `luxury_rate`, and the sums `net`,
    `other_tax_base`, `tax`, `luxury_tax`."""
    groups: dict[Any, dict[str, Any]] = {}
    for line in lines:
        if (
            line.product_id is None
            or not getattr(line, "is_chosen", True)
            or not (line.tax_rate or line.tax or line.luxury_tax)
        ):
            continue
        key = (line.tax_rate, line.base_numerator, line.base_denominator, line.luxury_rate)
        group = groups.setdefault(
            key,
            {"rate": key[0], "numerator": key[1], "denominator": key[2], "luxury_rate": key[3],
             "net": Decimal(0), "other_tax_base": Decimal(0), "tax": Decimal(0), "luxury_tax": Decimal(0)},
        )  # fmt: skip
        for name in ("net", "other_tax_base", "tax", "luxury_tax"):
            group[name] += getattr(line, name)
    return list(groups.values())
