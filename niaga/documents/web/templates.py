"""The form of a template with its preview, and what becomes of it: put away, brought back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.documents.queries.templates import template_for
from niaga.documents.registry import trial_papers
from niaga.documents.rules.paper_design import PaperDesign
from niaga.documents.rules.paper_parts import TEMPLATE_KINDS, Layout
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.read_design import read_design
from niaga.documents.services.archive_template import archive_template
from niaga.documents.services.publish_design import publish_design
from niaga.documents.services.save_template import create_template, save_template
from niaga.documents.web.design_form import SWATCHES, DesignForm, design_data, form_values
from niaga.documents.web.design_words import LAYOUTS, printed_words
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh, form_page
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import deed_view, once
from niaga.ui.stale import one_at_a_time, overtaken


class NewTemplateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    layout = forms.ChoiceField(
        label=gettext_lazy("Begin with"), choices=[(str(key), word) for key, word in LAYOUTS.items()],
        initial=str(Layout.MODERN), widget=forms.RadioSelect,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def new_template(request: HttpRequest, kind: str) -> HttpResponse:
    """A name and a layout; everything else is changed in its form."""
    access_of(request.user).require("setting", "manage")
    if kind not in TEMPLATE_KINDS:
        raise Http404

    def deed(data: dict[str, Any]) -> str:
        made = create_template(
            company_id=access_of(request.user).current_company.id, kind=kind, name=data["name"],
            design={"layout": data["layout"]}, by=request.user, at=now(),
        )  # fmt: skip
        return reverse("documents:template", args=[made])

    return form_page(
        request, form=NewTemplateForm, deed=deed, template="documents/new_template.html", kind=kind,
        kind_name=printed_words()[kind], saved=_("Made as a draft. Publish it when it looks right."),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
@one_at_a_time
def edit_template(request: HttpRequest, paper_template_id: UUID) -> HttpResponse:
    """`POST` keeps the draft, with `publish` it is published too."""
    access_of(request.user).require("setting", "manage")
    template = template_for(template_id=paper_template_id, by=request.user)
    kind = PrintKind(template.kind)
    initial = form_values(kind, template.name, read_design(kind, template.draft)[0])
    form = bound_or_fresh(
        request, lambda data: DesignForm(data, kind=kind, initial=initial), subject=paper_template_id
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():
            try:
                return once(request, lambda: _keep(request, form, kind, paper_template_id))
            except Refusal as refusal:
                form.refuse(refusal)
        status = 422
    newest = template.published
    facts = {
        "form": form, "template": template, "kind_name": printed_words()[kind], "swatches": SWATCHES,
        "changed": newest is None or newest.design != template.draft, "newest": newest,
        "trial": trial_papers.get(kind) is not None, "archive": _archive_action(template.pk),
        "is_plain": template.draft == PaperDesign().as_data(),
    }  # fmt: skip
    return render(request, "documents/template.html", facts, status=status)


def _keep(request: HttpRequest, form: DesignForm, kind: PrintKind, template_id: UUID) -> str:
    name, design = form.cleaned_data["name"], design_data(kind, form.cleaned_data)
    if "publish" in request.POST:
        made = publish_design(template_id=template_id, name=name, design=design, by=request.user, at=now())
        messages.success(request, _("Version %(number)d is published.") % {"number": made.number})
    else:
        save_template(template_id=template_id, name=name, design=design, by=request.user, at=now())
        messages.success(request, _("The draft is saved. Papers follow it once it is published."))
    return reverse("documents:template", args=[template_id])


def _archive_action(template_id: UUID) -> Action:
    return Action(
        _("Put away"), url=reverse("documents:template_archive", args=[template_id]), icon="archive",
        kind="ghost",
        confirm=Consequence(
            _("Put this template away?"),
            _("Whoever's papers it makes gets the next wider default again. Papers that were issued stay as they are."),
            _("Put away"),
        ),
    )  # fmt: skip


def _archive(request: HttpRequest, template_id: UUID) -> str:
    archive_template(template_id=template_id, by=request.user, at=now())
    undo = reverse("documents:template_return", args=[template_id])
    messages.success(request, _("The template is put away."), extra_tags=f"undo:{undo}")
    return reverse("documents:look")


def _return(request: HttpRequest, template_id: UUID) -> str:
    archive_template(template_id=template_id, restore=True, by=request.user, at=now())
    messages.success(request, _("The template is back. Choose again whose papers it makes."))
    return reverse("documents:look")


archive = deed_view("archive", _archive)
bring_back = deed_view("bring_back", _return)
