"""Whose papers are made by which template: one form for the company, a branch, a channel and a customer."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.documents.queries.templates import defaults_of, templates
from niaga.documents.registry import subjects
from niaga.documents.rules.choose_template import Scope
from niaga.documents.services.choose_templates import choose_templates
from niaga.documents.web.design_words import kind_words
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branches, channels
from niaga.organization.web.pages import form_page
from niaga.ui.stale import one_at_a_time

TITLES = {
    Scope.COMPANY: gettext_lazy("Templates of the company"),
    Scope.BRANCH: gettext_lazy("Templates of a branch"),
    Scope.CHANNEL: gettext_lazy("Templates of a channel"),
    Scope.CUSTOMER: gettext_lazy("Templates of a customer"),
}


class DefaultsForm(forms.Form):
    """A choice per kind; only published templates can be chosen, and only kinds that have one are asked for."""

    def __init__(self, data: Any, *, choices: dict[str, list[tuple[str, str]]], usual: str, initial: Any) -> None:
        super().__init__(data, initial=initial)
        for kind, label in kind_words():
            if choices.get(kind):
                self.fields[str(kind)] = forms.ChoiceField(
                    label=label, required=False, choices=[("", usual), *choices[kind]]
                )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
@one_at_a_time
def edit_defaults(request: HttpRequest, scope: str, scope_id: UUID) -> HttpResponse:
    access_of(request.user).require("setting", "manage")
    if scope not in set(Scope):
        raise Http404
    chosen = Scope(scope)
    company = access_of(request.user).current_company
    name, back = _scope(request, chosen, scope_id)
    choices: dict[str, list[tuple[str, str]]] = {}
    for row in templates(by=request.user).exclude(published=None):
        choices.setdefault(row.kind, []).append((str(row.pk), row.name))
    held = {kind: str(row.template_id) for kind, row in defaults_of(company_id=company.id, scope_id=scope_id).items()}
    usual = _("Niaga's own look") if chosen is Scope.COMPANY else _("as the wider default")

    def deed(data: dict[str, Any]) -> str:
        picked = {kind: UUID(value) if value else None for kind, value in data.items()}
        choose_templates(
            company_id=company.id, scope=chosen, scope_id=scope_id, chosen=picked, by=request.user, at=now()
        )
        return back

    return form_page(
        request, form=lambda data: DefaultsForm(data, choices=choices, usual=usual, initial=held), deed=deed,
        template="documents/template_defaults.html", subject=scope_id, title=TITLES[chosen], name=name, back=back,
        any=bool(choices),
    )  # fmt: skip


def _scope(request: HttpRequest, scope: Scope, scope_id: UUID) -> tuple[str, str]:
    """What it is called, and the page to go back to.

    :raises NotFound: no such branch, channel or customer of the company
    """
    company = access_of(request.user).current_company
    look = reverse("documents:look")
    if scope is Scope.COMPANY and scope_id == company.id:
        return company.name, look
    if scope is Scope.CUSTOMER and (source := subjects.get("customer")):
        found = source(subject_id=scope_id, by=request.user, change=False)
        if found.company_id == company.id:
            return "", found.url
    if scope in (Scope.BRANCH, Scope.CHANNEL):
        rows = (branches if scope is Scope.BRANCH else channels)(by=request.user)
        place = rows.filter(pk=scope_id).first()
        if place is not None:
            return str(place.name), look
    raise NotFound()
