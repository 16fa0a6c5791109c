from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import NotYourLine, ReasonMissing, TooMuchPicked
from niaga.stock.models import PickLine, PickList, PickRecord
from niaga.stock.queries.picking import lock_pick_list
from niaga.stock.services.keep_fetched import keep_fetched


@transaction.atomic
def record_pick(
    *,
    key: UUID,
    line_id: UUID,
    quantity: Decimal,
    reason: str = "",
    lots: Sequence[tuple[str, Decimal]] = (),
    by: Actor,
    at: datetime,
) -> PickLine:
    """Write down how much of a line was fetched, in base units; less than asked needs a reason.

    `key` is made by who picks: what comes twice, after a lost connection, counts once. The last line closes the list.
    Said again with another key it is corrected, until the delivery leaves. What is short leaves its delivery when
    that ships, and stays in the order for a later one. Of what is kept by lot the proposed ones were taken, unless
    `lots` names others, by number and base units: that needs a reason, too.

    :raises NotFound: no such line
    :raises Forbidden: the person may not pick there
    :raises NotYourLine: another person has it
    :raises WrongState: its delivery has left, or was called off
    :raises Invalid: the key was told of another line
    :raises TooMuchPicked: more than asked, or less than nothing
    :raises ReasonMissing: it is short, or of another lot than was proposed, and nothing says why
    :raises OtherLot: a lot is blocked, past its day or has less than that; or the lots do not add up
    """
    line = PickLine.objects.select_related("delivery_line__delivery__branch", "product").filter(pk=line_id).first()
    if line is None:
        raise NotFound()
    found = lock_pick_list(pick_list_id=line.pick_list_id, by=by)
    access_of(by).require("stock", "record", found)
    try:
        line.refresh_from_db()
    except PickLine.DoesNotExist:  # its delivery left, or was called off, while this waited for the list
        raise NotFound() from None
    known = PickRecord.objects.filter(pk=key).values_list("line_id", flat=True).first()
    if known is not None:
        if known != line.id:
            raise Invalid(_("This was told of another line already."), field="key")
        return line
    if line.picker_id != by.id:
        raise NotYourLine()
    if line.delivery_line.delivery.status not in ("draft", "picking"):
        raise WrongState()
    if not 0 <= quantity <= line.quantity:
        raise TooMuchPicked(field="quantity")
    batch = Batch()
    is_other = line.product.by_lot and keep_fetched(batch=batch, line=line, quantity=quantity, lots=lots, at=at)
    why = reason.replace("\x00", "").strip()[:200]
    reason = why if quantity < line.quantity else ""
    if (is_other or quantity < line.quantity) and not why:
        raise ReasonMissing(field="reason")
    is_last = not PickLine.objects.filter(pick_list_id=found.id, picked=None).exclude(pk=line.pk).exists()
    batch.update(
        PickLine, where={"id": line.id},
        values={"picked": quantity, "short_reason": reason, "picked_at": at},
    )  # fmt: skip
    batch.insert(
        PickRecord,
        [{"id": key, "company_id": found.company_id, "line_id": line.id, "quantity": quantity, "reason": reason,
          "at": at, "by": by.id}],
    )  # fmt: skip
    if reason:
        record(
            batch=batch, subject_kind="delivery", subject_id=line.delivery_line.delivery_id, verb="pick_short",
            by=by.id, at=at, company_id=found.company_id, note=reason,
            data={"product_id": str(line.product_id), "asked": str(line.quantity), "picked": str(quantity)},
        )  # fmt: skip
    if is_other:
        record(
            batch=batch, subject_kind="delivery", subject_id=line.delivery_line.delivery_id, verb="pick_other_lot",
            by=by.id, at=at, company_id=found.company_id, note=why,
            data={"product_id": str(line.product_id), "lots": [number for number, _quantity in lots]},
        )  # fmt: skip
    if is_last and found.status == "open":
        batch.update(PickList, where={"id": found.id}, values={"status": "done", "updated_at": at})
        record(
            batch=batch, subject_kind="pick_list", subject_id=found.id, verb="finish", by=by.id, at=at,
            company_id=found.company_id, from_status="open", to_status="done",
        )  # fmt: skip
    batch.write()
    line.picked, line.short_reason, line.picked_at = quantity, reason, at
    return line
