"""Accounts at payment gateways and the company's QRIS code: settings."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.web.fields import SettingsForm
from niaga.organization.web.pages import bound_or_fresh, form_page
from niaga.payments.errors import BadQrisPicture
from niaga.payments.models import CompanyQris
from niaga.payments.queries.gateway_accounts import facts_of, gateway_account, gateway_accounts, refused_calls_of
from niaga.payments.queries.qris import company_qris
from niaga.payments.rules.gateways import GATEWAYS
from niaga.payments.rules.qris import Qris, read_qris
from niaga.payments.services.ask_gateway_check import ask_gateway_check
from niaga.payments.services.read_qris_picture import read_qris_picture
from niaga.payments.services.save_gateway_account import AccountDetails, save_gateway_account
from niaga.payments.services.set_qris import set_qris
from niaga.payments.web.pay_online import drawn
from niaga.payments.web.request_words import WAYS
from niaga.ui.forms import NumberField, once
from niaga.ui.stale import one_at_a_time

_KEPT = _("One is kept, sealed. Leave this empty to keep it.")
SECRETS = {
    "midtrans": (_("Server key"), _("From Midtrans under Settings, Access keys.")),
    "xendit": (_("Secret key"), _("From Xendit under Settings, API keys; it may write money-in products.")),
    "sandbox": (_("Key"), _("A word of your choice.")),
}


class GatewayForm(SettingsForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    live = forms.BooleanField(
        label=_("Real money moves"), required=False,
        help_text=_("Leave it off while you try things out with the gateway's test keys."),
    )  # fmt: skip
    secret = forms.CharField(required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    token = forms.CharField(
        label=_("Verification token of webhooks"), required=False,
        help_text=_("From Xendit under Settings, Webhooks: it proves that what we are told comes from Xendit."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    methods = forms.MultipleChoiceField(label=_("Ways to pay"), widget=forms.CheckboxSelectMultiple)
    banks = forms.MultipleChoiceField(
        label=_("Banks of virtual accounts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    fee_percent = NumberField(
        label=_("Fee in percent"), min_value=0, max_value=20, max_digits=9, decimal_places=6, initial=0,
        help_text=_("Booked with every payment, where the gateway does not say its fee itself."),
    )  # fmt: skip
    fee_fixed = NumberField(label=_("Fee in rupiah"), min_value=0, max_digits=19, decimal_places=4, initial=0)
    expires_hours = forms.IntegerField(label=_("Can be paid for (hours)"), min_value=1, max_value=720, initial=24)
    is_active = forms.BooleanField(label=_("Customers can pay through it"), required=False, initial=True)
    statement_name = forms.CharField(
        label=_("How your bank writes it"), required=False, max_length=80,
        help_text=_("Words of the bank's line when it pays out, where they are not the gateway's own name: the line is"
                    " then matched with the payout."),
    )  # fmt: skip
    payout_days = forms.IntegerField(
        label=_("Days until a payout is missed"), min_value=1, max_value=60, initial=3,
        help_text=_("A payout that no statement shows after so many days is told under Bank."),
    )  # fmt: skip
    payout_contact = forms.CharField(
        label=_("Whom to ask about payouts"), required=False, max_length=200,
        help_text=_("A name, an address or a telephone number at the gateway."),
    )  # fmt: skip
    half = ("fee_percent", "fee_fixed", "expires_hours", "payout_days", "payout_contact")


@login_required
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    rows = list(gateway_accounts(by=request.user))
    shown = [
        {"row": row, "gateway": GATEWAYS[row.kind], "ways": [WAYS[one].label for one in row.methods]} for row in rows
    ]
    context = {"rows": shown, "gateways": list(GATEWAYS.values())}
    return render(request, "payments/gateways.html", context)


@login_required
@one_at_a_time
def account(request: HttpRequest, gateway_id: UUID | None = None) -> HttpResponse:
    here = access_of(request.user).current_company
    held = gateway_account(account_id=gateway_id, by=request.user) if gateway_id else None
    access_of(request.user).require("setting", "manage")
    kind = held.kind if held else request.GET.get("kind", "midtrans")
    gateway = GATEWAYS.get(kind)
    if gateway is None:
        raise NotFound()
    facts = facts_of(held) if held else None

    def make(data: Any) -> GatewayForm:
        names = ("name", "live", "methods", "banks", "fee_percent", "fee_fixed", "expires_hours", "is_active",
                 "statement_name", "payout_days", "payout_contact")  # fmt: skip
        initial: dict[str, Any] = {"name": gateway.label, "methods": list(gateway.methods), "banks": []}
        form = GatewayForm(data, initial={name: getattr(held, name) for name in names} if held else initial)
        form.fields["methods"].choices = [(one, WAYS[one].label) for one in gateway.methods]  # type: ignore[attr-defined]
        form.fields["banks"].choices = [(one, one.upper()) for one in gateway.banks]  # type: ignore[attr-defined]
        form.fields["secret"].label, form.fields["secret"].help_text = SECRETS[kind]
        if not gateway.needs_token:
            del form.fields["token"]
        if kind == "sandbox":
            del form.fields["live"]
        for name, there in (("secret", facts and facts.has_secret), ("token", facts and facts.has_token)):
            if there and name in form.fields:
                form.fields[name].help_text = _KEPT
        return form

    def save(values: dict[str, Any]) -> str:
        for name in ("secret", "token"):
            values[name] = values.get(name) or (None if held else "")
        details = AccountDetails(kind=kind, **values)
        saved = save_gateway_account(
            details=details, account_id=gateway_id, company_id=here.id, by=request.user, at=now()
        )
        return reverse("payments:gateway", args=[saved])

    return form_page(
        request, form=make, deed=save, subject=gateway_id, title=held.name if held else gateway.label,
        template="payments/gateway.html", held=held, facts=facts, gateway=gateway, may_change=True,
        refused=refused_calls_of(held) if held else [], back=(_("Payment gateways"), reverse("payments:gateways")),
    )  # fmt: skip


@login_required
@require_GET
def connection(request: HttpRequest, gateway_id: UUID) -> HttpResponse:
    """What came of the last try; asked again by itself while one is under way."""
    context = {"held": gateway_account(account_id=gateway_id, by=request.user), "trying": "trying" in request.GET}
    return render(request, "payments/parts/connection.html", context)


@login_required
@require_POST
def check(request: HttpRequest, gateway_id: UUID) -> HttpResponse:
    gateway_account(account_id=gateway_id, by=request.user)

    def deed() -> str:
        ask_gateway_check(account_id=gateway_id, by=request.user, at=now())
        messages.success(request, gettext("The connection is being tried."))
        return reverse("payments:gateway", args=[gateway_id]) + "?trying=1"

    return once(request, deed)


class QrisForm(SettingsForm):
    text = forms.CharField(
        label=_("Text of the code"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Scan your QRIS sticker with any QR reader that shows text, and paste all of it; it begins with"
                    " 000201. Empty: none."),
    )  # fmt: skip


@login_required
@one_at_a_time
def qris(request: HttpRequest) -> HttpResponse:
    """The company's code: pasted, or read from a picture, which is shown for a yes before it is kept."""
    held = company_qris(by=request.user)
    here = access_of(request.user).current_company
    seen: Qris | None = None
    error = ""
    sent = request.FILES.get("picture") if request.method == "POST" else None
    if sent is not None:
        access_of(request.user).require("setting", "manage")
        try:
            seen = read_qris_picture(chunks=sent.chunks(), company_id=here.id, by=request.user)
        except BadQrisPicture as refusal:
            error = str(refusal.message)
        form = bound_or_fresh(request, lambda data: _qris_form(data, held), subject=held.id if held else None)
        context = {"form": form, **_qris_facts(request, held), "seen": seen, "error": error}
        context |= {"seen_text": seen.text(), "seen_drawn": drawn(seen.text())} if seen else {}
        return render(request, "payments/qris.html", context, status=422 if error else 200)

    def save(values: dict[str, Any]) -> str:
        set_qris(company_id=here.id, text=values["text"], by=request.user, at=now())
        return reverse("payments:qris")

    return form_page(
        request, form=lambda data: _qris_form(data, held), deed=save, subject=held.id if held else None,
        template="payments/qris.html", **_qris_facts(request, held),
    )  # fmt: skip


def _qris_form(data: Any, held: CompanyQris | None) -> QrisForm:
    return QrisForm(data, initial={"text": held.text if held else ""})


def _qris_facts(request: HttpRequest, held: CompanyQris | None) -> dict[str, Any]:
    return {
        "title": _("QRIS code"), "held": held, "code": read_qris(held.text) if held else None,
        "drawn": drawn(held.text) if held else "", "may_change": access_of(request.user).allows("setting", "manage"),
    }  # fmt: skip
