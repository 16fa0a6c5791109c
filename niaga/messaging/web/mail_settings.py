"""Through which server the company's mail goes, and a mail to oneself that tries it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core.clock import now
from niaga.messaging.queries.mail_servers import mail_settings, server_of
from niaga.messaging.services.change_mail_settings import change_mail_settings
from niaga.messaging.services.send_test_mail import send_test_mail
from niaga.organization.access import access_of
from niaga.organization.web.fields import SettingsForm
from niaga.organization.web.pages import form_page
from niaga.ui.stale import one_at_a_time


class MailForm(SettingsForm):
    host = forms.CharField(
        label=_("Mail server (SMTP)"), max_length=200, required=False,
        help_text=_("Empty: nothing is sent; mail is kept in the mailbox."),
    )  # fmt: skip
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    security = forms.ChoiceField(
        label=_("Security"),
        choices=[("starttls", "STARTTLS (587)"), ("tls", "TLS (465)"), ("none", _("None, for a server in the house"))],
    )
    username = forms.CharField(label=_("User name"), max_length=200, required=False)
    password = forms.CharField(
        label=_("Password"), required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    sender = forms.CharField(label=_("Mail comes from"), max_length=254, required=False)
    sender_name = forms.CharField(label=_("Name beside it"), max_length=120, required=False)
    half = ("port", "security", "username", "password", "sender", "sender_name")


@login_required
@one_at_a_time
def mail(request: HttpRequest) -> HttpResponse:
    held = mail_settings(by=request.user)
    here = access_of(request.user).current_company
    initial = {name: getattr(held, name) for name in MailForm.base_fields if name != "password"}

    def make(data: Any) -> MailForm:
        form = MailForm(data, initial=initial)
        if held.has_password:
            form.fields["password"].help_text = _("One is kept, sealed. Leave this empty to keep it.")
        return form

    def save(values: dict[str, Any]) -> str:
        values["password"] = values["password"] or None
        change_mail_settings(company_id=here.id, by=request.user, at=now(), **values)
        return reverse("messaging:mail_settings")

    return form_page(
        request,
        form=make,
        deed=save,
        subject=held.id,
        title=_("Mail"),
        template="messaging/mail_settings.html",
        held=held,
        server=server_of(here.id),
        may_change=True,
    )


@require_POST
@login_required
def test_mail(request: HttpRequest) -> HttpResponse:
    """A mail to oneself; its page shows by itself what became of it."""
    email_id = send_test_mail(by=request.user, at=now())
    messages.success(request, gettext("A mail is on its way to you."))
    return redirect("messaging:email", email_id)
