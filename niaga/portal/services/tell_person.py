from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import queue_email
from niaga.portal.models import PortalCase
from niaga.portal.queries.access import called, mail_of


def tell_person(*, batch: Batch, case: PortalCase, text: str, by: UUID | None, at: datetime) -> UUID | None:
    """Add a mail to who told the case, with what was answered and where it stands; it signs nobody in. Who signs in
    with a number is told at the contact's or customer's address; None: there is none, it stands on their pages."""
    address = f"{settings.BASE_URL}/portal/cases/{case.pk}"
    company, person = case.company, case.person
    to = person.email or mail_of(person_id=person.pk, customer_id=case.customer_id)
    if not to:
        return None
    about = case.invoice.number if case.invoice is not None else ""
    with translation.override(person.language or company.language):
        subject = _("Answer about %(number)s") % {"number": about} if about else _("Answer to your message")
        whole = _("Hello %(name)s,\n\n%(text)s\n\n%(link)s\n") % {
            "name": called(person_id=person.pk, customer_id=case.customer_id) or person.address, "text": text,
            "link": address,
        }  # fmt: skip
        return queue_email(
            batch=batch, company_id=company.pk, to=[to], subject=f"{subject} · {company.name}"[:200],
            text=whole, html=dress_text(whole, company=company.name, button=(_("Open"), address),
                                        base_url=settings.BASE_URL),
            subject_kind="customer", subject_id=case.customer_id, by=by, at=at,
        )  # fmt: skip
