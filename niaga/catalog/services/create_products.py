from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.errors import BarcodeTaken, SkuTaken
from niaga.catalog.models import Barcode, BundlePart, Product, ProductUnit
from niaga.catalog.queries.product_facts import ProductFacts
from niaga.catalog.rules.product import NewProduct
from niaga.catalog.services.check_parts import check_parts, part_products
from niaga.catalog.services.check_product import (
    DEFAULT_TAX,
    DEFAULT_UNIT,
    CatalogKeys,
    check_code,
    check_factor,
    check_load,
    check_product,
    find_key,
    load_keys,
    only_goods_weigh,
    product_search,
)
from niaga.catalog.services.write_products import write_products
from niaga.core.audit import record_all
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, first_doubles
from niaga.core.services.draw_codes import draw_codes
from niaga.organization.access import Actor, access_of

_PLAIN = (
    "sku", "name", "description", "kind", "brand", "price", "cost", "weight", "volume", "category_id", "family_id",
    "option_values",
)  # fmt: skip


@transaction.atomic
def create_products(
    *,
    company_id: UUID,
    rows: Sequence[NewProduct],
    by: Actor,
    at: datetime,
    import_batch_id: UUID | None = None,
) -> list[UUID]:
    """Create products with their units, bar codes and bundle parts; one or thousands, as few statements.

    Without a unit a product is counted in pieces, without a tax category it is taxed as general goods. Rows of an
    import have the import as their audit trail.

    :raises Invalid: a value is missing or cannot be; `lines` says which row (from 1), field and why
    :raises SkuTaken: a SKU is used by another product, or twice in the rows
    :raises BarcodeTaken: a bar code is used by another product
    :raises Forbidden: `by` may not create products, or names a cost without the right to see it
    """
    access = access_of(by)
    access.require("product", "create", company_id=company_id)
    if any(row.cost is not None for row in rows) and not access.allows("product", "see_cost", company_id):
        raise Forbidden(_("Your role does not allow you to see or set costs."), field="cost")
    findings = Findings()
    keys = load_keys(company_id)
    inside = part_products(company_id, [part for row in rows for part in row.parts])
    checked = [_checked(row, line, keys, inside, findings) for line, row in enumerate(rows, start=1)]
    for line in first_doubles(row.sku or "" for row in rows):
        findings.add(line, "sku", _("This SKU comes twice."), "sku_taken")
    codes = [(line, code["code"]) for line, parts in enumerate(checked, start=1) for code in parts["barcodes"]]
    for position in first_doubles(code for _line, code in codes):
        findings.add(codes[position - 1][0], "barcodes", _("This bar code comes twice."), "barcode_taken")
    findings.raise_if_any()
    _refuse_taken(company_id, rows, codes)
    _give_skus(company_id, [parts["product"] for parts in checked])

    batch = Batch()
    for parts in checked:
        product = parts["product"]
        product["search"] = product_search(
            sku=product["sku"], name=product["name"], brand=product["brand"],
            barcodes=[code["code"] for code in parts["barcodes"]],
        )  # fmt: skip
    products = [{**parts["product"], "archived_at": at if row.archived else None}
                for row, parts in zip(rows, checked, strict=True)]  # fmt: skip
    batch.insert(
        Product, products, company_id=company_id, import_batch_id=import_batch_id, created_at=at, updated_at=at
    )
    batch.insert(ProductUnit, [unit for parts in checked for unit in parts["units"]])
    batch.insert(Barcode, [code for parts in checked for code in parts["barcodes"]], company_id=company_id)
    batch.insert(BundlePart, [part for parts in checked for part in parts["parts"]])
    if import_batch_id is None:
        ids = [product["id"] for product in products]
        record_all(
            batch=batch, subject_kind="product", subject_ids=ids, verb="create", by=by.pk, at=at, company_id=company_id
        )
    write_products(batch)
    return [product["id"] for product in products]


def _checked(
    row: NewProduct, line: int, keys: CatalogKeys, inside: dict[UUID | str, ProductFacts], findings: Findings
) -> dict[str, Any]:
    product_id = new_id()
    values = {name: getattr(row, name) for name in _PLAIN}
    if values["sku"] is None:
        values["sku"] = "-"  # drawn once everything else is sound
    product = check_product(values, findings=findings, line=line)
    if row.sku is None:
        product["sku"] = None
    only_goods_weigh(row.kind, product, findings=findings, line=line)
    product["id"] = product_id
    product["unit_id"] = find_key(keys.units, row.unit, DEFAULT_UNIT, "unit", findings, line)
    product["tax_category_id"] = find_key(keys.taxes, row.tax_category, DEFAULT_TAX, "tax_category", findings, line)
    if not keys.units or not keys.taxes:
        findings.add(line, "unit", _("The company has no units or tax categories yet."), "unknown_reference")
    if row.category_id is not None and row.category_id not in keys.categories:
        findings.add(line, "category", _("This was not found."), "unknown_reference")
    if row.family_id is not None and row.family_id not in keys.families:
        findings.add(line, "family", _("This was not found."), "unknown_reference")

    units: list[dict[str, Any]] = []
    for n, packing in enumerate(row.units):
        unit_id = find_key(keys.units, packing.unit, "", f"units.{n}.unit", findings, line)
        check_factor(packing.factor, f"units.{n}.factor", findings, line)
        if packing.price is not None and packing.price < 0:
            findings.add(line, f"units.{n}.price", _("A price is zero or more."))
        own = {"weight": packing.weight, "volume": packing.volume}
        check_load(own, findings=findings, before=f"units.{n}.", line=line)
        only_goods_weigh(row.kind, own, findings=findings, before=f"units.{n}.", line=line)
        if unit_id == product["unit_id"] or any(unit["unit_id"] == unit_id for unit in units):
            findings.add(line, f"units.{n}.unit", _("This unit comes twice."))
        units.append({"product_id": product_id, "unit_id": unit_id, "factor": packing.factor, "price": packing.price,
                      **own})  # fmt: skip
    sold_in = {product["unit_id"], *(unit["unit_id"] for unit in units)}
    barcodes: list[dict[str, Any]] = []
    for n, barcode in enumerate(row.barcodes):
        code = check_code(barcode.code, f"barcodes.{n}.code", findings, line)
        unit_id = product["unit_id"]
        if barcode.unit:
            unit_id = find_key(keys.units, barcode.unit, "", f"barcodes.{n}.unit", findings, line)
            if unit_id is not None and unit_id not in sold_in:
                findings.add(line, f"barcodes.{n}.unit", _("The product is not sold in this unit."))
        barcodes.append({"product_id": product_id, "unit_id": unit_id, "code": code})
    if row.kind == "bundle" and row.cost is not None:
        findings.add(line, "cost", _("A bundle costs what its parts cost."), "bundle_cost")
    bases = check_parts(kind=row.kind, parts=row.parts, products=inside, findings=findings, line=line)
    parts = [{"bundle_id": product_id, "product_id": key, "quantity": base} for key, base in bases.items()]
    return {"product": product, "units": units, "barcodes": barcodes, "parts": parts}


def _refuse_taken(company_id: UUID, rows: Sequence[NewProduct], codes: Sequence[tuple[int, str]]) -> None:
    skus = [row.sku for row in rows if row.sku]
    findings = Findings()
    if skus:
        taken = set(Product.objects.filter(company_id=company_id, sku__in=skus).values_list("sku", flat=True))
        for line, row in enumerate(rows, start=1):
            if row.sku in taken:
                findings.add(line, "sku", _("This SKU is taken."), "sku_taken")
        findings.raise_if_any(SkuTaken)
    if codes:
        used = set(
            Barcode.objects.filter(company_id=company_id, code__in=[code for _line, code in codes])
            .values_list("code", flat=True)
        )  # fmt: skip
        for line, code in codes:
            if code in used:
                findings.add(line, "barcodes", _("Another product has this bar code."), "barcode_taken")
        findings.raise_if_any(BarcodeTaken)


def _give_skus(company_id: UUID, products: list[dict[str, Any]]) -> None:
    """Draw SKUs for products that have none, past any that a person chose himself."""
    own = {product["sku"] for product in products if product["sku"]}
    waiting = [product for product in products if not product["sku"]]
    while waiting:
        drawn = draw_codes(company_id=company_id, kind="product", prefix="P-", count=len(waiting))
        taken = own | set(Product.objects.filter(company_id=company_id, sku__in=drawn).values_list("sku", flat=True))
        for product, sku in zip(waiting, [sku for sku in drawn if sku not in taken], strict=False):
            product["sku"] = sku
        waiting = [product for product in waiting if not product["sku"]]
