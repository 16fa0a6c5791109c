from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from niaga.core.audit import record_all
from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.stock.events import DeliveryRegrouped
from niaga.stock.models import Delivery


def leave_joint(*, members: Sequence[Delivery], leaving: Collection[UUID], by: UUID | None, at: datetime) -> None:
    """Take deliveries out of the joint delivery whose members are all given, locked. One that would be left alone
    travels alone. Written at once, two statements; nothing where nobody leaves.

    The caller has seen that none of those that leave, and none that stays alone, has left the warehouse.
    """
    out = {one.id for one in members if one.id in leaving and one.joint_id is not None}
    rest = [one for one in members if one.joint_id is not None and one.id not in out]
    if not out:
        return
    out |= {one.id for one in rest} if len(rest) < 2 else set()
    Delivery.objects.filter(pk__in=out).update(joint=None, updated_at=at, version=F("version") + 1)
    for one in members:
        if one.id in out:
            one.joint_id = None
    batch = Batch()
    record_all(
        batch=batch, subject_kind="delivery", subject_ids=sorted(out), verb="part", by=by, at=at,
        company_id=members[0].company_id,
    )  # fmt: skip
    told = [DeliveryRegrouped(one.id, one.number, one.customer_id) for one in members]
    announce(batch=batch, event=told, company_id=members[0].company_id, by=by, at=at)
    batch.write()
