from datetime import datetime

from django.db import transaction

from niaga.messaging.models import WhatsappMessage


@transaction.atomic
def forget_secrets(*, at: datetime) -> int:
    """Blank the secrets of messages that were not sent while their links worked. How many."""
    return WhatsappMessage.objects.exclude(sealed="").filter(secret_until__lte=at).update(sealed="")
