from datetime import datetime

from django.db import transaction

from niaga.messaging.models import Email
from niaga.messaging.rules.dispatch import GIVEN_UP_AFTER, EmailStatus


@transaction.atomic
def settle_lost_emails(*, at: datetime) -> int:
    """Mails whose worker died on the way become `uncertain`: nobody knows whether the server took them. How many."""
    return Email.objects.filter(status=EmailStatus.SENDING, started_at__lt=at - GIVEN_UP_AFTER).update(
        status=EmailStatus.UNCERTAIN,
        reason="stopped",
    )
