from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.errors import Refusal
from niaga.portal.models import PortalKnock, PortalTicket
from niaga.portal.queries.visitors import valid_accesses
from niaga.portal.queries.whatsapp_way import whatsapp_way
from niaga.portal.services.queue_link import LinkFacts, mail_link, whatsapp_link

SHORT = timedelta(minutes=20)
"""How long a link to sign in works."""


@transaction.atomic
def send_sign_in(*, knock_id: UUID, at: datetime) -> UUID | None:
    """Send the link to who asked for it, if their address or number has access somewhere. Told twice, it sends once.

    Returns the id of the mail or message; None: nothing to send, or WhatsApp cannot bear it.
    """
    knock = PortalKnock.objects.select_for_update().filter(pk=knock_id).first()
    if knock is None or at > knock.at + SHORT or PortalTicket.objects.filter(knock_id=knock_id).exists():
        return None
    by_mail = "@" in knock.asked
    who = {"person__email" if by_mail else "person__phone": knock.asked}
    access = (
        valid_accesses().filter(**who).select_related("person", "company", "customer")
        .order_by("-invited_at", "-id").first()
    )  # fmt: skip
    if access is None:
        return None
    person, company, customer = access.person, access.company, access.customer
    language = person.language or customer.language or company.language
    facts = LinkFacts(access.name, customer.name, customer.pk, company.name, company.pk, SHORT, knock_id)
    batch = Batch()
    if by_mail:
        with translation.override(language):
            sent = mail_link(
                batch=batch, person=person, facts=facts, by=None, at=at, button=_("Sign in"),
                subject=_("Sign in at %(company)s") % {"company": company.name},
                text=_(
                    "Hello %(name)s,\n\nhere is your link to your pages at %(company)s. It works once, for 20 minutes:"
                    "\n\n%(link)s\n\nIf you did not ask for it, do nothing: without this mail nobody can sign in.\n"
                ),
            )  # fmt: skip
    else:
        try:
            way = whatsapp_way(company_id=company.pk, customer_id=customer.pk, language=language)
        except Refusal:
            return None
        sent = whatsapp_link(batch=batch, person=person, facts=facts, way=way, by=None, at=at)
    batch.write()
    return sent
