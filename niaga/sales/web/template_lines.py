"""The lines of a template in the order grid."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from niaga.catalog.queries.product_facts import product_facts
from niaga.sales.rules.lines import LineInput
from niaga.ui.order_grid import line_of


def template_grid_lines(*, company_id: UUID, currency: str, lines: Sequence[LineInput]) -> list[dict[str, Any]]:
    """Products that are no longer sold are left out. One statement."""
    facts = product_facts(company_id=company_id, ids={line.product_id for line in lines if line.product_id})
    shown = []
    for place, line in enumerate(lines, 1):
        key = f"new-{place}"
        if line.product_id is None:
            shown.append(line_of(key=key, kind=line.kind, text=line.description or ""))
            continue
        product = facts.get(line.product_id)
        if product is None or product.is_archived:
            continue
        unit = product.unit(line.unit) or product.units[0]
        shown.append(
            line_of(
                key=key, product=product.id, sku=product.sku, name=product.name, unit=unit.code,
                units=[one.code for one in product.units], quantity=line.quantity.normalize() + 0,
                price=line.unit_price, discount=line.discount_percent or None,
                discount_amount=line.discount_amount or None, currency=currency, optional=line.is_optional,
                text=line.description if line.description and line.description != product.name else "",
            )
        )  # fmt: skip
    return shown
