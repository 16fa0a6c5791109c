"""Through which number of ours WhatsApp messages go."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from niaga.messaging.models import WhatsappSettings
from niaga.messaging.services.hand_over_whatsapp import Line
from niaga.messaging.services.seal_password import open_password
from niaga.organization.access import Actor, access_of


def line_of(company_id: UUID) -> Line | None:
    """The company's number; None: WhatsApp is not set up, and messages are kept."""
    own = WhatsappSettings.objects.filter(company_id=company_id).first()
    if own is None or not own.phone_id or not own.token:
        return None
    return Line(own.phone_id, open_password(own.token) or "")


def secret_of(company_id: UUID) -> tuple[str, str]:
    """What signs WhatsApp's calls for a company, and the word it proves itself with; empty where there is none."""
    own = WhatsappSettings.objects.filter(company_id=company_id).first()
    return (open_password(own.app_secret) or "", own.verify_token) if own is not None else ("", "")


@dataclass(frozen=True, slots=True)
class WhatsappFacts:
    """The settings as a page may show them: never token or secret, only whether there are any."""

    phone_id: str = ""
    has_token: bool = False
    has_app_secret: bool = False
    unreadable: bool = False
    verify_token: str = ""
    webhook_url: str = ""
    id: UUID | None = None

    @property
    def is_ready(self) -> bool:
        return bool(self.phone_id) and self.has_token and not self.unreadable


def whatsapp_settings(*, by: Actor) -> WhatsappFacts:
    """:raises Forbidden: `by` may not manage settings"""
    access = access_of(by)
    access.require("setting", "manage")
    company_id = access.current_company.id
    url = f"{settings.BASE_URL}/hooks/whatsapp/{company_id}"
    own = WhatsappSettings.objects.filter(company_id=company_id).first()
    if own is None:
        return WhatsappFacts(webhook_url=url)
    return WhatsappFacts(
        phone_id=own.phone_id, has_token=bool(own.token), has_app_secret=bool(own.app_secret),
        unreadable=open_password(own.token) is None or open_password(own.app_secret) is None,
        verify_token=own.verify_token, webhook_url=url, id=own.id,
    )  # fmt: skip
