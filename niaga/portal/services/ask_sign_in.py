from datetime import datetime, timedelta

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.portal.errors import TooOften
from niaga.portal.events import SignInAsked
from niaga.portal.models import PortalKnock

HOUR = timedelta(hours=1)
OF_ADDRESS, OF_EMAIL = 20, 5
"""Links that one network address may ask for in an hour, and that one mail address is sent."""


@transaction.atomic
def ask_sign_in(*, email: str, address: str | None, at: datetime) -> None:
    """Note that somebody wants to sign in; a job mails the link when the address is known.

    For a known and an unknown address the very same is done here and the same is answered, so neither words nor time
    tell one from the other. Above five in an hour nothing more is sent to an address, and that is not told either.

    :raises TooOften: twenty in an hour from one network address
    """
    asked = email.strip().lower()[:254]
    lately = PortalKnock.objects.filter(at__gt=at - HOUR)
    if address is not None and lately.filter(address=address).count() >= OF_ADDRESS:
        raise TooOften()
    full = lately.filter(email=asked).count() >= OF_EMAIL
    knock = new_id()
    batch = Batch()
    batch.insert(PortalKnock, [{"id": knock, "email": asked, "address": address, "at": at}])
    if not full:
        announce(batch=batch, event=SignInAsked(knock), company_id=None, by=None, at=at)
    batch.write()
