import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from niaga.core.batch import Batch
from niaga.core.errors import Refusal
from niaga.core.flow import move
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import SYSTEM, access_of
from niaga.organization.queries.users import person_by_id
from niaga.pricing.models import PriceChange
from niaga.pricing.queries.subjects import subject_at_work
from niaga.pricing.rules.price_change import FLOW, ChangeStatus
from niaga.pricing.services._change import Locked
from niaga.pricing.services.publish_change import publish_locked

AT_ONCE = 100

log = logging.getLogger(__name__)


def publish_due(*, at: datetime) -> int:
    """Publish every change whose moment has come, each on its own. Returns how many were published.

    One that can no longer hold is blocked, its author's bell rings, and what held goes on.
    """
    due = PriceChange.objects.filter(status=ChangeStatus.SCHEDULED, publish_at__lte=at)
    done = 0
    for change_id in list(due.order_by("publish_at", "id").values_list("id", flat=True)[:AT_ONCE]):
        try:
            done += publish_at_its_moment(change_id=change_id, at=at)
        except Exception:
            log.exception("Price change %s was not published; it is tried again", change_id)
    return done


@transaction.atomic
def publish_at_its_moment(*, change_id: UUID, at: datetime) -> bool:
    """Publish one change whose moment has come, once, however many try. Returns whether this call did."""
    kind, subject_id = PriceChange.objects.values_list("subject_kind", "subject_id").get(pk=change_id)
    found = subject_at_work(kind, subject_id, lock=True)
    change = PriceChange.objects.select_for_update().get(pk=change_id)
    if change.status != ChangeStatus.SCHEDULED or change.publish_at is None or change.publish_at > at:
        return False
    try:
        with transaction.atomic():
            by = person_by_id(change.scheduled_by) if change.scheduled_by else SYSTEM
            access_of(by).require("price_list", "change", company_id=change.company_id)
            publish_locked(Locked(found, change), by=by, at=at, note=change.note)
    except Refusal as refusal:
        _block(change.pk, refusal, at=at)
        return False
    return True


def _block(change_id: UUID, refusal: Refusal, *, at: datetime) -> None:
    change = PriceChange.objects.get(pk=change_id)
    batch = Batch()
    move(
        batch=batch, flow=FLOW, document=change, move="block", by=None, at=at, note=str(refusal.message),
        data={"code": refusal.code, "lines": [{k: str(v) for k, v in one.items()} for one in refusal.lines]},
    )  # fmt: skip
    people = {one for one in (change.scheduled_by, change.created_by) if one is not None}
    if people:
        add_notice(
            batch=batch, to=people, text=gettext_noop("“%(name)s” could not be published. What held goes on."),
            facts={"name": change.name}, url=f"/price-changes/{change.id}", subject_kind="price_change",
            subject_id=change.id, at=at,
        )  # fmt: skip
    batch.write()
