from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Supplier, Supply

_ABSURD = Decimal(10) ** 12


@transaction.atomic
def save_supply(
    *,
    product_id: UUID,
    company_id: UUID,
    supplier_id: UUID | None,
    code: str = "",
    unit_cost: Decimal | None = None,
    by: Actor,
    at: datetime,
) -> Supply | None:
    """Say how a product is supplied: straight from a supplier to who buys it, or (no supplier) from stock.

    Orders that are confirmed already stay as they are. Without the right to see costs the agreed cost stays too.

    :raises NotFound: no such product or supplier in the company
    :raises Forbidden: the person may not change products
    :raises Invalid: it is no goods, or the cost cannot be
    """
    access = access_of(by)
    access.require("product", "change", company_id=company_id)
    product = product_facts(company_id=company_id, ids={product_id}).get(product_id)
    if product is None:
        raise NotFound()
    before = Supply.objects.select_for_update().filter(product_id=product_id).first()
    if supplier_id is None:
        if before is not None:
            before.delete()
            _note(product_id, company_id, {"supplier": None}, by, at)
        return None
    supplier = Supplier.objects.filter(pk=supplier_id, company_id=company_id, archived_at=None).first()
    if supplier is None:
        raise NotFound(field="supplier_id")
    if product.kind != "goods":
        raise Invalid(_("Only goods are sent straight by a supplier; of a bundle, its parts."), field="supplier_id")
    if not access.sees_cost:
        unit_cost = before.unit_cost if before is not None and before.supplier_id == supplier_id else None
    if unit_cost is not None and not 0 <= unit_cost < _ABSURD:
        raise Invalid(_("This figure is below zero or absurdly large."), field="unit_cost")
    supply, _made = Supply.objects.update_or_create(
        product_id=product_id,
        defaults={"supplier_id": supplier_id, "code": code.strip()[:40], "unit_cost": unit_cost},
    )
    _note(product_id, company_id, {"supplier": supplier.name, "code": supply.code}, by, at)
    return supply


def _note(product_id: UUID, company_id: UUID, data: dict[str, str | None], by: Actor, at: datetime) -> None:
    batch = Batch()
    record(
        batch=batch, subject_kind="product", subject_id=product_id, verb="supply", by=by.id, at=at,
        company_id=company_id, data=data,
    )  # fmt: skip
    batch.write()
