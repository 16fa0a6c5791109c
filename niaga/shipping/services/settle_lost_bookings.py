from datetime import datetime

from django.db import transaction

from niaga.shipping.models import Shipment
from niaga.shipping.rules.shipment_flow import LOST_AFTER, Status


@transaction.atomic
def settle_lost_bookings(*, at: datetime) -> int:
    """Bookings whose worker died on the way become `uncertain`, and are asked for. How many."""
    lost = Shipment.objects.filter(status=Status.BOOKING, started_at__lt=at - LOST_AFTER)
    return lost.update(status=Status.UNCERTAIN, reason="stopped", next_ask_at=at)
