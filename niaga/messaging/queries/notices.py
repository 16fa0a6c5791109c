"""What stands in a person's bell."""

from django.db.models import QuerySet
from django.utils.translation import gettext

from niaga.messaging.models import Notice
from niaga.organization.access import Actor


def notices(*, by: Actor) -> QuerySet[Notice]:
    """One's own notices, the newest first."""
    return Notice.objects.filter(user_id=by.id).order_by("-at", "-id")


def unread(*, by: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(user_id=by.id, read_at=None)


def words(notice: Notice) -> str:
    """The notice in the language of who reads it."""
    try:
        return gettext(notice.text) % notice.facts
    except (KeyError, TypeError, ValueError):
        return notice.text
