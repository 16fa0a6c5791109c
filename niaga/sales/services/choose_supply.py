from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.sales.errors import NotFromSupplier
from niaga.sales.models import SalesOrder, SalesOrderLine, SupplyChoice
from niaga.sales.services.lock_order import lock_order
from niaga.stock.queries.suppliers import suppliers_by_id


@transaction.atomic
def choose_supply(*, order_id: UUID, choices: Mapping[UUID, UUID | None], by: Actor, at: datetime) -> SalesOrder:
    """Say how lines of a draft order are supplied when it is confirmed, whatever their products say: straight from a
    supplier, or (None) from stock.

    :raises NotFound: no such order, line or supplier
    :raises Forbidden: the person may not change it
    :raises WrongState: it is confirmed; ask a supplier instead
    :raises NotFromSupplier: a line is no goods; each such line is answered
    """
    order = lock_order(order_id=order_id, action="change", by=by)
    if order.status != "draft":
        raise WrongState()
    lines = {line.id: line for line in SalesOrderLine.objects.filter(order_id=order.id, product_id__isnull=False)}
    wanted = {supplier_id for supplier_id in choices.values() if supplier_id is not None}
    if set(choices) - set(lines):
        raise NotFound(field="lines")
    if len(suppliers_by_id(wanted, company_id=order.company_id)) < len(wanted):
        raise NotFound(field="supplier_id")
    faults = [
        {"line": lines[line_id].position, "line_id": str(line_id), "field": f"line-{line_id}",
         "message": _("Only goods are sent straight by a supplier; of a bundle, its parts.")}
        for line_id, supplier_id in choices.items()
        if supplier_id is not None and (not lines[line_id].needs_stock or lines[line_id].parts)
    ]  # fmt: skip
    if faults:
        raise NotFromSupplier(lines=faults, field="lines")
    SupplyChoice.objects.filter(order_id=order.id, line_id__in=list(choices)).delete()
    batch = Batch()
    batch.insert(
        SupplyChoice,
        [{"id": new_id(), "line_id": line_id, "supplier_id": chosen} for line_id, chosen in choices.items()],
        order_id=order.id,
    )
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="choose_supply", by=by.id, at=at,
        company_id=order.company_id,
        data={"lines": [{"line": lines[line_id].position, "supplier": str(chosen or "")}
                        for line_id, chosen in choices.items()]},
    )  # fmt: skip
    batch.write()
    return order


def keep_choice(*, order_id: UUID, line_id: UUID, also: UUID) -> None:
    """What was split off a line of a locked draft is supplied as the line is."""
    chosen = SupplyChoice.objects.filter(order_id=order_id, line_id=line_id).first()
    if chosen is not None:
        SupplyChoice.objects.create(order_id=order_id, line_id=also, supplier_id=chosen.supplier_id)
