from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.documents.models import PaperTemplate, TemplateDefault
from niaga.documents.queries.templates import template_for
from niaga.organization.access import Actor
from niaga.organization.services.tracked import change_row, write


@transaction.atomic
def archive_template(*, template_id: UUID, restore: bool = False, by: Actor, at: datetime) -> PaperTemplate:
    """Put a template away: nobody's papers are made by it any more. With `restore` it can be chosen again.

    :raises NotFound: no such template, or none of the person's company
    :raises Forbidden: `by` may not manage settings
    :raises AlreadyTaken: meanwhile another one has its name
    """
    template = template_for(template_id=template_id, by=by, change=True, archived=restore)
    if not restore:
        TemplateDefault.objects.filter(template_id=template.pk).delete()
    batch = Batch()
    change_row(
        batch=batch, row=template, kind="paper_template", values={"archived_at": None if restore else at}, by=by.id,
        at=at, company_id=template.company_id, verb="restore" if restore else "archive",
    )  # fmt: skip
    write(batch, unique={"one_template_name": "name"})
    return template
