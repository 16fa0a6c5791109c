import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.catalog.rules.product import NewBarcode, NewPacking, NewProduct
from niaga.catalog.services.create_products import create_products
from niaga.catalog.services.save_category import DEEPEST, save_category
from niaga.imports.queries.keys import load_keys
from niaga.imports.services.move_in_customers import write_some
from niaga.imports.services.staged import Cells, Run, staged_rows

KINDS = {
    "": "goods", "goods": "goods", "barang": "goods", "stock": "goods", "persediaan": "goods", "inventory": "goods",
    "service": "service", "jasa": "service", "layanan": "service", "charge": "charge", "biaya": "charge",
    "ongkir": "charge", "freight": "charge",
}  # fmt: skip


def move_in_products(run: Run) -> dict[str, Any]:
    """Create the products of the staged rows; categories that are new are made on the way."""
    categories = dict(load_keys(run.company_id).categories)
    before = len(categories)
    found: list[tuple[int, str, str, str]] = []
    seen: set[str] = set()
    created = 0
    for cells in staged_rows(run, found):
        rows = [_product(one, categories, seen, run) for one in cells]
        created += write_some(
            run, cells, rows, found, lambda some: create_products(
                company_id=run.company_id, rows=some, by=run.by, at=run.at, import_batch_id=run.batch_id
            ),
            _column,
        )  # fmt: skip
    return {"created": created, "categories": len(categories) - before}


def _product(cells: Cells, categories: dict[tuple[UUID | None, str], UUID], seen: set[str], run: Run) -> NewProduct:
    sku = cells.text("sku") or None
    if sku:
        if sku.casefold() in seen:
            cells.fault("sku", "twice", sku)
        seen.add(sku.casefold())
    kind = KINDS.get(cells.text("kind").casefold())
    if kind is None:
        cells.fault("kind", "unknown", cells.text("kind"))
    units: tuple[NewPacking, ...] = ()
    if cells.text("box_unit"):
        factor = cells.figure("box_factor")
        if factor is None:
            cells.fault("box_factor", "missing")
        units = (NewPacking(unit=cells.text("box_unit"), factor=factor or Decimal(1), price=cells.money("box_price")),)
    return NewProduct(
        name=cells.text("name"),
        sku=sku,
        description=cells.text("description"),
        kind=kind or "goods",
        brand=cells.text("brand"),
        unit=cells.text("unit") or None,
        tax_category=cells.text("tax_category") or None,
        price=cells.money("price") or Decimal(0),
        cost=cells.money("cost"),
        category_id=_category(cells, categories, run),
        units=units,
        barcodes=(NewBarcode(code=cells.text("barcode")),) if cells.text("barcode") else (),
        archived=cells.yes("archived"),
    )


def _category(cells: Cells, categories: dict[tuple[UUID | None, str], UUID], run: Run) -> UUID | None:
    """The category behind `Drinks > Coffee`."""
    path: Sequence[str] = [part.strip() for part in re.split(r"[>]", cells.text("category")) if part.strip()]
    if len(path) > DEEPEST or any(len(part) > 120 for part in path):
        cells.fault("category", "too_long", cells.text("category"))
        return None
    parent: UUID | None = None
    for part in path:
        key = (parent, part.casefold())
        if key not in categories:
            categories[key] = save_category(
                company_id=run.company_id, name=part, parent_id=parent, by=run.by, at=run.at
            ).pk
            run.undo.setdefault("categories", []).append(str(categories[key]))
        parent = categories[key]
    return parent


def _column(field: str) -> str:
    if match := re.match(r"units\.\d+\.(\w+)", field):
        return f"box_{match[1]}"
    if field.startswith("barcodes"):
        return "barcode"
    return field
