from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.sales.errors import DecidedAlready, NothingShort
from niaga.sales.events import OrderChanged
from niaga.sales.models import Substitution
from niaga.sales.queries.substitutions import ordered_line
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.replace_goods import replace_goods
from niaga.sales.services.substitute_pick import exchange_of
from niaga.stock.queries.deliveries import lock_delivery
from niaga.stock.queries.picking import picked_line


@transaction.atomic
def decide_substitution(
    *, substitution_id: UUID, approved: bool, note: str = "", by: Actor, at: datetime
) -> Substitution:
    """Answer for the customer whether other goods may go in place of what is missing. With a yes the substitute is
    held, put into the delivery and onto its pick list; once it has left, only a no can be said.

    :raises NotFound: no such question
    :raises Forbidden: the person may not amend the order
    :raises DecidedAlready: somebody answered
    :raises NothingShort: the delivery has left, or the ordered goods were found meanwhile
    :raises CannotSubstitute, OutOfStock, CreditHeld, ApprovalNeeded: see `substitute_pick`
    """
    order_id = Substitution.objects.filter(pk=substitution_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotFound()
    order = lock_order(order_id=order_id, action="amend", by=by, gate=True)
    found = Substitution.objects.select_for_update().get(pk=substitution_id)
    if found.state != "asked":
        raise DecidedAlready()
    values: dict[str, Any] = {
        "state": "made" if approved else "declined", "decided_by": by.id, "decided_at": at,
        "note": note.strip()[:200],
    }  # fmt: skip
    if approved:
        delivery, lines = lock_delivery(delivery_id=found.delivery_id, picks=True)
        line, pick = ordered_line(found.delivery_line_id), picked_line(delivery_line_id=found.delivery_line_id)
        if line is None or pick is None:
            raise NothingShort()
        what = exchange_of(
            order, delivery, lines, pick_line_id=pick.id, substitute_id=found.substitute_id,
            quantity=found.substitute_quantity, line=line,
        )  # fmt: skip
        values["new_line_id"] = replace_goods(order=order, delivery=delivery, what=what, fetched=None, by=by, at=at)
    batch = Batch()
    batch.update(Substitution, where={"id": found.pk}, values=values)
    if not approved:
        record(
            batch=batch, subject_kind="order", subject_id=order.id, verb="decline_substitution", by=by.id, at=at,
            company_id=order.company_id, from_status=order.status, to_status=order.status, note=values["note"],
            data={"substitution": str(found.pk)},
        )  # fmt: skip
        announce(
            batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "substitution_declined"),
            company_id=order.company_id, by=by.id, at=at,
        )  # fmt: skip
    batch.write()
    for name, value in values.items():
        setattr(found, name, value)
    return found
