"""People: who works here, with which roles."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.organization.models import User
from niaga.organization.queries import branches as places
from niaga.organization.queries import users as queries
from niaga.organization.services.add_member import add_member
from niaga.organization.services.change_user import change_user
from niaga.organization.services.give_password_link import give_password_link
from niaga.organization.services.grant_role import grant_role
from niaga.organization.services.revoke_role import revoke_role
from niaga.organization.web.fields import LANGUAGES, SettingsForm, choose, chosen, tree
from niaga.organization.web.labels import role_label
from niaga.organization.web.pages import SAVED, bind_to, form_page
from niaga.ui.documents import Action
from niaga.ui.forms import once, refuse
from niaga.ui.lists import Choice, Empty, Listing, Moment, Search, Status, StatusColumn, Text
from niaga.ui.lists.addresses import row_address
from niaga.ui.stale import one_at_a_time, overtaken, watched

STATUSES = {
    "active": Status(_("Active"), "good", "circle-check"),
    "deactivated": Status(_("Deactivated"), "faint", "circle-x"),
}


class UserList(Listing):
    key, title, sort = "users", _("Users"), "name"
    above = (_("Settings"), "/settings")
    columns = (
        Text("name", _("Name"), sub="username", sort="name", phone="title"),
        Text(
            "roles",
            _("Roles"),
            source=lambda user: ", ".join(dict.fromkeys(role_label(one.role) for one in user.roles_here)),
            phone="meta",
        ),
        Text(
            "branch",
            _("Branch"),
            source=lambda user: ", ".join(dict.fromkeys(one.branch.name for one in user.roles_here if one.branch)),
        ),
        Text("email", _("E-mail"), sort="email"),
        StatusColumn(
            "is_active",
            _("Status"),
            source=lambda user: "active" if user.is_active else "deactivated",
            statuses=STATUSES,
            phone="status",
        ),
        Moment("last_login", _("Last log-in"), sort="last_login"),
    )
    filters = (
        Search("q", _("Name, user name or e-mail"), match=queries.matching_users),
        Choice(
            "active",
            _("Status"),
            options=[("yes", _("Active")), ("no", _("Deactivated"))],
            match=lambda rows, value: rows.filter(is_active=value == "yes"),
        ),
    )
    empty = Empty(
        _("Nobody yet"), _("Invite the people who work with you; each sees what their role needs."), icon="users"
    )

    def rows(self) -> QuerySet[User]:
        return queries.users(by=self.request.user)

    def url(self, row: User) -> str:
        return row_address("organization:user", row.pk)

    def actions(self) -> list[Action]:
        access = access_of(self.request.user)
        found = [Action(_("Roles"), url=reverse("organization:roles"), icon="shield", method="get")]
        if access.allows("user", "manage"):
            url = reverse("organization:user_new")
            found.append(Action(_("New user"), url=url, icon="plus", method="get", kind="go", key="n"))
        return found


class PersonForm(SettingsForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    half = ("email", "phone", "language")


class RoleFields(SettingsForm):
    """A role, seen from a branch and a team."""

    role = forms.ChoiceField(label=_("Role"))
    branch_id = forms.TypedChoiceField(label=_("Branch"), required=False, coerce=chosen, empty_value=None)
    team_id = forms.TypedChoiceField(label=_("Team"), required=False, coerce=chosen, empty_value=None)
    half: Sequence[str] = ("role", "branch_id", "team_id")

    def __init__(self, *args: Any, by: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = [(role.code, role_label(role)) for role in queries.roles(by=by)]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        rows = places.branches(by=by).values_list("id", "name")
        self.fields["branch_id"].choices = choose(rows, _("all branches"))  # type: ignore[attr-defined]
        teams = [(team.id, "\u2003" * depth + team.name) for depth, team in tree(places.teams(by=by))]
        self.fields["team_id"].choices = choose(teams)  # type: ignore[attr-defined]


class NewUserForm(RoleFields):
    username = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("Letters, digits and @ . + - _; used to log in.")
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False, help_text=_("The invitation goes here."))
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Empty: the person chooses it by the link in the invitation."),
    )
    field_order = ("name", "username", "email", "phone", "language", "role", "branch_id", "team_id", "password")
    half = ("username", "email", "phone", "language", "role", "branch_id", "team_id", "password")


@login_required
def user_new(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("user", "manage")

    def save(values: dict[str, Any]) -> str:
        values["password"] = values["password"] or None
        user = add_member(company_id=access.current_company.id, by=request.user, at=now(), **values)
        return reverse("organization:user", args=[user.id])

    return form_page(
        request,
        form=lambda data: NewUserForm(data, by=request.user, initial={"role": "salesperson", "language": "id"}),
        deed=save,
        title=_("New user"),
        back=(_("Users"), reverse("organization:users")),
        may_change=True,
    )


@login_required
@one_at_a_time
def user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """A person's profile and roles; three small forms, told apart by `deed`."""
    person = queries.user_in_company(user_id=user_id, by=request.user)
    access = access_of(request.user)
    here = request.path
    initial = {name: getattr(person, name) for name in PersonForm.base_fields}
    deed = request.POST.get("deed", "profile")

    def made(data: Any) -> PersonForm:
        return PersonForm(data, initial=initial)

    saves_profile = request.method == "POST" and deed == "profile"
    profile = bind_to(request, made, subject=user_id) if saves_profile else watched(made(None))
    role = RoleFields(request.POST if request.method == "POST" and deed == "role" else None, by=request.user)
    status = 200

    def save_profile() -> str:
        change_user(user_id=user_id, by=request.user, at=now(), **profile.cleaned_data)
        return here

    def save_role() -> str:
        grant_role(
            user_id=user_id, company_id=access.current_company.id, by=request.user, at=now(), **role.cleaned_data
        )
        return here

    if request.method == "POST":
        form, save = (role, save_role) if deed == "role" else (profile, save_profile)
        if not overtaken(form) and form.is_valid():
            try:
                answer = once(request, save)
                messages.success(request, str(SAVED))
                return answer
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    context = {
        "person": person,
        "profile": profile,
        "role_form": role,
        "memberships": [(one, role_label(one.role)) for one in person.roles_here],  # type: ignore[attr-defined]
        "may_change": access.allows("user", "change"),
        "may_manage": access.allows("user", "manage"),
        "may_archive": access.allows("user", "archive") and person.id != request.user.pk,
        "second_factor": Authenticator.objects.filter(user=person).exclude(type="recovery_codes").exists(),
        "title": person.name,
        "back": (_("Users"), reverse("organization:users")),
    }
    return render(request, "organization/user.html", context, status=status)


@require_POST
@login_required
def membership_removal(request: HttpRequest, user_id: UUID, membership_id: UUID) -> HttpResponse:
    revoke_role(membership_id=membership_id, by=request.user, at=now())
    messages.success(request, gettext("The role was taken away."))
    return redirect("organization:users" if _gone(request, user_id) else reverse("organization:user", args=[user_id]))


def _gone(request: HttpRequest, user_id: UUID) -> bool:
    return not queries.users(by=request.user).filter(pk=user_id).exists()


@require_POST
@login_required
def user_activity(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Let the person log in, or no more."""
    active = "restore" in request.POST
    change_user(user_id=user_id, is_active=active, by=request.user, at=now())
    messages.success(request, gettext("The person can log in again.") if active else gettext("Deactivated."))
    return redirect("organization:user", user_id)


@require_POST
@login_required
def user_password_link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Shown once, on a page that is not kept."""
    link = give_password_link(user_id=user_id, by=request.user, at=now())
    person = queries.user_in_company(user_id=user_id, by=request.user)
    back = (person.name, reverse("organization:user", args=[user_id]))
    context = {"person": person, "link": link, "title": _("A link for choosing a password"), "back": back}
    answer = render(request, "organization/password_link.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
