"""Messages that wait for an attempt."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from niaga.messaging.models import Email, WhatsappMessage
from niaga.messaging.rules.dispatch import EmailStatus, WhatsappStatus

OVERLOOKED = timedelta(minutes=3)
MOST = 500


def due_email_ids(*, at: datetime) -> list[UUID]:
    """Mails to be tried again now, and those that nobody was told of, the oldest first."""
    found = Email.objects.filter(_due(at), status=EmailStatus.QUEUED).order_by("created_at")
    return list(found.values_list("id", flat=True)[:MOST])


def due_whatsapp_ids(*, at: datetime) -> list[UUID]:
    """WhatsApp messages to be tried again now, and those that nobody was told of, the oldest first."""
    found = WhatsappMessage.objects.filter(_due(at), status=WhatsappStatus.QUEUED).order_by("created_at")
    return list(found.values_list("id", flat=True)[:MOST])


def _due(at: datetime) -> Q:
    return Q(next_attempt_at__lte=at) | Q(next_attempt_at=None, created_at__lt=at - OVERLOOKED)
