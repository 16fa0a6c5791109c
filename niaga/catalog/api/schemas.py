"""The catalog as JSON. Prices are of one base unit in the company's currency."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from niaga.catalog.models import Product
from niaga.catalog.rules.product import NewBarcode, NewBundlePart, NewPacking
from niaga.core.api import Load, Number, PageQuery, Percent, PositiveQuantity, Price
from niaga.organization.access import access_of

Kind = Literal["goods", "service", "charge", "bundle"]
UnitCode = Annotated[str, Field(min_length=1, max_length=12)]


class Strict(Schema):
    """What is not known is refused, so that a mistyped name is not lost in silence."""

    model_config = ConfigDict(extra="forbid")


class PackingIn(Strict):
    """Another unit the product is sold in: `factor` base units, with a price, weight and volume of its own or none."""

    unit: UnitCode
    factor: PositiveQuantity
    price: Price | None = None
    weight: Load | None = Field(None, description="Kilograms of one. Nothing: its base units'.")
    volume: Load | None = Field(None, description="Litres of one. Nothing: its base units'.")


class BarcodeIn(Strict):
    code: Annotated[str, Field(min_length=1, max_length=40)]
    unit: UnitCode | None = Field(None, description="Nothing: the base unit.")


class PartIn(Strict):
    """Goods or a service in a bundle. `quantity` is in `unit`, one in which the product is sold."""

    product_id: UUID
    quantity: PositiveQuantity
    unit: UnitCode | None = Field(None, description="Nothing: the product's base unit.")


class SubstituteIn(Strict):
    """Goods that may go in place of a product. `ratio` base units for one of it; `price` is what the customer pays:
    the ordered product's price, the substitute's own, or the lower of both."""

    product_id: UUID
    ratio: PositiveQuantity = Decimal(1)
    price: Literal["as_ordered", "own", "cheaper"] = "cheaper"


class SubstitutesIn(Strict):
    substitutes: Annotated[list[SubstituteIn], Field(max_length=20)]


class SubstituteOut(Schema):
    product_id: UUID = Field(alias="substitute_id")
    sku: str = Field(alias="substitute.sku")
    name: str = Field(alias="substitute.name")
    ratio: Number
    price: str


class SubstitutesOut(Schema):
    """In the order in which they are offered."""

    substitutes: list[SubstituteOut]


class _Lists(Strict):
    """What product bodies share; `moved` turns it into the words of the services."""

    def moved(self, values: dict[str, Any]) -> dict[str, Any]:
        kinds = {"units": NewPacking, "barcodes": NewBarcode, "parts": NewBundlePart}
        for name, kind in kinds.items():
            if name in values:
                values[name] = tuple(kind(**item) for item in values[name])
        if "option_values" in values:
            values["option_values"] = tuple(values["option_values"])
        return values


class ProductIn(_Lists):
    """Only the name is needed: `sku` is drawn, the unit is `pcs`, the tax category `general` when they are missing."""

    name: Annotated[str, Field(min_length=1, max_length=250)]
    sku: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    description: Annotated[str, Field(max_length=20_000)] = ""
    kind: Kind = "goods"
    brand: Annotated[str, Field(max_length=80)] = ""
    unit: UnitCode | None = None
    tax_category: Annotated[str, Field(max_length=20)] | None = None
    price: Price = Decimal(0)
    cost: Price | None = None
    weight: Load | None = Field(None, description="Kilograms of one base unit of goods, packed.")
    volume: Load | None = Field(None, description="Litres of one base unit of goods, packed.")
    category_id: UUID | None = None
    family_id: UUID | None = None
    option_values: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=4)] = []
    units: Annotated[list[PackingIn], Field(max_length=20)] = []
    barcodes: Annotated[list[BarcodeIn], Field(max_length=50)] = []
    parts: Annotated[list[PartIn], Field(max_length=100)] = []

    def facts(self) -> dict[str, Any]:
        return self.moved(self.dict())


class ProductPatch(_Lists):
    """Only what is sent is changed; `units`, `barcodes` and `parts` replace those there are."""

    name: Annotated[str, Field(min_length=1, max_length=250)] = ""
    sku: Annotated[str, Field(min_length=1, max_length=60)] = ""
    description: Annotated[str, Field(max_length=20_000)] = ""
    brand: Annotated[str, Field(max_length=80)] = ""
    tax_category: Annotated[str, Field(min_length=1, max_length=20)] = ""
    price: Price = Decimal(0)
    cost: Price | None = None
    weight: Load | None = None
    volume: Load | None = None
    category_id: UUID | None = None
    family_id: UUID | None = None
    option_values: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=4)] = []
    units: Annotated[list[PackingIn], Field(max_length=20)] = []
    barcodes: Annotated[list[BarcodeIn], Field(max_length=50)] = []
    parts: Annotated[list[PartIn], Field(max_length=100)] = []

    def facts(self) -> dict[str, Any]:
        return self.moved(self.dict(exclude_unset=True))


class ProductRow(Schema):
    """A product in a list. `cost` is nothing for those who may not see costs."""

    id: UUID
    sku: str
    name: str
    description: str
    kind: str
    brand: str
    unit: str = Field(alias="unit.code")
    tax_category: str = Field(alias="tax_category.code")
    price: Number
    cost: Number | None
    weight: Number | None = Field(description="Kilograms of one base unit; nothing: unknown, or a bundle.")
    volume: Number | None = Field(description="Litres of one base unit; nothing: unknown, or a bundle.")
    category_id: UUID | None
    family_id: UUID | None
    option_values: list[str]
    image_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None

    @staticmethod
    def resolve_cost(product: Product, context: Any) -> Decimal | None:
        return product.cost if access_of(context["request"].user).sees_cost else None


class PackingOut(Schema):
    unit: str = Field(alias="unit.code")
    factor: Number
    price: Number | None
    weight: Number | None
    volume: Number | None


class BarcodeOut(Schema):
    code: str
    unit: str = Field(alias="unit.code")


class PartOut(Schema):
    product_id: UUID
    sku: str = Field(alias="product.sku")
    name: str = Field(alias="product.name")
    quantity: Number = Field(description="Base units in one base unit of the bundle.")
    unit: str = Field(alias="product.unit.code")


class ProductOut(ProductRow):
    units: list[PackingOut]
    barcodes: list[BarcodeOut]
    parts: list[PartOut]


class ProductQuery(PageQuery):
    """Filters; all that are given must hold."""

    q: Annotated[str, Field(max_length=100)] = Field("", description="Words of the name, any part of SKU or bar code.")
    sku: Annotated[str, Field(max_length=60)] = ""
    barcode: Annotated[str, Field(max_length=40)] = ""
    category_id: UUID | None = Field(None, description="With all categories below it.")
    family_id: UUID | None = None
    kind: Literal["", "goods", "service", "charge", "bundle"] = ""
    brand: Annotated[str, Field(max_length=80)] = ""
    archived: bool | None = Field(False, description="`true`: archived only.")
    updated_since: datetime | None = None


class CategoryIn(Strict):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    parent_id: UUID | None = None


class CategoryOut(Schema):
    id: UUID
    name: str
    parent_id: UUID | None
    archived_at: datetime | None


class FamilyIn(Strict):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    option_names: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=4)] = []


class FamilyOut(Schema):
    id: UUID
    name: str
    option_names: list[str]


class UnitIn(Strict):
    code: UnitCode
    name: Annotated[str, Field(min_length=1, max_length=40)]
    digits: Annotated[int, Field(ge=0, le=6)] = 0
    coretax_code: Annotated[str, Field(max_length=10)] = ""


class UnitOut(UnitIn):
    id: UUID


def _place_and_day(rate: Any) -> tuple[Any, ...]:
    return rate.country, rate.region, rate.with_tax_number, rate.valid_from


class RateIn(Strict):
    """From `valid_from` on, for what is delivered to `country` and `region`: tax is `percent`
    of `base_numerator` / `base_denominator` of the net price."""

    valid_from: date
    transaction_code: Annotated[str, Field(pattern=r"^(0[1-9]|10|)$")]
    percent: Percent
    base_numerator: Annotated[int, Field(ge=1, le=1000)] = 1
    base_denominator: Annotated[int, Field(ge=1, le=1000)] = 1
    luxury_percent: Percent = Field(
        Decimal(0), description="PPnBM beside it, of the whole net price: for who produces or imports luxury goods."
    )
    country: str = Field("", max_length=2, description="Of delivery; `*` is abroad, empty everywhere else.")
    region: str = Field("", max_length=120, description="Province or state of delivery; several with commas between.")
    with_tax_number: bool = Field(False, description="Only for buyers who have a tax number.")
    note: str = Field("", max_length=200, description="Printed on documents, such as why no tax is charged.")


class TaxCategoryIn(Strict):
    code: Annotated[str, Field(min_length=1, max_length=20)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    rates: Annotated[list[RateIn], Field(min_length=1, max_length=50)]
    add_info: str = Field("", max_length=12, description="With codes 07 and 08: the facility's note, TD.005xx.")
    facility_stamp: str = Field("", max_length=12, description="With codes 07 and 08: its stamp, TD.011xx.")


class TaxCategoryOut(Schema):
    id: UUID
    code: str
    name: str
    add_info: str
    facility_stamp: str
    rates: list[RateIn]
    archived_at: datetime | None

    @staticmethod
    def resolve_rates(category: Any) -> list[Any]:
        return [
            {name: getattr(rate, name) for name in RateIn.model_fields}
            for rate in sorted(
                category.rates.all(),
                key=lambda rate: (rate.country, rate.region, rate.with_tax_number, rate.valid_from),
            )
        ]


class GoodsLoadOut(Schema):
    """What goods weigh (kilograms) and take up (litres). Of `lines`, how many have no weight (`unweighed`) or no volume
    (`unmeasured`): they count as nothing."""

    weight: Number
    volume: Number
    lines: int
    unweighed: int
    unmeasured: int
