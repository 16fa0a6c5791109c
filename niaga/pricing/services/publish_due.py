import logging
from datetime import datetime

from niaga.pricing.models import PriceChange
from niaga.pricing.rules.price_change import ChangeStatus
from niaga.pricing.services.publish_at_its_moment import publish_at_its_moment

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
