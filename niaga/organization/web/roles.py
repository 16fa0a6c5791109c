"""Roles: how far each reaches, for each kind of thing and each deed."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.organization.queries import users as queries
from niaga.organization.rules.roles import ACTIONS, BY_BRANCH, reaches
from niaga.organization.services.create_role import create_role
from niaga.organization.services.set_grants import set_grants
from niaga.organization.web.fields import SettingsForm
from niaga.organization.web.labels import REACHES, action_label, kind_label, role_label
from niaga.organization.web.pages import SAVED, bind_to, form_page
from niaga.ui.forms import once, refuse
from niaga.ui.stale import one_at_a_time, overtaken, watched


@require_GET
@login_required
def roles(request: HttpRequest) -> HttpResponse:
    rows = queries.roles(by=request.user)
    counts = queries.people_by_role(by=request.user)
    context = {
        "rows": [(role, role_label(role), len(role.grants.all()), counts.get(role.id, 0)) for role in rows],
        "may_manage": access_of(request.user).allows("user", "manage"),
        "back": (_("Users"), reverse("organization:users")),
    }
    return render(request, "organization/roles.html", context)


class NewRoleForm(SettingsForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("Code"), max_length=30, help_text=_("Short, for the API and imports."))
    like = forms.ChoiceField(label=_("Begin with the rights of"), required=False)
    half = ("name", "code", "like")

    def __init__(self, *args: Any, by: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = [(role.code, role_label(role)) for role in queries.roles(by=by)]
        self.fields["like"].choices = [("", _("none")), *rows]  # type: ignore[attr-defined]


@login_required
def role_new(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("user", "manage")

    def save(values: dict[str, Any]) -> str:
        role = create_role(company_id=access.current_company.id, by=request.user, at=now(), **values)
        return reverse("organization:role", args=[role.id])

    return form_page(
        request,
        form=lambda data: NewRoleForm(data, by=request.user),
        deed=save,
        title=_("New role"),
        back=(_("Roles"), reverse("organization:roles")),
        may_change=True,
    )


class Matrix(SettingsForm):
    """A field for each right, named `kind.action`, saying how far it reaches."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind, actions in ACTIONS.items():
            choices = [(value, _reach(kind, value)) for value in ("", *reaches(kind))]
            for action in actions:
                label = f"{kind_label(kind)}: {action_label(kind, action)}"
                self.fields[f"{kind}.{action}"] = forms.ChoiceField(label=label, choices=choices, required=False)


@login_required
@one_at_a_time
def role(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """The matrix: for each kind of thing and each deed, how far the role reaches."""
    row = queries.role_to_set(role_id=role_id, by=request.user)
    may_manage = access_of(request.user).allows("user", "manage")
    stored = {f"{grant.kind}.{grant.action}": grant.scope for grant in row.grants.all()}

    def made(data: Any) -> Matrix:
        return Matrix(data, initial=stored)

    form = bind_to(request, made, subject=role_id) if request.method == "POST" else watched(made(None))
    held = {
        (kind, action): value
        for kind, actions in ACTIONS.items()
        for action in actions
        if (value := form[f"{kind}.{action}"].value())
    }
    if request.method == "POST" and not overtaken(form) and form.is_valid():

        def save() -> str:
            set_grants(role_id=role_id, grants=held, by=request.user, at=now())
            return request.path

        try:
            answer = once(request, save)
            messages.success(request, str(SAVED))
            return answer
        except Refusal as refusal:
            refuse(form, refusal)
    kinds = [
        {
            "kind": kind,
            "label": kind_label(kind),
            "rights": [
                {
                    "name": f"{kind}.{action}",
                    "label": action_label(kind, action),
                    "held": held.get((kind, action), ""),
                    "reach": REACHES[held.get((kind, action), "")],
                }
                for action in actions
            ],
            "reaches": [(value, _reach(kind, value)) for value in ("", *reaches(kind))],
        }
        for kind, actions in ACTIONS.items()
    ]
    context = {
        "role": row,
        "title": role_label(row),
        "kinds": kinds,
        "may_manage": may_manage,
        "form": form,
        "back": (_("Roles"), reverse("organization:roles")),
    }
    return render(request, "organization/role.html", context, status=422 if request.method == "POST" else 200)


def _reach(kind: str, reach: str) -> Any:
    return REACHES[reach] if not reach or kind in BY_BRANCH else _("Yes")
