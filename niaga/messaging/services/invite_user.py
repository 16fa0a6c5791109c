from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.messaging.models import Email
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import queue_email
from niaga.organization.queries.users import invited_person
from niaga.organization.services.make_password_link import make_password_link


@transaction.atomic
def invite_user(*, user_id: UUID, company_id: UUID | None, at: datetime) -> UUID | None:
    """Mail a new person the link where they choose a password. Told twice, it mails once. Returns the mail's id.

    Nothing is sent when they have a password by now, have no address, or may not log in.
    """
    person = invited_person(user_id=user_id, company_id=company_id)
    if person is None:
        return None
    if Email.objects.filter(subject_kind="invitation", subject_id=user_id).exists():
        return None
    link = make_password_link(user_id=user_id)
    with translation.override(person.language):
        text = _(
            "Hello %(name)s,\n\nyou can work in Niaga for %(company)s now. Your user name is %(username)s.\n\n"
            "Choose your password here; the link works once, for three days:\n\n%(link)s\n"
        ) % {"name": person.name, "company": person.company, "username": person.username, "link": link}
        batch = Batch()
        email_id = queue_email(
            batch=batch,
            company_id=person.company_id,
            to=[person.email],
            subject=_("Your log-in to Niaga at %(company)s") % {"company": person.company},
            text=text,
            html=dress_text(
                text, company=person.company, button=(_("Choose a password"), link), base_url=settings.BASE_URL
            ),
            subject_kind="invitation",
            subject_id=user_id,
            secret=True,
            by=None,
            at=at,
        )
    batch.write()
    return email_id
