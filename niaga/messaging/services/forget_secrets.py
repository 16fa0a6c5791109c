from datetime import datetime, timedelta

from django.db import transaction

from niaga.messaging.models import WhatsappMessage

LONGEST = timedelta(days=7)
"""No link in a message works longer."""


@transaction.atomic
def forget_secrets(*, at: datetime) -> int:
    """Blank the secrets of messages that were not sent while their links worked. How many."""
    return WhatsappMessage.objects.exclude(sealed="").filter(created_at__lt=at - LONGEST).update(sealed="")
