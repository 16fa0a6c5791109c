"""What stands in a person's bell."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from niaga.messaging.models import Notice
from niaga.organization.access import Actor


def _own(by: Actor) -> QuerySet[Notice]:
    return Notice.objects.none() if by.id is None else Notice.objects.filter(user_id=by.id)


def notices(*, by: Actor) -> QuerySet[Notice]:
    """One's own notices, the newest first."""
    return _own(by).order_by("-at", "-id")


def unread(*, by: Actor) -> QuerySet[Notice]:
    return _own(by).filter(read_at=None)


def words(notice: Notice) -> str:
    """The notice in the language of who reads it."""
    try:
        return str(gettext(notice.text) % notice.facts)
    except (KeyError, TypeError, ValueError):
        return notice.text


def was_told(*, people: Collection[UUID], subject_kind: str, subject_id: UUID, since: datetime) -> bool:
    """Whether one of them was told about it from then on."""
    rows = Notice.objects.filter(user_id__in=people, at__gte=since)
    return rows.filter(subject_kind=subject_kind, subject_id=subject_id).exists()
