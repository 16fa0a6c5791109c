"""Many products as they stand, changed in memory and written back as one statement."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from uuid import UUID

from niaga.catalog.models import Barcode, Product, ProductUnit
from niaga.catalog.rules.product import NewPacking
from niaga.catalog.services.check_product import product_search
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.inputs import plain_value

COLUMNS = ("name", "description", "brand", "price", "cost", "weight", "volume", "category_id", "tax_category_id")
PACKED = ("factor", "price", "weight", "volume")
"""What is said of a further unit."""


def packed(row: ProductUnit | NewPacking) -> tuple[Decimal | None, ...]:
    return tuple(getattr(row, name) for name in PACKED)


@dataclass(slots=True)
class ProductState:
    """One product with its further units by unit, and its bar codes."""

    product: Product
    units: dict[UUID, ProductUnit]
    codes: dict[str, Barcode]
    touched: set[UUID] = field(default_factory=set)
    """Further units that `pack` changed."""

    def facts(self) -> dict[str, Any]:
        """Everything that may change, flat and as JSON holds it; a further unit is `unit.<id>` with `PACKED`, a bar
        code `barcode.<code>` with its unit."""
        found = {name: plain_value(getattr(self.product, name)) for name in COLUMNS}
        found["archived"] = self.product.archived_at is not None
        for key, row in self.units.items():
            figures = packed(row) if row.weight is not None or row.volume is not None else packed(row)[:2]
            found[f"unit.{key}"] = [plain_value(one) for one in figures]
        return found | {f"barcode.{code}": str(row.unit_id) for code, row in self.codes.items()}

    def pack(self, unit_id: UUID, *figures: Any) -> None:
        """Sell it in a further unit, or change what that unit is."""
        if unit_id not in self.units:
            self.units[unit_id] = ProductUnit(id=new_id(), product_id=self.product.pk, unit_id=unit_id)
        for name, figure in zip_longest(PACKED, figures):
            setattr(self.units[unit_id], name, figure)
        self.touched.add(unit_id)


def lock_product_states(*, company_id: UUID, product_ids: Collection[UUID]) -> dict[UUID, ProductState]:
    """The products with their parts, locked in the order of their keys; three statements for any number."""
    rows = Product.objects.select_for_update().filter(company_id=company_id, pk__in=product_ids).order_by("id")
    states = {row.pk: ProductState(row, {}, {}) for row in rows}
    for unit in ProductUnit.objects.filter(product_id__in=states).order_by("id"):
        states[unit.product_id].units[unit.unit_id] = unit
    for code in Barcode.objects.filter(product_id__in=states).order_by("id"):
        states[code.product_id].codes[code.code] = code
    return states


def write_product_states(
    *, batch: Batch, company_id: UUID, states: Sequence[ProductState],
    gone: Mapping[type[ProductUnit | Barcode], list[UUID]] | None = None, at: datetime,
) -> None:  # fmt: skip
    """Add the states to the batch: products, further units and bar codes, and the parts that go (`gone`)."""
    batch.update_each(
        Product,
        [
            {"id": one.product.pk, **{name: getattr(one.product, name) for name in (*COLUMNS, "archived_at")},
             "search": _search(one), "updated_at": at}
            for one in states
        ],
        values={
            **{name: f"v.{name}" for name in (*COLUMNS, "archived_at", "search", "updated_at")},
            "version": "t.version + 1",
        },
    )  # fmt: skip
    units = [one.units[key] for one in states for key in one.touched]
    batch.insert(
        ProductUnit,
        [{"id": row.pk, "product_id": row.product_id, "unit_id": row.unit_id,
          **dict(zip(PACKED, packed(row), strict=True))} for row in units if row._state.adding],
    )  # fmt: skip
    batch.update_each(
        ProductUnit,
        [{"id": row.pk, **dict(zip(PACKED, packed(row), strict=True))} for row in units if not row._state.adding],
        values={name: f"v.{name}" for name in PACKED},
    )
    codes = [row for one in states for row in one.codes.values() if row._state.adding]
    batch.insert(
        Barcode,
        [{"id": row.pk, "product_id": row.product_id, "unit_id": row.unit_id, "code": row.code} for row in codes],
        company_id=company_id,
    )
    for model, keys in (gone or {}).items():
        if keys:
            batch.sql("gone", f"DELETE FROM {model._meta.db_table} WHERE id = ANY(%s::uuid[]) RETURNING 1", [keys])


def _search(state: ProductState) -> str:
    product = state.product
    return product_search(sku=product.sku, name=product.name, brand=product.brand, barcodes=list(state.codes))
