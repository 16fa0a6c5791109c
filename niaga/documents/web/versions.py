"""What was published of a template: by whom and when, what changed, and back to an earlier one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.documents.models import PaperTemplate, TemplateVersion
from niaga.documents.queries.templates import template_for, versions_of
from niaga.documents.rules.compare_designs import design_changes
from niaga.documents.rules.paper_design import PaperDesign
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.read_design import read_design
from niaga.documents.services.publish_template import publish_template
from niaga.documents.web.design_words import printed_words, setting_value, setting_words
from niaga.organization.access import access_of
from niaga.ui.forms import once

DRAFT = "draft"


@login_required
@require_GET
def versions(request: HttpRequest, paper_template_id: UUID) -> HttpResponse:
    """`?one=2&other=3` compares two of them; `draft` is one too."""
    access_of(request.user).require("setting", "manage")
    template = template_for(template_id=paper_template_id, by=request.user)
    rows = list(versions_of(template))
    choices = [
        (DRAFT, _("Draft")),
        *((str(row.number), _("Version %(number)d") % {"number": row.number}) for row in rows),
    ]
    last = str(rows[0].number) if rows else ""
    one = request.GET.get("one", str(rows[1].number) if len(rows) > 1 else last)
    other = request.GET.get("other", last if len(rows) > 1 else DRAFT)
    facts = {
        "template": template, "kind_name": printed_words()[template.kind], "rows": rows, "choices": choices,
        "one": one, "other": other, "changes": _changes(template, rows, one, other) if rows else [],
    }  # fmt: skip
    return render(request, "documents/versions.html", facts)


def _changes(template: PaperTemplate, rows: list[TemplateVersion], one: str, other: str) -> list[dict[str, Any]]:
    designs = {str(row.number): row.design for row in rows} | {DRAFT: template.draft}
    before, after = (_design(template, designs.get(key)) for key in (one, other))
    return [
        {
            "name": setting_words(name), "before": setting_value(name, was), "after": setting_value(name, now_),
            "colour": name == "accent", "was": was, "now": now_,
        }
        for name, was, now_ in design_changes(before, after)
    ]  # fmt: skip


def _design(template: PaperTemplate, data: dict[str, Any] | None) -> PaperDesign:
    if data is None:
        raise NotFound(_("There is no such version."), field="number")
    return read_design(PrintKind(template.kind), data)[0]


@login_required
@require_POST
def restore(request: HttpRequest, paper_template_id: UUID, version_number: int) -> HttpResponse:
    """Publish an earlier version again, as the newest."""

    def deed() -> str:
        made = publish_template(template_id=paper_template_id, restores=version_number, by=request.user, at=now())
        text = _("Version %(earlier)d is published again, as version %(number)d.")
        messages.success(request, text % {"earlier": version_number, "number": made.number})
        return reverse("documents:template_versions", args=[paper_template_id])

    return once(request, deed)
