from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.documents.errors import NothingToPublish
from niaga.documents.models import PaperTemplate, TemplateVersion
from niaga.documents.queries.templates import template_for
from niaga.documents.services.save_template import checked_design
from niaga.organization.access import Actor


@transaction.atomic
def publish_template(*, template_id: UUID, restores: int | None = None, by: Actor, at: datetime) -> TemplateVersion:
    """Make the draft, or with `restores` an earlier version, the newest version: papers follow it from now on.

    What was issued keeps its bytes. The template's row lock keeps numbers without gaps.

    :raises NotFound: no such template, or no such version of it
    :raises Forbidden: `by` may not manage settings
    :raises NothingToPublish: it is what is published already
    """
    template = template_for(template_id=template_id, by=by, change=True)
    versions = TemplateVersion.objects.filter(template_id=template.id)
    newest = versions.order_by("-number").first()
    design = template.draft
    if restores is not None:
        earlier = versions.filter(number=restores).first()
        if earlier is None:
            raise NotFound(_("There is no such version."), field="number")
        design = earlier.design
    design = checked_design(template.kind, design)
    if newest is not None and newest.design == design:
        raise NothingToPublish()
    made = TemplateVersion(
        id=new_id(), template=template, number=newest.number + 1 if newest else 1, design=design, restores=restores,
        by=by.id, at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    PaperTemplate.objects.filter(pk=template.pk).update(published=made, draft=design)
    batch = Batch()
    record(
        batch=batch, subject_kind="paper_template", subject_id=template.pk, verb="publish", by=by.id, at=at,
        company_id=template.company_id, data={"number": made.number, "restores": restores},
    )  # fmt: skip
    batch.write()
    return made
