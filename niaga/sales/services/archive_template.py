from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import AlreadyTaken
from niaga.sales.models import QuotationTemplate


@transaction.atomic
def archive_template(*, template_id: UUID, restore: bool = False, by: Actor, at: datetime) -> QuotationTemplate:
    """Take a template out of the choice, or (`restore`) put it back; a second time changes nothing.

    :raises NotFound: no such template
    :raises Forbidden: the person may not write quotations
    :raises AlreadyTaken: to be restored, while another one has taken its name
    """
    template = QuotationTemplate.objects.select_for_update().filter(pk=template_id).first()
    if template is None:
        raise NotFound()
    access_of(by).require("quotation", "create", company_id=template.company_id)
    if (template.archived_at is None) is restore:
        return template
    namesakes = QuotationTemplate.objects.filter(company_id=template.company_id, name=template.name, archived_at=None)
    if restore and namesakes.exists():
        raise AlreadyTaken(field="name")
    template.archived_at = None if restore else at
    batch = Batch()
    batch.update(QuotationTemplate, where={"id": template.id}, values={"archived_at": template.archived_at})
    record(
        batch=batch, subject_kind="quotation_template", subject_id=template.id,
        verb="restore" if restore else "archive", by=by.id, at=at, company_id=template.company_id, note=template.name,
    )  # fmt: skip
    batch.write()
    return template
