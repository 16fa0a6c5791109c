from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.catalog.models import Barcode, ProductUnit
from niaga.catalog.services.product_states import COLUMNS, ProductState, lock_product_states, write_product_states
from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.core.inputs import Changed
from niaga.organization.access import Actor, access_of


@transaction.atomic
def restore_products(
    *, company_id: UUID, changes: Sequence[Changed], by: Actor, at: datetime, note: str = ""
) -> dict[UUID, Mapping[str, Any]]:
    """Put the values back that `update_products` found. Further units and bar codes it added go.

    Nothing is written when somebody changed one of them since: then the answer holds what each such product has now,
    by column.

    :raises Forbidden: `by` may not change products
    """
    access_of(by).require("product", "change", company_id=company_id)
    states = lock_product_states(company_id=company_id, product_ids=[change.id for change in changes])
    differing: dict[UUID, Mapping[str, Any]] = {}
    for change in changes:
        now = states[change.id].facts()
        other = {name: now.get(name) for name, value in change.after.items() if now.get(name) != value}
        if other:
            differing[change.id] = other
    if differing:
        return differing
    gone: dict[type[ProductUnit | Barcode], list[UUID]] = {ProductUnit: [], Barcode: []}
    for change in changes:
        _put_back(states[change.id], change, gone, at)
    batch = Batch()
    write_product_states(
        batch=batch, company_id=company_id, states=[states[change.id] for change in changes], gone=gone, at=at
    )
    record_changes(
        batch=batch, subject_kind="product",
        changes=[(one.id, Changed(one.id, one.after, one.before).pairs) for one in changes],
        verb="change", by=by.pk, at=at, company_id=company_id, note=note,
    )  # fmt: skip
    batch.write()
    return {}


def _put_back(
    state: ProductState, change: Changed, gone: dict[type[ProductUnit | Barcode], list[UUID]], at: datetime
) -> None:
    for name, value in change.before.items():
        part, _dot, key = name.partition(".")
        if name in COLUMNS:
            setattr(state.product, name, value)
        elif part == "archived":
            state.product.archived_at = at if value else None
        elif part == "barcode":
            gone[Barcode].append(state.codes.pop(key).pk)
        elif value is None:
            gone[ProductUnit].append(state.units.pop(UUID(key)).pk)
        else:
            state.pack(UUID(key), *value)
