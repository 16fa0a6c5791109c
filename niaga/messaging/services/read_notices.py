from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from niaga.messaging.models import Notice
from niaga.organization.access import Actor


def read_notices(*, notice_ids: Collection[UUID] | None = None, by: Actor, at: datetime) -> int:
    """Mark one's own notices as read, all of them when none are named. Returns how many were unread."""
    if by.id is None:
        return 0
    unread = Notice.objects.filter(user_id=by.id, read_at=None)
    if notice_ids is not None:
        unread = unread.filter(pk__in=notice_ids)
    return unread.update(read_at=at)
