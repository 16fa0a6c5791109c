from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import queue_email
from niaga.messaging.services.queue_whatsapp import Secret, WhatsappToSend, queue_whatsapp
from niaga.portal.models import PortalPerson, PortalTicket
from niaga.portal.queries.whatsapp_way import Way
from niaga.portal.services.secrets import hash_of, new_token


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """For whom a link is, and how long it works (`lasts`, in words `valid`). `knock_id`: what it answers."""

    name: str
    customer: str
    customer_id: UUID
    company: str
    company_id: UUID
    lasts: timedelta
    knock_id: UUID | None = None


def _ticket(
    batch: Batch, person: PortalPerson, facts: LinkFacts, token: str, whatsapp_id: UUID | None, at: datetime
) -> None:
    batch.insert(
        PortalTicket,
        [{"id": new_id(), "person_id": person.pk, "knock_id": facts.knock_id, "token_hash": hash_of(token),
          "whatsapp_id": whatsapp_id, "created_at": at, "expires_at": at + facts.lasts}],
    )  # fmt: skip


def _address(token: str) -> str:
    return f"{settings.BASE_URL}/portal/enter/{token}"


def mail_link(
    *, batch: Batch, person: PortalPerson, facts: LinkFacts, subject: str, text: str, button: str, by: UUID | None,
    at: datetime,
) -> UUID:  # fmt: skip
    """Add a mail with a link that signs in once, and its ticket. `%(link)s` in the text is the link."""
    token = new_token()
    _ticket(batch, person, facts, token, None, at)
    whole = text % {
        "name": facts.name or person.email, "company": facts.company, "customer": facts.customer,
        "link": _address(token), "later": f"{settings.BASE_URL}/portal",
    }  # fmt: skip
    return queue_email(
        batch=batch, company_id=facts.company_id, to=[person.email], subject=subject, text=whole,
        html=dress_text(whole, company=facts.company, button=(button, _address(token)), base_url=settings.BASE_URL),
        subject_kind="customer", subject_id=facts.customer_id, secret=True, by=by, at=at,
    )  # fmt: skip


def whatsapp_link(
    *, batch: Batch, person: PortalPerson, facts: LinkFacts, way: Way, by: UUID | None, at: datetime
) -> UUID:
    """Add a WhatsApp message with a link that signs in once, and its ticket: nobody here can read the link."""
    token = new_token()
    link = _address(token)
    with translation.override(way.language):
        valid = _("7 days") if facts.lasts >= timedelta(days=1) else _("20 minutes")
    values = way.words.values(
        {"contact.name": facts.name or facts.customer, "customer.name": facts.customer, "company.name": facts.company,
         "link": link, "valid": valid}
    )  # fmt: skip
    message = WhatsappToSend(
        person.phone,
        way.template,
        way.language,
        way.words.text,
        values,
        "customer",
        facts.customer_id,
        Secret(link, at + facts.lasts),
    )
    [key] = queue_whatsapp(batch=batch, company_id=facts.company_id, messages=[message], by=by, at=at)
    _ticket(batch, person, facts, token, key, at)
    return key
