"""WhatsApp: its settings, a message's own page, and the door at which Meta knocks."""

import hashlib
import hmac
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niaga.core.clock import now
from niaga.core.services.receive_call import receive_call
from niaga.messaging.queries.messages import get_whatsapp
from niaga.messaging.queries.reasons import explain
from niaga.messaging.queries.whatsapp_settings import secret_of, whatsapp_settings
from niaga.messaging.rules.whatsapp_call import is_signed
from niaga.messaging.services.change_whatsapp_settings import change_whatsapp_settings
from niaga.messaging.services.retry_whatsapp import retry_whatsapp
from niaga.messaging.services.send_test_whatsapp import send_test_whatsapp
from niaga.messaging.services.settle_whatsapp import settle_whatsapp
from niaga.messaging.web.words import WHATSAPP
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.organization.web.fields import SettingsForm
from niaga.organization.web.pages import form_page
from niaga.ui.forms import once
from niaga.ui.stale import one_at_a_time

MOST_BYTES = 1024 * 1024
_KEPT = _("One is kept, sealed. Leave this empty to keep it.")


def _secret(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, help_text=hint,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class WhatsappForm(SettingsForm):
    phone_id = forms.CharField(
        label=_("Phone number ID"), max_length=40, required=False,
        help_text=_("From Meta's page “API Setup”. Empty: nothing is sent; messages are kept."),
    )  # fmt: skip
    token = _secret(_("Access token"), _("A permanent one, of a system user."))
    app_secret = _secret(_("App secret"), _("It proves that what we are told comes from Meta."))
    verify_token = forms.CharField(
        label=_("Verify token"), max_length=80, required=False,
        help_text=_("A word of your choice; type the same at Meta beside the address below."),
    )  # fmt: skip
    half = ("token", "app_secret")


@login_required
@one_at_a_time
def whatsapp(request: HttpRequest) -> HttpResponse:
    held = whatsapp_settings(by=request.user)
    here = access_of(request.user).current_company

    def make(data: Any) -> WhatsappForm:
        form = WhatsappForm(data, initial={"phone_id": held.phone_id, "verify_token": held.verify_token})
        for name, there in (("token", held.has_token), ("app_secret", held.has_app_secret)):
            if there:
                form.fields[name].help_text = _KEPT
        return form

    def save(values: dict[str, Any]) -> str:
        for name in ("token", "app_secret"):
            values[name] = values[name] or None
        change_whatsapp_settings(company_id=here.id, by=request.user, at=now(), **values)
        return reverse("messaging:whatsapp_settings")

    return form_page(
        request, form=make, deed=save, subject=held.id, title="WhatsApp",
        template="messaging/whatsapp_settings.html", held=held, may_change=True,
    )  # fmt: skip


@require_POST
@login_required
def test_whatsapp(request: HttpRequest) -> HttpResponse:
    """A message to a number of one's own; its page shows by itself what became of it."""

    def deed() -> str:
        message_id = send_test_whatsapp(
            to=request.POST.get("to", ""), template=request.POST.get("template", "").strip(),
            language=request.POST.get("language", "").strip(), by=request.user, at=now(),
        )  # fmt: skip
        messages.success(request, gettext("A message is on its way."))
        return reverse("messaging:whatsapp", args=[message_id])

    return once(request, deed)


@require_GET
@login_required
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    row = get_whatsapp(message_id=message_id, by=request.user)
    may_send = access_of(request.user).allows("email", "send")
    context = {
        "message": row,
        "status": WHATSAPP[row.status],
        "explained": explain(row),
        "by": user_names([row.created_by]).get(row.created_by) if row.created_by else "",
        "may_retry": may_send and row.status in ("failed", "uncertain", "kept"),
        "may_settle": may_send and row.status == "uncertain",
        "moving": row.status in ("queued", "sending"),
        "back": (_("Mailbox"), reverse("messaging:mailbox")),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"messaging/{'parts/whatsapp_status' if part else 'whatsapp'}.html", context)


@require_POST
@login_required
def retry(request: HttpRequest, message_id: UUID) -> HttpResponse:
    retry_whatsapp(message_id=message_id, by=request.user, at=now())
    messages.success(request, gettext("The message is sent again."))
    return redirect("messaging:whatsapp", message_id)


@require_POST
@login_required
def settle(request: HttpRequest, message_id: UUID) -> HttpResponse:
    settle_whatsapp(message_id=message_id, by=request.user, at=now())
    messages.success(request, gettext("Noted as arrived."))
    return redirect("messaging:whatsapp", message_id)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, company_id: UUID) -> HttpResponse:
    """What Meta tells: kept first, answered at once, handled by a job. Only what it signed is kept."""
    secret, verify_token = secret_of(company_id)
    if request.method == "GET":
        word = request.GET.get("hub.verify_token", "")
        right = bool(verify_token) and hmac.compare_digest(word.encode(), verify_token.encode())
        if request.GET.get("hub.mode") != "subscribe" or not right:
            return HttpResponse(status=403)
        return HttpResponse(request.GET.get("hub.challenge", "")[:200], content_type="text/plain; charset=utf-8")
    body = request.body
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    if not is_signed(body, request.headers.get("X-Hub-Signature-256", ""), secret):
        return HttpResponse(status=403)
    key = hashlib.sha256(company_id.bytes + body).hexdigest()
    receive_call(source="whatsapp", key=key, body=body, company_id=company_id, at=now())
    return HttpResponse(status=200)
