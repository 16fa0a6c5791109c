from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.errors import Archived
from niaga.catalog.models import Barcode, BundlePart, Product, ProductUnit
from niaga.catalog.queries.products import lock_product
from niaga.catalog.rules.product import NewBarcode, NewBundlePart, NewPacking
from niaga.catalog.services.check_parts import check_parts, part_products
from niaga.catalog.services.check_product import (
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
from niaga.catalog.services.product_states import PACKED, packed
from niaga.catalog.services.write_products import write_products
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, StaleVersion
from niaga.core.inputs import Findings, changed_values
from niaga.organization.access import Actor, access_of

_COLUMNS = frozenset(
    {"sku", "name", "description", "brand", "price", "cost", "weight", "volume", "category_id", "family_id",
     "option_values", "image_id"}
)  # fmt: skip


@transaction.atomic
def update_product(
    *,
    product_id: UUID,
    by: Actor,
    at: datetime,
    version: int | None = None,
    tax_category: str | None = None,
    units: Sequence[NewPacking] | None = None,
    barcodes: Sequence[NewBarcode] | None = None,
    parts: Sequence[NewBundlePart] | None = None,
    **changes: Any,
) -> Product:
    """Change the named fields of a product; `units`, `barcodes` and `parts`, when given, replace those it has.

    Kind and base unit stay: stock and documents are counted in them. Documents keep the prices they were made with.

    :raises NotFound: there is no such product
    :raises Forbidden: `by` may not change products, or names a cost without the right to see it
    :raises StaleVersion: somebody saved in between
    :raises Archived: it is archived
    :raises Invalid: a value cannot be
    :raises SkuTaken: another product has the SKU
    :raises BarcodeTaken: another product has the bar code
    """
    product = lock_product(by, product_id, "change")
    if version is not None and version != product.version:
        raise StaleVersion()
    if product.archived_at is not None:
        raise Archived()
    unknown = set(changes) - _COLUMNS
    if unknown:
        raise TypeError(f"a product has no {sorted(unknown)} to change")
    if "cost" in changes and not access_of(by).allows("product", "see_cost", product.company_id):
        raise Forbidden(_("Your role does not allow you to see or set costs."), field="cost")

    findings = Findings()
    keys = load_keys(product.company_id)
    values = check_product(changes, findings=findings)
    only_goods_weigh(product.kind, values, findings=findings)
    if product.kind == "bundle" and values.get("cost") is not None:
        findings.add(1, "cost", _("A bundle costs what its parts cost."), "bundle_cost")
    if values.get("category_id") not in (None, product.category_id, *keys.categories):
        findings.add(1, "category", _("This was not found."), "unknown_reference")
    if values.get("family_id") not in (None, *keys.families):
        findings.add(1, "family", _("This was not found."), "unknown_reference")
    if tax_category:
        values["tax_category_id"] = find_key(keys.taxes, tax_category, "", "tax_category", findings, 1)
    batch = Batch()
    moved: dict[str, Any] = {}
    if units is not None:
        moved |= _replace_units(batch, product, units, keys, findings)
    codes = _replace_barcodes(batch, product, barcodes, units, keys, findings, moved)
    if parts is not None:
        moved |= _replace_parts(batch, product, parts, findings)
    findings.raise_if_any()

    changed = {**changed_values(product, values), **moved}
    if not changed:
        return product
    for name, value in values.items():
        setattr(product, name, value)
    search = product_search(sku=product.sku, name=product.name, brand=product.brand, barcodes=codes)
    batch.update(
        Product,
        where={"id": product.pk, "version": product.version},
        values={**values, "search": search, "version": product.version + 1, "updated_at": at},
    )
    record(
        batch=batch, subject_kind="product", subject_id=product.pk, verb="change", by=by.pk, at=at,
        company_id=product.company_id, data={name: list(pair) for name, pair in changed.items()},
    )  # fmt: skip
    write_products(batch)
    product.version += 1
    product.updated_at = at
    return product


def _replace_units(
    batch: Batch, product: Product, units: Sequence[NewPacking], keys: CatalogKeys, findings: Findings
) -> dict[str, Any]:
    before = {row.unit_id: row for row in ProductUnit.objects.filter(product=product)}
    after: dict[UUID, NewPacking] = {}
    for n, packing in enumerate(units):
        unit_id = find_key(keys.units, packing.unit, "", f"units.{n}.unit", findings, 1)
        check_factor(packing.factor, f"units.{n}.factor", findings)
        if packing.price is not None and packing.price < 0:
            findings.add(1, f"units.{n}.price", _("A price is zero or more."))
        own = {"weight": packing.weight, "volume": packing.volume}
        check_load(own, findings=findings, before=f"units.{n}.")
        only_goods_weigh(product.kind, own, findings=findings, before=f"units.{n}.")
        if unit_id == product.unit_id or unit_id in after:
            findings.add(1, f"units.{n}.unit", _("This unit comes twice."))
        if unit_id is not None:
            after[unit_id] = packing
    gone = [row.pk for unit_id, row in before.items() if unit_id not in after]
    if gone:
        batch.sql("gone", "DELETE FROM catalog_productunit WHERE id = ANY(%s::uuid[]) RETURNING 1", [gone])
    new = [
        {"unit_id": unit_id, **{name: getattr(packing, name) for name in PACKED}}
        for unit_id, packing in after.items() if unit_id not in before
    ]  # fmt: skip
    batch.insert(ProductUnit, new, product_id=product.pk)
    other = [
        {"id": before[unit_id].pk, **{name: getattr(packing, name) for name in PACKED}}
        for unit_id, packing in after.items()
        if unit_id in before and packed(before[unit_id]) != packed(packing)
    ]
    batch.update_each(ProductUnit, other, values={name: f"v.{name}" for name in PACKED})
    if not (gone or new or other):
        return {}
    return {"units": ([[row.unit_id, *packed(row)] for row in before.values()],
                      [[unit_id, *packed(packing)] for unit_id, packing in after.items()])}  # fmt: skip


def _replace_barcodes(
    batch: Batch, product: Product, barcodes: Sequence[NewBarcode] | None, units: Sequence[NewPacking] | None,
    keys: CatalogKeys, findings: Findings, moved: dict[str, Any],
) -> list[str]:  # fmt: skip
    """The product's codes after the change. Codes of a unit it is no longer sold in are refused."""
    before = {row.code: row for row in Barcode.objects.filter(product=product)}
    if barcodes is None:
        return list(before)
    if units is None:
        sold = {product.unit_id, *ProductUnit.objects.filter(product=product).values_list("unit_id", flat=True)}
    else:
        named = (find_key(keys.units, packing.unit, "", "units", Findings(), 1) for packing in units)
        sold = {product.unit_id, *(unit_id for unit_id in named if unit_id is not None)}
    after: dict[str, UUID] = {}
    for n, barcode in enumerate(barcodes):
        code = check_code(barcode.code, f"barcodes.{n}.code", findings)
        unit_id: UUID | None = product.unit_id
        if barcode.unit:
            unit_id = find_key(keys.units, barcode.unit, "", f"barcodes.{n}.unit", findings, 1)
            if unit_id is not None and unit_id not in sold:
                findings.add(1, f"barcodes.{n}.unit", _("The product is not sold in this unit."))
        if code in after:
            findings.add(1, f"barcodes.{n}.code", _("This bar code comes twice."), "barcode_taken")
        if unit_id is not None:
            after[code] = unit_id
    gone = [row.pk for code, row in before.items() if code not in after]
    if gone:
        batch.sql("gone", "DELETE FROM catalog_barcode WHERE id = ANY(%s::uuid[]) RETURNING 1", [gone])
    new = [{"code": code, "unit_id": unit_id} for code, unit_id in after.items() if code not in before]
    batch.insert(Barcode, new, product_id=product.pk, company_id=product.company_id)
    other = [
        {"id": before[code].pk, "unit_id": unit_id}
        for code, unit_id in after.items()
        if code in before and before[code].unit_id != unit_id
    ]
    batch.update_each(Barcode, other, values={"unit_id": "v.unit_id"})
    if gone or new or other:
        moved["barcodes"] = (sorted(before), sorted(after))
    return list(after)


def _replace_parts(
    batch: Batch, product: Product, parts: Sequence[NewBundlePart], findings: Findings
) -> dict[str, Any]:
    before = {row.product_id: row for row in BundlePart.objects.filter(bundle=product)}
    after = check_parts(
        kind=product.kind, parts=parts, products=part_products(product.company_id, parts), findings=findings
    )
    gone = [row.pk for key, row in before.items() if key not in after]
    if gone:
        batch.sql("gone", "DELETE FROM catalog_bundlepart WHERE id = ANY(%s::uuid[]) RETURNING 1", [gone])
    new = [{"product_id": key, "quantity": base} for key, base in after.items() if key not in before]
    batch.insert(BundlePart, new, bundle_id=product.pk)
    other = [
        {"id": before[key].pk, "quantity": base}
        for key, base in after.items()
        if key in before and before[key].quantity != base
    ]
    batch.update_each(BundlePart, other, values={"quantity": "v.quantity"})
    if not (gone or new or other):
        return {}
    return {"parts": ([[key, row.quantity] for key, row in before.items()],
                      [[key, base] for key, base in after.items()])}  # fmt: skip
