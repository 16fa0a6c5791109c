from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.messaging.models import WhatsappSettings
from niaga.messaging.services.seal_password import seal_password
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import add_row, change_row, write

LONGEST = 1000


class BadWhatsappSettings(Invalid):
    code = "bad_whatsapp_settings"
    text = _("The phone number ID is the long number that Meta shows beside your number.")


@transaction.atomic
def change_whatsapp_settings(
    *,
    company_id: UUID,
    phone_id: str,
    token: str | None = None,
    app_secret: str | None = None,
    verify_token: str = "",
    by: Actor,
    at: datetime,
) -> WhatsappSettings:
    """Say through which number WhatsApp messages go. `token` and `app_secret` None leave them as they are; no phone
    id: messages are kept.

    :raises Forbidden: `by` may not manage settings
    :raises BadWhatsappSettings: an id, token or word that cannot be right
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    phone_id = phone_id.strip()
    if phone_id and not (phone_id.isascii() and phone_id.isdigit() and len(phone_id) <= 40):
        raise BadWhatsappSettings(field="phone_id")
    for name, value in (("token", token), ("app_secret", app_secret), ("verify_token", verify_token)):
        text = (value or "").strip()
        if len(text) > LONGEST or not (text.isascii() and (text.isprintable()) and " " not in text):
            raise BadWhatsappSettings(_("Copy it as Meta shows it: without spaces and line breaks."), field=name)
    values: dict[str, Any] = {"phone_id": phone_id, "verify_token": verify_token.strip()}
    for name, value in (("token", token), ("app_secret", app_secret)):
        if value is not None:
            values[name] = seal_password(value.strip())
    batch = Batch()
    shared: dict[str, Any] = {"kind": "whatsapp_settings", "by": by.id, "at": at, "company_id": company_id}
    found = WhatsappSettings.objects.select_for_update().filter(company_id=company_id).first()
    if found is None:
        add_row(batch=batch, model=WhatsappSettings, values={"company_id": company_id, **values}, **shared)
    else:
        change_row(batch=batch, row=found, values=values, **shared)
    write(batch)
    return WhatsappSettings.objects.get(company_id=company_id)
