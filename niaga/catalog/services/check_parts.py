"""What may be in a bundle: goods and services of the company, no bundle, and something that is kept in stock."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.catalog.queries.product_facts import ProductFacts, product_facts
from niaga.catalog.rules.product import NewBundlePart
from niaga.catalog.services.check_product import check_factor
from niaga.core.inputs import Findings


def part_products(company_id: UUID, parts: Iterable[NewBundlePart]) -> dict[UUID | str, ProductFacts]:
    """The products that parts name, in one statement; those the company has not are missing."""
    return product_facts(company_id=company_id, ids={part.product_id for part in parts})


def check_parts(
    *, kind: str, parts: Sequence[NewBundlePart], products: dict[UUID | str, ProductFacts], findings: Findings,
    line: int = 1,
) -> dict[UUID, Decimal]:  # fmt: skip
    """The quantity of each part in its base unit, by product, in their order."""
    if bool(parts) != (kind == "bundle"):
        findings.add(line, "parts", _("A bundle has parts, and only a bundle."), "bundle_parts")
    bases: dict[UUID, Decimal] = {}
    stocked = not parts
    for n, part in enumerate(parts):
        field = f"parts.{n}.product_id"
        product = products.get(part.product_id)
        check_factor(part.quantity, f"parts.{n}.quantity", findings, line)
        if product is None:
            findings.add(line, field, _("There is no such product."), "unknown_product")
            continue
        stocked |= product.kind == "goods"
        if product.kind == "bundle":
            findings.add(line, field, _("A bundle cannot be in a bundle. Add its parts instead."), "bundle_in_bundle")
        elif product.kind not in ("goods", "service"):
            findings.add(line, field, _("Only goods and services can be in a bundle."), "bundle_parts")
        elif part.product_id in bases:
            findings.add(line, field, _("This product is in the bundle already."), "bundle_parts")
        unit = product.unit(part.unit)
        if unit is None:
            findings.add(line, f"parts.{n}.unit", _("The product is not sold in this unit."), "unknown_unit")
            continue
        bases[part.product_id] = part.quantity * unit.factor
        if (
            part.quantity.is_finite()
            and round(bases[part.product_id], product.units[0].digits) != bases[part.product_id]
        ):
            findings.add(
                line, f"parts.{n}.quantity", _("This unit does not allow so many decimals."), "too_many_digits"
            )
    if not stocked:
        findings.add(
            line, "parts", _("A bundle holds at least one product that is kept in stock."), "bundle_without_goods"
        )
    return bases
