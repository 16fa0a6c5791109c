from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.errors import BarcodeTaken
from niaga.catalog.models import Barcode
from niaga.catalog.rules.product import ProductChange
from niaga.catalog.services.check_product import (
    CatalogKeys,
    check_code,
    check_factor,
    check_load,
    check_product,
    find_key,
    load_keys,
    only_goods_weigh,
)
from niaga.catalog.services.product_states import (
    COLUMNS,
    ProductState,
    lock_product_states,
    packed,
    write_product_states,
)
from niaga.catalog.services.write_products import write_products
from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden
from niaga.core.ids import new_id
from niaga.core.inputs import Changed, Findings
from niaga.organization.access import Actor, access_of


@transaction.atomic
def update_products(
    *, company_id: UUID, changes: Sequence[ProductChange], by: Actor, at: datetime, note: str = ""
) -> list[Changed]:
    """Change many products by the rules that hold for one; what is so already is left. Returns what differs now.

    An archived product changes only when the change says whether it stays so.

    :raises Forbidden: `by` may not change or archive products, or names a cost without the right to see it
    :raises Invalid: a value cannot be, or kind or base unit differ; `lines` says which row, field and why
    :raises BarcodeTaken: another product has the bar code
    """
    access = access_of(by)
    access.require("product", "change", company_id=company_id)
    if any(change.archived is not None for change in changes):
        access.require("product", "archive", company_id=company_id)
    if any("cost" in change.values for change in changes) and not access.allows("product", "see_cost", company_id):
        raise Forbidden(_("Your role does not allow you to see or set costs."), field="cost")
    keys = load_keys(company_id)
    states = lock_product_states(company_id=company_id, product_ids=[change.product_id for change in changes])
    findings = Findings()
    done: list[tuple[ProductState, Changed]] = []
    for line, change in enumerate(changes, start=1):
        state = states.get(change.product_id)
        if state is None or (state.product.archived_at is not None and change.archived is None):
            findings.add(line, "sku", _("This is archived. Restore it first."), "archived")
            continue
        before = state.facts()
        _apply(change, state, keys, findings, line, at)
        after = state.facts()
        names = [name for name, value in after.items() if value != before.get(name)]
        if names:
            pairs = {name: before.get(name) for name in names}, {name: after[name] for name in names}
            done.append((state, Changed(change.product_id, *pairs)))
    findings.raise_if_any()
    _refuse_taken(company_id, changes)

    batch = Batch()
    write_product_states(batch=batch, company_id=company_id, states=[state for state, _changed in done], at=at)
    record_changes(
        batch=batch, subject_kind="product", changes=[(one.id, one.pairs) for _state, one in done], verb="change",
        by=by.pk, at=at, company_id=company_id, note=note,
    )  # fmt: skip
    write_products(batch)
    return [changed for _state, changed in done]


def _refuse_taken(company_id: UUID, changes: Sequence[ProductChange]) -> None:
    """:raises BarcodeTaken: a bar code that another product has, or another row of these wants"""
    findings = Findings()
    wanted = [
        (line, change.product_id, check_code(change.barcode, "barcodes", findings, line))
        for line, change in enumerate(changes, start=1)
        if change.barcode
    ]
    owners: dict[str, UUID] = {}
    if wanted:
        known = Barcode.objects.filter(company_id=company_id, code__in=[code for _line, _key, code in wanted])
        owners = dict(known.values_list("code", "product_id"))
    for line, key, code in wanted:
        if owners.setdefault(code, key) != key:
            findings.add(line, "barcodes", _("Another product has this bar code."), "barcode_taken")
    findings.raise_if_any(BarcodeTaken)


def _apply(
    change: ProductChange, state: ProductState, keys: CatalogKeys, findings: Findings, line: int, at: datetime
) -> None:
    """Check what is named and set it on the state."""
    product = state.product
    unknown = set(change.values) - set(COLUMNS)
    if unknown:
        raise TypeError(f"a product has no {sorted(unknown)} to change")
    values: dict[str, Any] = check_product(change.values, findings=findings, line=line)
    if values.get("category_id") not in (None, product.category_id, *keys.categories):
        findings.add(line, "category", _("This was not found."), "unknown_reference")
    if change.tax_category:
        values["tax_category_id"] = find_key(keys.taxes, change.tax_category, "", "tax_category", findings, line)
    if product.kind == "bundle" and values.get("cost") is not None:
        findings.add(line, "cost", _("A bundle costs what its parts cost."), "bundle_cost")
    only_goods_weigh(product.kind, values, findings=findings, line=line)
    if change.kind and change.kind != product.kind:
        findings.add(line, "kind", _("The type of a product never changes."), "fixed")
    if change.unit and find_key(keys.units, change.unit, "", "unit", findings, line) not in (None, product.unit_id):
        findings.add(line, "unit", _("The base unit never changes: stock and documents are counted in it."), "fixed")
    for name, value in values.items():
        setattr(product, name, value)
    if change.packing:
        _pack(change, state, keys, findings, line)
    if change.barcode:
        code = check_code(change.barcode, "barcodes.0.code", findings, line)
        if code not in state.codes:
            state.codes[code] = Barcode(id=new_id(), product_id=product.pk, unit_id=product.unit_id, code=code)
    if change.archived is not None and change.archived != (product.archived_at is not None):
        product.archived_at = at if change.archived else None


def _pack(change: ProductChange, state: ProductState, keys: CatalogKeys, findings: Findings, line: int) -> None:
    unit_id = find_key(keys.units, change.packing, "", "units.0.unit", findings, line)
    if unit_id is None:
        return
    if unit_id == state.product.unit_id:
        findings.add(line, "units.0.unit", _("This unit comes twice."))
        return
    now = state.units.get(unit_id)
    factor = change.packing_factor if change.packing_factor is not None or now is None else now.factor
    own = {
        name: typed if (typed := getattr(change, f"packing_{name}")) is not None or now is None else getattr(now, name)
        for name in ("price", "weight", "volume")
    }
    if factor is None:
        findings.add(line, "units.0.factor", _("This is needed."), "required")
        return
    check_factor(factor, "units.0.factor", findings, line)
    check_load(own, findings=findings, before="units.0.", line=line)
    only_goods_weigh(state.product.kind, own, findings=findings, before="units.0.", line=line)
    if own["price"] is not None and own["price"] < 0:
        findings.add(line, "units.0.price", _("A price is zero or more."))
    figures = (factor, own["price"], own["weight"], own["volume"])
    if now is None or figures != packed(now):
        state.pack(unit_id, *figures)
