"""Whether links to the portal can go by WhatsApp, and why not."""

from dataclasses import dataclass
from uuid import UUID

from niaga.core.errors import Refusal
from niaga.messaging.queries.whatsapp_settings import line_of
from niaga.messaging.queries.whatsapp_templates import approved_templates
from niaga.messaging.rules.whatsapp_template import Numbered
from niaga.parties.queries.reachable import refuses_whatsapp
from niaga.parties.rules.phones import is_mobile
from niaga.portal.errors import NoMobile, NoTemplate, WhatsappNotSetUp, WhatsappRefused
from niaga.portal.queries.access import portal_settings


@dataclass(frozen=True, slots=True)
class Way:
    """The approved template that bears the link, in the language in which it is sent."""

    template: str
    language: str
    words: Numbered


def whatsapp_way(*, company_id: UUID, customer_id: UUID, language: str) -> Way:
    """In the language asked for, else in Indonesian.

    :raises WhatsappNotSetUp, NoTemplate, WhatsappRefused: why there is none
    """
    if line_of(company_id) is None:
        raise WhatsappNotSetUp(field="way")
    name = portal_settings(company_id).whatsapp_template
    templates = approved_templates(company_id) if name else {}
    spoken = next((one for one in (language, "id") if (name, one) in templates), None)
    if spoken is None or "link" not in templates[name, spoken].names:
        raise NoTemplate(field="way")
    if refuses_whatsapp(customer_id):
        raise WhatsappRefused(field="way")
    return Way(name, spoken, templates[name, spoken])


def link_templates(company_id: UUID) -> list[str]:
    """The names of approved templates that bear a link."""
    found = approved_templates(company_id)
    return sorted({name for (name, _language), words in found.items() if "link" in words.names})


def bears_link(*, company_id: UUID, template: str) -> bool:
    return template in link_templates(company_id)


def mobile(phone: str) -> str:
    """:raises NoMobile: messages cannot reach the number, or there is none"""
    if not phone or not is_mobile(phone):
        raise NoMobile(field="contact_id")
    return phone


def why_not(*, company_id: UUID, customer_id: UUID, language: str) -> Refusal | None:
    """What stands in the way of WhatsApp for all who are at a customer; None: nothing."""
    try:
        whatsapp_way(company_id=company_id, customer_id=customer_id, language=language)
    except Refusal as refusal:
        return refusal
    return None
