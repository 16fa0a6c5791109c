from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import queue_email
from niaga.portal.models import PortalKnock, PortalTicket
from niaga.portal.queries.visitors import valid_accesses
from niaga.portal.services.secrets import hash_of, new_token

SHORT = timedelta(minutes=20)
"""How long a link to sign in works."""


@transaction.atomic
def send_sign_in(*, knock_id: UUID, at: datetime) -> UUID | None:
    """Mail the link to who asked for it, if their address has access somewhere. Told twice, it mails once.

    Returns the mail's id; None: nothing to send.
    """
    knock = PortalKnock.objects.select_for_update().filter(pk=knock_id).first()
    if knock is None or at > knock.at + SHORT or PortalTicket.objects.filter(knock_id=knock_id).exists():
        return None
    access = (
        valid_accesses().filter(person__email=knock.email).select_related("person", "company", "customer")
        .order_by("-invited_at", "-id").first()
    )  # fmt: skip
    if access is None:
        return None
    token = new_token()
    address = f"{settings.BASE_URL}/portal/enter/{token}"
    person, company = access.person, access.company
    with translation.override(person.language or access.customer.language or company.language):
        text = _(
            "Hello %(name)s,\n\nhere is your link to your pages at %(company)s. It works once, for 20 minutes:\n\n"
            "%(link)s\n\nIf you did not ask for it, do nothing: without this mail nobody can sign in.\n"
        ) % {"name": access.name or person.email, "company": company.name, "link": address}
        batch = Batch()
        batch.insert(
            PortalTicket,
            [{"id": new_id(), "person_id": person.pk, "knock_id": knock_id, "token_hash": hash_of(token),
              "created_at": at, "expires_at": at + SHORT}],
        )  # fmt: skip
        mail = queue_email(
            batch=batch, company_id=company.pk, to=[person.email],
            subject=_("Sign in at %(company)s") % {"company": company.name}, text=text,
            html=dress_text(text, company=company.name, button=(_("Sign in"), address), base_url=settings.BASE_URL),
            subject_kind="customer", subject_id=access.customer_id, secret=True, by=None, at=at,
        )  # fmt: skip
    batch.write()
    return mail
