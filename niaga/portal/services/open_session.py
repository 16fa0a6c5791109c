from datetime import datetime, timedelta

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.portal.errors import LinkUsedUp
from niaga.portal.models import PortalSession, PortalTicket
from niaga.portal.queries.visitors import valid_accesses
from niaga.portal.services.secrets import hash_of, new_token

DAY, LONG = timedelta(hours=12), timedelta(days=90)
"""How long a device stays signed in, and one that is remembered."""


@transaction.atomic
def open_session(
    *, token: str, remembered: bool, agent: str, address: str | None, at: datetime
) -> tuple[str, timedelta]:
    """Sign a device in by a link that is used up with it. Returns the device's token, seen this once, and how long it
    holds.

    :raises LinkUsedUp: no such link, or it was used, or its time is over, or the access was taken back
    """
    rows = PortalTicket.objects.select_for_update(of=("self",)).filter(token_hash=hash_of(token[:64]))
    ticket = rows.filter(used_at=None, expires_at__gt=at).first()
    if ticket is None:
        raise LinkUsedUp()
    access = valid_accesses().filter(person_id=ticket.person_id).order_by("customer__name", "id").first()
    if access is None:
        raise LinkUsedUp()
    lasts, made, key = (LONG if remembered else DAY), new_token(), new_id()
    batch = Batch()
    batch.update(PortalTicket, where={"id": ticket.pk}, values={"used_at": at})
    batch.insert(
        PortalSession,
        [{"id": key, "person_id": ticket.person_id, "access_id": access.pk, "token_hash": hash_of(made),
          "remembered": remembered, "agent": agent[:200], "address": address, "created_at": at, "seen_at": at,
          "expires_at": at + lasts}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="customer", subject_id=access.customer_id, verb="portal_sign_in", by=None, at=at,
        company_id=access.company_id, data={"person": ticket.person_id, "session": key, "remembered": remembered},
    )  # fmt: skip
    batch.write()
    return made, lasts
