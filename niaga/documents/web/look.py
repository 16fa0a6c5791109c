"""How the company's documents look: its logo, its templates and whose papers they make."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niaga.core.clock import now, today
from niaga.core.errors import Refusal
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.templates import chosen_scopes, templates
from niaga.documents.rules.choose_template import Scope
from niaga.documents.rules.paper_parts import TEMPLATE_KINDS
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.sample_document import sample_document
from niaga.documents.services.render_pdf import render_pdf
from niaga.documents.services.set_logo import set_logo
from niaga.documents.web.design_words import kind_words
from niaga.documents.web.serving import serve_pdf
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branches, channels
from niaga.organization.queries.companies import company_profile
from niaga.ui.forms import refuse


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_(
            "JPEG, PNG or WebP. A picture with a transparent or white ground looks best; it is printed 15 mm high."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


@require_http_methods(["GET", "POST"])
@login_required
def look(request: HttpRequest) -> HttpResponse:
    """`POST` takes a new logo, or with `remove` takes it away."""
    access = access_of(request.user)
    access.require("setting", "manage")
    company_id = access.current_company.id
    form = LogoForm()
    status = 200
    if request.method == "POST":
        form = LogoForm(request.POST, request.FILES)
        sent = request.FILES.get("logo")
        picture = sent if isinstance(sent, UploadedFile) else None
        if "remove" in request.POST or picture is not None:
            try:
                set_logo(
                    company_id=company_id,
                    name=(picture.name or "logo") if picture else "",
                    content=None if "remove" in request.POST else picture,
                    by=request.user,
                    at=now(),
                )
            except Refusal as refusal:
                refuse(form, refusal)
                status = 422
            else:
                messages.success(request, gettext("Saved. New documents look like this."))
                return redirect("documents:look")
    context = {"form": form, "company": company_profile(company_id), **_templates(request)}
    return render(request, "documents/look.html", context, status=status)


def _templates(request: HttpRequest) -> dict[str, Any]:
    """Per kind its templates with whose papers they make; five statements however many there are."""
    company = access_of(request.user).current_company
    made: dict[str, list[Any]] = {}
    for row in templates(by=request.user):
        made.setdefault(row.kind, []).append(row)
    scopes: list[tuple[Scope, UUID, str]] = [
        (Scope.COMPANY, company.id, gettext("The whole company")),
        *((Scope.BRANCH, row.pk, row.name) for row in branches(by=request.user)),
        *((Scope.CHANNEL, row.pk, row.name) for row in channels(by=request.user)),
    ]
    places = {key: name for _scope, key, name in scopes}
    chosen: dict[UUID, list[str]] = {}
    customers: dict[UUID, int] = {}
    for one in chosen_scopes(by=request.user):
        if one.scope == Scope.CUSTOMER:
            customers[one.template_id] = customers.get(one.template_id, 0) + 1
        elif one.scope_id in places:
            chosen.setdefault(one.template_id, []).append(places[one.scope_id])
    for template_id, count in customers.items():
        words = ngettext("%(count)d customer", "%(count)d customers", count) % {"count": count}
        chosen.setdefault(template_id, []).append(words)
    kinds = [
        {"kind": kind, "label": label, "templates": [
            {"row": row, "used": ", ".join(chosen.get(row.pk, ())),
             "draft": row.published is not None and row.published.design != row.draft}
            for row in made.get(kind, ())
        ]}
        for kind, label in kind_words()
    ]  # fmt: skip
    return {"kinds": kinds, "scopes": scopes, "archived": list(templates(by=request.user, archived=True))}


@require_GET
@login_required
def sample(request: HttpRequest, kind: str) -> HttpResponse:
    """A sample in the language of the page."""
    access = access_of(request.user)
    access.require("setting", "view")
    if kind not in TEMPLATE_KINDS:
        raise Http404
    company = access.current_company
    sender = company_print(company_id=company.id, currency=company.currency)
    language = get_language() or company.language
    data = sample_document(
        PrintKind(kind), company=sender.company, logo=sender.logo, banks=sender.banks, foot=sender.foot,
        currency=company.currency, day=today(at=now(), zone=company.zone), language=language,
    )  # fmt: skip
    return serve_pdf(render_pdf(kind=kind, data=data, language=language), name=f"{kind}.pdf")
