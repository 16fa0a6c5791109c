"""Mails that wait for an attempt."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from niaga.messaging.models import Email
from niaga.messaging.rules.dispatch import EmailStatus

OVERLOOKED = timedelta(minutes=3)
MOST = 500


def due_email_ids(*, at: datetime) -> list[UUID]:
    """Mails to be tried again now, and those that nobody was told of, the oldest first."""
    due = Q(next_attempt_at__lte=at) | Q(next_attempt_at=None, created_at__lt=at - OVERLOOKED)
    found = Email.objects.filter(due, status=EmailStatus.QUEUED).order_by("created_at")
    return list(found.values_list("id", flat=True)[:MOST])
