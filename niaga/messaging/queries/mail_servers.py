"""Through which server a company's mail goes."""

import logging
from dataclasses import dataclass
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings

from niaga.messaging.models import MailSettings
from niaga.messaging.rules.server import Server
from niaga.messaging.services.seal_password import open_password
from niaga.organization.access import Actor, access_of

log = logging.getLogger(__name__)


def server_of(company_id: UUID) -> Server | None:
    """The company's own server, else the installation's (environment), else none: mail is kept in the mailbox."""
    own = MailSettings.objects.filter(company_id=company_id).first()
    if own is not None and own.host:
        password = open_password(own.password)
        if password is None:
            log.warning("The SMTP password of company %s cannot be read: the secret key has changed", company_id)
        return Server(own.host, own.port, own.username, password or "", own.security, own.sender, own.sender_name)
    if settings.EMAIL_HOST:
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        security = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none"
        return Server(
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD,
            security, own.sender if own and own.sender else address, own.sender_name if own else name,
        )  # fmt: skip
    return None


@dataclass(frozen=True, slots=True)
class MailSettingsFacts:
    """The settings as a page may show them: never the password, only whether there is one."""

    host: str = ""
    port: int = 587
    username: str = ""
    has_password: bool = False
    password_unreadable: bool = False
    security: str = "starttls"
    sender: str = ""
    sender_name: str = ""
    id: UUID | None = None


def mail_settings(*, by: Actor) -> MailSettingsFacts:
    """:raises Forbidden: `by` may not manage settings"""
    access = access_of(by)
    access.require("setting", "manage")
    own = MailSettings.objects.filter(company_id=access.current_company.id).first()
    if own is None:
        return MailSettingsFacts()
    return MailSettingsFacts(
        host=own.host, port=own.port, username=own.username, has_password=bool(own.password),
        password_unreadable=open_password(own.password) is None, security=own.security, sender=own.sender,
        sender_name=own.sender_name, id=own.id,
    )  # fmt: skip
