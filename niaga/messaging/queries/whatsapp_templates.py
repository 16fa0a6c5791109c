"""WhatsApp templates of a company, and those that may be sent."""

from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.messaging.models import WhatsappTemplate
from niaga.messaging.rules.whatsapp_template import Numbered, numbered
from niaga.organization.access import Actor, access_of


def whatsapp_templates(*, by: Actor) -> QuerySet[WhatsappTemplate]:
    """:raises Forbidden: the person may not see settings"""
    access = access_of(by)
    access.require("setting", "view")
    return WhatsappTemplate.objects.filter(company_id=access.current_company.id).order_by("name", "language")


def whatsapp_template(*, template_id: UUID, by: Actor) -> WhatsappTemplate:
    """:raises NotFound: no such template"""
    found = whatsapp_templates(by=by).filter(pk=template_id).first()
    if found is None:
        raise NotFound()
    return found


def approved_templates(company_id: UUID) -> dict[tuple[str, str], Numbered]:
    """Name and language of what WhatsApp approved, with its words."""
    rows = WhatsappTemplate.objects.filter(company_id=company_id, state="approved")
    return {(name, language): numbered(text) for name, language, text in rows.values_list("name", "language", "text")}
