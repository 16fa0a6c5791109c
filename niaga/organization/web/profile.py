"""What a person sets for themselves: name, language, theme, ways of logging in, tokens for programs."""

from typing import Any, cast
from uuid import UUID

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
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
from niaga.organization.queries.users import tokens as own_tokens
from niaga.organization.services.change_user import change_user
from niaga.organization.services.create_token import create_token
from niaga.organization.services.revoke_token import revoke_token
from niaga.organization.web.fields import LANGUAGES, THEMES, SettingsForm
from niaga.organization.web.labels import ROLES
from niaga.organization.web.pages import SAVED
from niaga.ui.forms import once, refuse

YEAR = 365 * 24 * 3600


class ProfileForm(SettingsForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    theme = forms.ChoiceField(label=_("Appearance"), choices=THEMES)
    half = ("email", "phone", "language", "theme")


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    person = cast("User", request.user)
    initial = {name: getattr(person, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():

            def save() -> str:
                change_user(user_id=person.pk, by=person, at=now(), **form.cleaned_data)
                return reverse("organization:profile")

            try:
                answer = once(request, save)
                _remember(answer, form.cleaned_data)
                messages.success(request, str(SAVED))
                return answer
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    access = access_of(person)
    factors = set(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))
    context = {
        "form": form,
        "totp": "totp" in factors,
        "passkeys": "webauthn" in factors,
        "places": [
            (company.name, [ROLES.get(code, code) for code in _roles(access, company.id)])
            for company in access.companies
        ],
    }
    return render(request, "organization/profile.html", context, status=status)


def _roles(access: Any, company_id: UUID) -> list[str]:
    return [member.role for member in access.members if member.company_id == company_id]


def _remember(answer: HttpResponse, values: dict[str, Any]) -> None:
    """The browser's own choice wins over the profile's, so it follows what was just chosen."""
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, values["language"], max_age=YEAR, samesite="Lax")
    if values["theme"] == "system":
        answer.delete_cookie("niaga_theme", samesite="Lax")
    else:
        answer.set_cookie("niaga_theme", values["theme"], max_age=YEAR, samesite="Lax")


class TokenForm(SettingsForm):
    name = forms.CharField(label=_("What for"), max_length=80, help_text=_("Such as: web shop, accounting."))
    scope = forms.ChoiceField(label=_("It may"), choices=[("write", _("read and write")), ("read", _("only read"))])
    days = forms.TypedChoiceField(
        label=_("It ends"),
        coerce=int,
        choices=[(30, _("in 30 days")), (90, _("in 90 days")), (365, _("in a year")), (3650, _("in ten years"))],
        initial=365,
    )
    half = ("scope", "days")


@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens. A new one is shown in the answer to its own POST and nowhere else, so no redirect and no store."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    new, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            scopes = ("read",) if form.cleaned_data["scope"] == "read" else ("read", "write")
            try:
                new = create_token(
                    user_id=cast("User", request.user).pk,
                    name=form.cleaned_data["name"],
                    scopes=scopes,
                    days=form.cleaned_data["days"],
                    company_id=access_of(request.user).current_company.id,
                    by=request.user,
                    at=now(),
                )
                form, status = TokenForm(), 201
            except Refusal as refusal:
                refuse(form, refusal)
    context = {"form": form, "new": new, "rows": own_tokens(by=request.user)[:100], "at": now()}
    answer = render(request, "organization/tokens.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@login_required
def token_removal(request: HttpRequest, token_id: UUID) -> HttpResponse:
    revoke_token(token_id=token_id, by=request.user, at=now())
    messages.success(request, gettext("The token no longer works."))
    return redirect("organization:tokens")
