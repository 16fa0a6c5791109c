from datetime import datetime, timedelta

from django.db import transaction

from niaga.portal.models import PortalKnock, PortalSession, PortalTicket

KEPT = timedelta(days=2)
LONGER = timedelta(days=90)


@transaction.atomic
def forget_knocks(*, at: datetime) -> int:
    """Remove who asked to sign in two days ago, and links and devices that ended long ago. Returns how many rows."""
    gone = PortalKnock.objects.filter(at__lt=at - KEPT).delete()[0]
    gone += PortalTicket.objects.filter(expires_at__lt=at - KEPT).delete()[0]
    return gone + PortalSession.objects.filter(expires_at__lt=at - LONGER).delete()[0]
