from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.messaging.rules.whatsapp import LANGUAGE, NAME
from niaga.messaging.services.queue_whatsapp import WhatsappToSend, queue_whatsapp
from niaga.organization.access import Actor, access_of


class BadWhatsappNumber(Invalid):
    code = "bad_whatsapp_number"
    text = _("Write the number with its country, such as +62812…")


class BadWhatsappTemplate(Invalid):
    code = "bad_whatsapp_template"
    text = _("A template's name has small letters, digits and underscores; its language is id, en or en_US.")


@transaction.atomic
def send_test_whatsapp(*, to: str, template: str, language: str, by: Actor, at: datetime) -> UUID:
    """Send an approved template without places to a number, to see whether it arrives. Returns the message's id.

    :raises Forbidden: `by` may not manage settings
    :raises BadWhatsappNumber: no number with its country
    :raises BadWhatsappTemplate: a name or language that WhatsApp cannot know
    """
    access = access_of(by)
    access.require("setting", "manage")
    number = "+" + "".join(sign for sign in to if sign.isascii() and sign.isdigit())
    if not to.strip().startswith("+") or not 9 <= len(number) <= 16:
        raise BadWhatsappNumber(field="to")
    if not NAME.fullmatch(template) or not LANGUAGE.fullmatch(language):
        raise BadWhatsappTemplate(field="template")
    batch = Batch()
    (message_id,) = queue_whatsapp(
        batch=batch, company_id=access.current_company.id, by=by.id, at=at,
        messages=[WhatsappToSend(to=number, template=template, language=language, text=template)],
    )  # fmt: skip
    batch.write()
    return message_id
