from datetime import datetime

from django.db import transaction

from niaga.messaging.models import WhatsappMessage
from niaga.messaging.rules.dispatch import GIVEN_UP_AFTER, WhatsappStatus


@transaction.atomic
def settle_lost_whatsapp(*, at: datetime) -> int:
    """Messages whose worker died on the way become `uncertain`: nobody knows whether WhatsApp took them. How many."""
    lost = WhatsappMessage.objects.filter(status=WhatsappStatus.SENDING, started_at__lt=at - GIVEN_UP_AFTER)
    return lost.update(status=WhatsappStatus.UNCERTAIN, reason="wa_stopped")
