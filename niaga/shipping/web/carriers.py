"""Settings: who brings the goods, and what customers are told."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.web.fields import SettingsForm
from niaga.organization.web.pages import form_page
from niaga.shipping.queries.carriers import (
    get_carrier,
    hook_address,
    is_readable,
    shipping_settings,
    visible_carriers,
)
from niaga.shipping.rules.carriers import CARRIERS
from niaga.shipping.rules.offer import PAGES
from niaga.shipping.services.archive_carrier import archive_carrier
from niaga.shipping.services.change_shipping_settings import change_shipping_settings
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier
from niaga.shipping.web.words import KINDS
from niaga.ui.forms import once
from niaga.ui.stale import one_at_a_time

_KEPT = _("One is kept, sealed. Leave this empty to keep it.")


class CarrierForm(SettingsForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    services = forms.CharField(
        label=_("Services"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for example REG. Empty: any."),
    )  # fmt: skip
    tracking_url = forms.CharField(
        label=_("Its tracking page"), max_length=300, required=False,
        help_text=_("An https address in which {number} stands for the number. Customers find it on their page."),
    )  # fmt: skip
    base_url = forms.CharField(
        label=_("Where it is asked"), max_length=300,
        help_text=_("The address of its programs, as the carrier tells it: below it are /rates and /bookings."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Key"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("From the carrier. It proves our calls, and that what we are told comes from it."),
    )  # fmt: skip


class TellingForm(SettingsForm):
    tells_customer = forms.BooleanField(
        label=_("Mail customers when their goods leave"), required=False,
        help_text=_("With a link to a page that shows where the goods are, and who took them."),
    )  # fmt: skip
    names_receiver = forms.BooleanField(
        label=_("Name who took the goods on the customer's page"), required=False,
        help_text=_("Whoever has the link reads the name. Without it the page tells only when they arrived."),
    )  # fmt: skip
    asks_signature = forms.BooleanField(
        label=_("Drivers bring a signature"), required=False,
        help_text=_("No arrival can be saved on the phone without it; who cannot draw signs with the typed name."),
    )  # fmt: skip
    asks_photo = forms.BooleanField(
        label=_("Drivers bring a photo"), required=False, help_text=_("Of the goods at the door.")
    )
    position_days = forms.IntegerField(
        label=_("Days that a driver's position at a door is kept"), min_value=0, max_value=365,
        help_text=_("It is kept to some ten metres, with the driver's consent, and deleted afterwards. 0: never kept."),
    )  # fmt: skip


@login_required
@one_at_a_time
def carriers(request: HttpRequest) -> HttpResponse:
    """The carriers, and what customers are told."""
    access_of(request.user).require("setting", "manage")
    here = access_of(request.user).current_company
    held = shipping_settings(here.id)
    initial = {name: getattr(held, name) for name in TellingForm.base_fields}

    def save(values: dict[str, Any]) -> str:
        change_shipping_settings(company_id=here.id, by=request.user, at=now(), **values)
        return reverse("shipping:carriers")

    rows = [{"row": one, "kind": KINDS[one.kind]} for one in visible_carriers(by=request.user, archived=True)]
    return form_page(
        request, form=lambda data: TellingForm(data, initial=initial), deed=save, subject=None, title=_("Carriers"),
        template="shipping/carriers.html", rows=rows, kinds=list(KINDS.items()),
    )  # fmt: skip


@login_required
@one_at_a_time
def carrier(request: HttpRequest, carrier_id: UUID | None = None) -> HttpResponse:
    """A new carrier, or a change of one."""
    access_of(request.user).require("setting", "manage")
    here = access_of(request.user).current_company
    held = get_carrier(carrier_id=carrier_id, by=request.user) if carrier_id else None
    kind = held.kind if held else request.GET.get("kind", "by_hand")
    if kind not in CARRIERS:
        raise NotFound()
    offered = request.GET.get("name", "")

    def make(data: Any) -> CarrierForm:
        if held:
            initial = {
                "name": held.name, "services": "\n".join(held.services), "tracking_url": held.tracking_url,
                "base_url": held.base_url,
            }  # fmt: skip
        else:
            name = str(KINDS["own"].label) if kind == "own" else offered if offered in PAGES else ""
            initial = {"name": name, "tracking_url": PAGES.get(name, "")}
        form = CarrierForm(data, initial=initial)
        gone = {"own": ("services", "tracking_url", "base_url", "secret"), "by_hand": ("base_url", "secret")}
        for name in gone.get(kind, ()):
            del form.fields[name]
        if held and held.secret and "secret" in form.fields:
            form.fields["secret"].help_text = _KEPT
        return form

    def save(values: dict[str, Any]) -> str:
        secret = values.pop("secret", "") or (None if held else "")
        values["services"] = [one for line in values.get("services", "").split("\n") for one in line.split(",")]
        details = CarrierDetails(kind=kind, secret=secret, **values)
        save_carrier(details=details, carrier_id=carrier_id, company_id=here.id, by=request.user, at=now())
        return reverse("shipping:carriers")

    return form_page(
        request, form=make, deed=save, subject=carrier_id, title=held.name if held else KINDS[kind].label,
        template="shipping/carrier.html", held=held, speaks=CARRIERS[kind].speaks,
        address=hook_address(held) if held else "", unreadable=bool(held) and not is_readable(held),  # type: ignore[arg-type]
        pages=PAGES if kind == "by_hand" and not held else {}, back=(_("Carriers"), reverse("shipping:carriers")),
    )  # fmt: skip


@login_required
@require_POST
def archive(request: HttpRequest, carrier_id: UUID) -> HttpResponse:
    access_of(request.user).require("setting", "manage")
    row = get_carrier(carrier_id=carrier_id, by=request.user)

    def deed() -> str:
        done = archive_carrier(carrier_id=carrier_id, archived=row.archived_at is None, by=request.user, at=now())
        words = gettext("Archived.") if done.archived_at else gettext("Restored.")
        messages.success(request, words, extra_tags=f"undo:{reverse('shipping:archive_carrier', args=[carrier_id])}")
        return reverse("shipping:carriers")

    return once(request, deed)
