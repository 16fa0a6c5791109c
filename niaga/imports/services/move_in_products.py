import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.catalog.queries.products import products_by_sku
from niaga.catalog.rules.product import NewBarcode, NewPacking, NewProduct
from niaga.catalog.services.create_products import create_products
from niaga.catalog.services.save_category import DEEPEST, save_category
from niaga.catalog.services.update_products import update_products
from niaga.imports.queries.keys import load_keys
from niaga.imports.services.note_changes import note_changes
from niaga.imports.services.product_changes import product_change, shown_fact
from niaga.imports.services.staged import Cells, Run, staged_rows
from niaga.imports.services.write_some import write_some

KINDS = {
    "": "goods", "goods": "goods", "barang": "goods", "stock": "goods", "persediaan": "goods", "inventory": "goods",
    "service": "service", "jasa": "service", "layanan": "service", "charge": "charge", "biaya": "charge",
    "ongkir": "charge", "freight": "charge",
}  # fmt: skip


@dataclass(slots=True)
class Tree:
    """Categories by parent and folded name, and what things are called; both grow while rows name new categories."""

    ids: dict[tuple[UUID | None, str], UUID]
    names: dict[UUID, str]


def move_in_products(run: Run) -> dict[str, Any]:
    """Create the products of the staged rows, or bring those that are there up to date; categories that are new are
    made on the way."""
    keys = load_keys(run.company_id)
    tree = Tree(dict(keys.categories), dict(keys.names))
    before = len(tree.ids)
    found: list[tuple[int, str, str, str]] = []
    seen: set[str] = set()
    counts = {"created": 0, "changed": 0, "same": 0} if run.update else {"created": 0}
    for block in staged_rows(run, found):
        for one in block:
            one.once("sku", seen)
        known: dict[str, UUID] = {}
        if run.update:
            known = products_by_sku(run.company_id, [one.given("sku") for one in block])
        new = [one for one in block if one.given("sku") not in known]
        written, _ids = write_some(
            run, new, [_product(one, tree, run) for one in new], found, lambda some: create_products(
                company_id=run.company_id, rows=some, by=run.by, at=run.at, import_batch_id=run.batch_id
            ),
            _column,
        )  # fmt: skip
        counts["created"] += len(written)
        if known:
            _bring_up_to_date(run, [one for one in block if one.given("sku") in known], known, tree, found, counts)
    return {**counts, "categories": len(tree.ids) - before}


def _bring_up_to_date(
    run: Run, cells: list[Cells], known: dict[str, UUID], tree: Tree, found: list[tuple[int, str, str, str]],
    counts: dict[str, int],
) -> None:  # fmt: skip
    changes = [
        product_change(one, known[one.given("sku")], kind=_kind(one), category_id=_category(one, tree, run))
        for one in cells
    ]
    written, changed = write_some(
        run, cells, changes, found, lambda some: update_products(
            company_id=run.company_id, changes=some, by=run.by, at=run.at, note=run.file_name
        ),
        _column,
    )  # fmt: skip
    codes = {known[one.given("sku")]: (one.row, one.given("sku")) for one in written}
    note_changes(run, changed, codes, lambda name, value: shown_fact(name, value, tree.names))
    counts["changed"] += len(changed)
    counts["same"] += len(written) - len(changed)


def _kind(cells: Cells) -> str:
    kind = KINDS.get(cells.text("kind").casefold())
    if kind is None:
        cells.fault("kind", "unknown", cells.text("kind"))
    return kind or "goods"


def _product(cells: Cells, tree: Tree, run: Run) -> NewProduct:
    units: tuple[NewPacking, ...] = ()
    if cells.text("box_unit"):
        factor = cells.figure("box_factor")
        if factor is None:
            cells.fault("box_factor", "missing")
        own = {name: cells.money(f"box_{name}") for name in ("price", "weight", "volume")}
        units = (NewPacking(unit=cells.text("box_unit"), factor=factor or Decimal(1), **own),)
    return NewProduct(
        name=cells.text("name"),
        sku=cells.text("sku") or None,
        description=cells.text("description"),
        kind=_kind(cells),
        brand=cells.text("brand"),
        unit=cells.text("unit") or None,
        tax_category=cells.text("tax_category") or None,
        price=cells.money("price") or Decimal(0),
        cost=cells.money("cost"),
        weight=cells.money("weight"),
        volume=cells.money("volume"),
        category_id=_category(cells, tree, run),
        units=units,
        barcodes=(NewBarcode(code=cells.text("barcode")),) if cells.text("barcode") else (),
        archived=cells.yes("archived"),
    )


def _category(cells: Cells, tree: Tree, run: Run) -> UUID | None:
    """The category behind `Drinks > Coffee`."""
    path: Sequence[str] = [part.strip() for part in re.split(r"[>]", cells.text("category")) if part.strip()]
    if len(path) > DEEPEST or any(len(part) > 120 for part in path):
        cells.fault("category", "too_long", cells.text("category"))
        return None
    parent: UUID | None = None
    for part in path:
        key = (parent, part.casefold())
        if key not in tree.ids:
            made = save_category(company_id=run.company_id, name=part, parent_id=parent, by=run.by, at=run.at).pk
            tree.ids[key], tree.names[made] = made, part
            run.undo.setdefault("categories", []).append(str(made))
        parent = tree.ids[key]
    return parent


def _column(field: str) -> str:
    if match := re.match(r"units\.\d+\.(\w+)", field):
        return f"box_{match[1]}"
    if field.startswith("barcodes"):
        return "barcode"
    return field
