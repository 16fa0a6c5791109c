import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.messaging.models import MailSettings
from niaga.messaging.rules.addresses import BadAddress, check_address, has_line_break
from niaga.messaging.services.queue_email import NotAnAddress
from niaga.messaging.services.seal_password import seal_password
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import add_row, change_row, write

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
SECURITY = ("none", "starttls", "tls")


class BadMailServer(Invalid):
    code = "bad_mail_server"
    text = _("Write the server's name, such as smtp.example.com.")


@transaction.atomic
def change_mail_settings(
    *,
    company_id: UUID,
    host: str,
    port: int = 587,
    username: str = "",
    password: str | None = None,
    security: str = "starttls",
    sender: str = "",
    sender_name: str = "",
    by: Actor,
    at: datetime,
) -> MailSettings:
    """Say through which SMTP server the company's mail goes. `password` None leaves it as it is; no host: mail is kept.

    :raises Forbidden: `by` may not manage settings
    :raises BadMailServer: a name, port or kind of security that cannot be right
    :raises NotAnAddress: the sender is not an address
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    host = host.strip()
    if host and not _HOST.fullmatch(host):
        raise BadMailServer(field="host")
    if not 1 <= port <= 65535:
        raise BadMailServer(_("A port is a number from 1 to 65535."), field="port")
    if security not in SECURITY:
        raise BadMailServer(_("Choose how the connection is secured."), field="security")
    if has_line_break(sender_name):
        raise BadMailServer(_("A name is one line."), field="sender_name")
    if sender.strip():
        try:
            sender = check_address(sender)
        except BadAddress as error:
            raise NotAnAddress(field="sender") from error
    elif host:
        raise NotAnAddress(_("Give the address that your mail comes from."), field="sender")
    values: dict[str, Any] = {
        "host": host,
        "port": port,
        "username": username,
        "security": security,
        "sender": sender,
        "sender_name": sender_name,
    }
    if password is not None:
        values["password"] = seal_password(password)
    batch = Batch()
    shared: dict[str, Any] = {"kind": "mail_settings", "by": by.id, "at": at, "company_id": company_id}
    found = MailSettings.objects.select_for_update().filter(company_id=company_id).first()
    if found is None:
        add_row(batch=batch, model=MailSettings, values={"company_id": company_id, **values}, **shared)
    else:
        change_row(batch=batch, row=found, values=values, **shared)
    write(batch)
    return MailSettings.objects.get(company_id=company_id)
