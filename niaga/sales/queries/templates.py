"""Prepared quotations."""

from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.sales.models import QuotationTemplate


def templates_for(*, by: Actor, archived: bool = False) -> QuerySet[QuotationTemplate]:
    """The company's templates in use, or those archived, by name, for who may write quotations."""
    access = access_of(by)
    rows = QuotationTemplate.objects.filter(archived_at__isnull=not archived).order_by("name", "id")
    if not access.allows("quotation", "create"):
        return rows.none()
    return rows.filter(company_id=access.current_company.id)


def get_template(*, template_id: UUID, by: Actor) -> QuotationTemplate:
    """:raises NotFound: none, or none that `by` may use"""
    found = templates_for(by=by).filter(pk=template_id).first()
    if found is None:
        raise NotFound()
    return found
