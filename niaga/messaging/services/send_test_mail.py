from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import NobodyToSendTo, queue_email
from niaga.organization.access import Actor, access_of


@transaction.atomic
def send_test_mail(*, by: Actor, at: datetime) -> UUID:
    """Send a mail to oneself through the company's server, to see whether it arrives. Returns the mail's id.

    :raises Forbidden: `by` may not manage settings
    :raises NobodyToSendTo: `by` has no address in their profile
    """
    access = access_of(by)
    access.require("setting", "manage")
    address = getattr(by, "email", "")
    if not address:
        raise NobodyToSendTo(_("Write your own e-mail address in your profile first."))
    here = access.current_company
    text = _("This mail was sent by Niaga to try the mail settings of %(company)s. It arrived, so they work.") % {
        "company": here.name
    }
    batch = Batch()
    email_id = queue_email(
        batch=batch,
        company_id=here.id,
        to=[address],
        subject=_("Test mail from %(company)s") % {"company": here.name},
        text=text,
        html=dress_text(text, company=here.name),
        by=by.id,
        at=at,
    )
    batch.write()
    return email_id
