from datetime import datetime

from django.utils.translation import gettext_noop

from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.messaging.events import WhatsappSettled
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.rules.dispatch import WhatsappStatus
from niaga.messaging.services.add_notice import add_notice


def tell_of_whatsapp(*, batch: Batch, message: WhatsappMessage, status: str, at: datetime) -> None:
    """Announce what became of a message, and ring the bell of who wrote one that failed or is uncertain."""
    event = WhatsappSettled(
        subject_id=message.id, status=status, about_kind=message.subject_kind, about_id=message.subject_id
    )
    announce(batch=batch, event=event, company_id=message.company_id, by=message.created_by, at=at)
    if status not in (WhatsappStatus.FAILED, WhatsappStatus.UNCERTAIN) or message.created_by is None:
        return
    add_notice(
        batch=batch,
        to=[message.created_by],
        text=gettext_noop("WhatsApp to %(to)s was not sent: %(template)s")
        if status == WhatsappStatus.FAILED
        else gettext_noop("It is not certain that WhatsApp to %(to)s arrived: %(template)s"),
        facts={"to": message.to, "template": message.template},
        url=f"/messages/whatsapp/{message.id}",
        subject_kind="whatsapp",
        subject_id=message.id,
        at=at,
    )
