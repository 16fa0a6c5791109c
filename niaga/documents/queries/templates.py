"""Templates of papers: a company's own, and the one that holds for a paper."""

from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.documents.models import PaperTemplate, TemplateDefault, TemplateVersion
from niaga.documents.registry import Paper
from niaga.documents.rules.choose_template import Scope, choose_template
from niaga.documents.rules.paper_design import PaperDesign
from niaga.documents.rules.paper_parts import template_kind
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.read_design import read_design
from niaga.organization.access import Actor, access_of


def templates(*, by: Actor) -> QuerySet[PaperTemplate]:
    """Those of the current company.

    :raises Forbidden: `by` may not see settings
    """
    access = access_of(by)
    access.require("setting", "view")
    found = PaperTemplate.objects.filter(company_id=access.current_company.id, archived_at=None)
    return found.select_related("published").order_by("kind", "name")


def template_for(*, template_id: UUID, by: Actor, change: bool = False) -> PaperTemplate:
    """With `change` locked, for who may manage settings.

    :raises NotFound: none of the person's company
    """
    access = access_of(by)
    access.require("setting", "manage" if change else "view")
    rows = PaperTemplate.objects.filter(company_id=access.current_company.id, archived_at=None)
    rows = rows.select_for_update() if change else rows.select_related("published")
    found = rows.filter(pk=template_id).first()
    if found is None:
        raise NotFound()
    return found


def design_of(version: TemplateVersion | None, kind: PrintKind) -> PaperDesign:
    """What is stored, read again: a setting that is gone since falls back to the usual."""
    return PaperDesign() if version is None else read_design(template_kind(kind), version.design)[0]


def version_for(paper: Paper) -> TemplateVersion | None:
    """The newest published version of the template that holds for this paper. One statement."""
    asked = {
        Scope.CUSTOMER: paper.customer_id,
        Scope.CHANNEL: paper.channel_id,
        Scope.BRANCH: paper.branch_id,
        Scope.COMPANY: paper.company_id,
    }
    rows = TemplateDefault.objects.filter(
        company_id=paper.company_id, kind=template_kind(paper.kind), template__archived_at=None,
        scope_id__in=[one for one in asked.values() if one is not None],
    ).select_related("template__published")  # fmt: skip
    return choose_template({Scope(row.scope): row.template.published for row in rows})


def defaults_of(*, company_id: UUID, scope_id: UUID) -> dict[str, TemplateDefault]:
    """By kind."""
    rows = TemplateDefault.objects.filter(company_id=company_id, scope_id=scope_id).select_related("template")
    return {row.kind: row for row in rows}
