"""What may be said of a product when it is created, by a person, the API or a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.money import round_to


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPacking:
    """Another unit the product is sold in: `factor` base units; `price`, `weight` and `volume` of one when it has its
    own (a box and its cardboard)."""

    unit: str
    factor: Decimal
    price: Decimal | None = None
    weight: Decimal | None = None
    volume: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBarcode:
    """A bar code, of the base unit when no unit is named."""

    code: str
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBundlePart:
    """What one bundle holds: `quantity` of a product in `unit`; without one, in its base unit."""

    product_id: UUID
    quantity: Decimal
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubstitute:
    """Goods that may go in place of others: `ratio` base units for one of theirs. `price`: as_ordered, own, cheaper."""

    product_id: UUID
    ratio: Decimal = Decimal(1)
    price: str = "cheaper"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """A product to be. Only the name is needed: `sku` None draws one, `unit` and `tax_category` are codes.

    `price` and `cost` are of one base unit in the company's currency; `weight` (kilograms) and `volume` (litres) are of
    one base unit of goods, as packed.
    """

    name: str
    sku: str | None = None
    description: str = ""
    kind: str = "goods"
    brand: str = ""
    unit: str | None = None
    tax_category: str | None = None
    price: Decimal = Decimal(0)
    cost: Decimal | None = None
    weight: Decimal | None = None
    volume: Decimal | None = None
    category_id: UUID | None = None
    family_id: UUID | None = None
    option_values: tuple[str, ...] = ()
    units: tuple[NewPacking, ...] = ()
    barcodes: tuple[NewBarcode, ...] = ()
    parts: tuple[NewBundlePart, ...] = ()
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChange:
    """What becomes of a product that is there; what is not named stays.

    `values` are columns of the product, `unit` and `kind` what it is said to be (they never change). `packing_*` are of
    its further unit `packing`, `barcode` is added to those it has, `archived` puts it away or back.
    """

    product_id: UUID
    values: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""
    kind: str = ""
    tax_category: str = ""
    packing: str = ""
    packing_factor: Decimal | None = None
    packing_price: Decimal | None = None
    packing_weight: Decimal | None = None
    packing_volume: Decimal | None = None
    barcode: str = ""
    archived: bool | None = None


def bundle_cost(parts: Iterable[tuple[Decimal | None, Decimal]]) -> Decimal | None:
    """What a bundle costs, of (cost, quantity) of its parts; nothing while a cost is unknown."""
    total = Decimal(0)
    for cost, quantity in parts:
        if cost is None:
            return None
        total += cost * quantity
    return round_to(total, 6)
