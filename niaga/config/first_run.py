"""The first visit to an empty installation: found the company, become its owner, be logged in."""

from typing import Any

from allauth.account.views import login
from django import forms
from django.contrib.auth import login as log_in_as
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now
from niaga.core.errors import NotFound, Refusal
from niaga.imports.services.begin_company import begin_company
from niaga.organization.queries.users import nobody_yet
from niaga.organization.web.fields import OF_INDONESIA, SettingsForm
from niaga.ui.forms import refuse

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class FirstRunForm(SettingsForm):
    name = forms.CharField(label=_("Company"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    zone = forms.ChoiceField(label=_("Time zone"), choices=OF_INDONESIA)
    currency = forms.CharField(
        label=_("Currency"), max_length=3, help_text=_("It cannot be changed later: the books are kept in it.")
    )
    charges_tax = forms.BooleanField(label=_("The company charges PPN (it is a PKP)"), required=False)
    owner = forms.CharField(label=_("Your name"), max_length=120)
    username = forms.CharField(label=_("User name"), max_length=150)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters."),
    )
    half = ("city", "zone", "currency", "username", "email")


def first_run(request: HttpRequest) -> HttpResponse:
    """:raises NotFound: somebody works here already"""
    if not nobody_yet():
        raise NotFound()
    initial = {"currency": "IDR", "zone": "Asia/Jakarta", "charges_tax": True}
    form = FirstRunForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            facts: dict[str, Any] = form.cleaned_data
            try:
                owner = begin_company(at=now(), language=get_language() or "id", **facts)
            except Refusal as refusal:
                if isinstance(refusal, NotFound):
                    raise
                refuse(form, refusal)
            else:
                log_in_as(request, owner, backend=BACKEND)
                return redirect("/")
        status = 422
    return render(request, "config/first_run.html", {"form": form}, status=status)


def log_in(request: HttpRequest) -> HttpResponseBase:
    """Allauth's log-in; in an empty installation nobody could, so the first visit leads to the beginning."""
    if request.method == "GET" and nobody_yet():
        return redirect("first_run")
    answer: HttpResponseBase = login(request)
    return answer
