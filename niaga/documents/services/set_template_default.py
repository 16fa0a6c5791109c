from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.documents.errors import NotPublished
from niaga.documents.models import PaperTemplate, TemplateDefault
from niaga.documents.registry import subjects
from niaga.documents.rules.choose_template import Scope
from niaga.documents.rules.paper_parts import TEMPLATE_KINDS
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.branches import has_branch, has_channel


@transaction.atomic
def set_template_default(
    *, company_id: UUID, kind: str, scope: str, scope_id: UUID, template_id: UUID | None, by: Actor, at: datetime
) -> None:
    """Say which template makes the papers of a kind for the company, a branch, a channel or a customer; None: none.

    :raises Forbidden: `by` may not manage settings
    :raises NotFound: no such branch, channel or customer of the company, no such template of this kind
    :raises NotPublished: the template has no published version yet
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    if kind not in TEMPLATE_KINDS or scope not in set(Scope):
        raise Invalid(field="kind" if kind not in TEMPLATE_KINDS else "scope")
    _require_scope(company_id, Scope(scope), scope_id, by)
    if template_id is not None:
        template = PaperTemplate.objects.filter(
            pk=template_id, company_id=company_id, kind=kind, archived_at=None
        ).first()
        if template is None:
            raise NotFound(field="template")
        if template.published_id is None:
            raise NotPublished(field="template")
    found = TemplateDefault.objects.select_for_update().filter(kind=kind, scope_id=scope_id).first()
    before = found.template_id if found else None
    if before == template_id:
        return
    if template_id is None:
        TemplateDefault.objects.filter(kind=kind, scope_id=scope_id).delete()
    else:
        TemplateDefault.objects.update_or_create(
            kind=kind, scope_id=scope_id,
            defaults={"company_id": company_id, "scope": scope, "template_id": template_id},
        )  # fmt: skip
    batch = Batch()
    data = {"kind": kind, "scope": scope, "before": str(before or ""), "after": str(template_id or "")}
    record(
        batch=batch, subject_kind="template_default", subject_id=scope_id, verb="change", by=by.id, at=at,
        company_id=company_id, data=data,
    )  # fmt: skip
    batch.write()


def _require_scope(company_id: UUID, scope: Scope, scope_id: UUID, by: Actor) -> None:
    if scope is Scope.CUSTOMER:
        source = subjects.get("customer")
        there = source is not None and source(subject_id=scope_id, by=by, change=False).company_id == company_id
    elif scope is Scope.COMPANY:
        there = scope_id == company_id
    else:
        there = (has_branch if scope is Scope.BRANCH else has_channel)(company_id, scope_id)
    if not there:
        raise NotFound(field="scope_id")
