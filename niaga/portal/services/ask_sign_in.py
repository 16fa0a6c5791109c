from datetime import datetime, timedelta

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.parties.rules.phones import BadPhone, to_e164
from niaga.portal.errors import NoSuchAddress, TooOften
from niaga.portal.events import SignInAsked
from niaga.portal.models import PortalKnock

HOUR = timedelta(hours=1)
OF_ADDRESS, OF_EMAIL = 20, 5
"""Links that one network address may ask for in an hour, and that one mail address or number is sent."""


def address_in(text: str) -> str:
    """A mail address in small letters, or a number in E.164, as it was typed.

    :raises NoSuchAddress: it is neither
    """
    text = text.replace("\x00", "").strip()
    if "@" in text:
        return text.lower()[:254]
    try:
        number = to_e164(text[:40])
    except BadPhone as error:
        raise NoSuchAddress(field="asked") from error
    if not number:
        raise NoSuchAddress(field="asked")
    return number


@transaction.atomic
def ask_sign_in(*, asked: str, address: str | None, at: datetime) -> None:
    """Note that somebody wants to sign in with a mail address or a number; a job sends the link when it is known.

    For a known and an unknown address the very same is done here and the same is answered, so neither words nor time
    tell one from the other. Above five in an hour nothing more is sent to an address, and that is not told either.

    :raises NoSuchAddress: neither a mail address nor a number
    :raises TooOften: twenty in an hour from one network address
    """
    asked = address_in(asked)
    lately = PortalKnock.objects.filter(at__gt=at - HOUR)
    if address is not None and lately.filter(address=address).count() >= OF_ADDRESS:
        raise TooOften()
    full = lately.filter(asked=asked).count() >= OF_EMAIL
    knock = new_id()
    batch = Batch()
    batch.insert(PortalKnock, [{"id": knock, "asked": asked, "address": address, "at": at}])
    if not full:
        announce(batch=batch, event=SignInAsked(knock), company_id=None, by=None, at=at)
    batch.write()
