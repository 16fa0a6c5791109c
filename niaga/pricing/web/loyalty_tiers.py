"""The tiers of the programme: written, told in a sentence while they are typed, ended."""

from decimal import Decimal
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
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.pricing.models import LoyaltyProgramme, LoyaltyTier
from niaga.pricing.queries.loyalty import programme_for, tiers_for
from niaga.pricing.queries.loyalty_words import tier_sentence
from niaga.pricing.services.archive_tier import archive_tier
from niaga.pricing.services.save_tier import MOST_MULTIPLIER, save_tier
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import NumberField, once, refuse
from niaga.ui.stale import one_at_a_time, overtaken

MOST_THRESHOLD = 20_000_000


class TierForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autofocus": True}),
        help_text=_("For example Silver or Gold."),
    )  # fmt: skip
    threshold = forms.IntegerField(
        label=_("From so many points"), min_value=0, max_value=MOST_THRESHOLD,
        help_text=_("Earned within the months that count. 0: every member from the first day."),
    )  # fmt: skip
    multiplier = NumberField(
        label=_("Times the points"), min_value=0, max_value=MOST_MULTIPLIER, max_digits=9, decimal_places=6,
        help_text=_("1: the same as everybody; 2: twice as many."),
    )  # fmt: skip

    def told(self, months: int) -> str:
        self.is_valid()
        data = self.cleaned_data
        if data.get("threshold") is None:
            return ""
        return tier_sentence(
            threshold=data["threshold"], multiplier=data.get("multiplier") or Decimal(1), months=months
        )  # fmt: skip


def _programme(request: HttpRequest) -> LoyaltyProgramme:
    access_of(request.user).require("loyalty", "change")
    found = programme_for(request.user)
    if found is None:
        raise NotFound(field="programme")
    return found


@login_required
def new_tier(request: HttpRequest) -> HttpResponse:
    return _form(request, _programme(request), None)


@login_required
@one_at_a_time
def edit_tier(request: HttpRequest, tier_id: UUID) -> HttpResponse:
    programme = _programme(request)
    found = tiers_for(request.user).filter(pk=tier_id, archived_at=None).first()
    if found is None:
        raise NotFound(field="tier")
    return _form(request, programme, found)


def _form(request: HttpRequest, programme: LoyaltyProgramme, found: LoyaltyTier | None) -> HttpResponse:
    initial: dict[str, Any] = {"multiplier": Decimal(1)}
    if found is not None:
        initial = {name: getattr(found, name) for name in ("name", "threshold", "multiplier")}
    form = bound_or_fresh(
        request, lambda data: TierForm(data, initial=initial), subject=found.pk if found else None
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                save_tier(
                    company_id=programme.company_id, tier_id=found.pk if found else None, by=request.user,
                    at=clock.now(), **form.cleaned_data,
                )  # fmt: skip
                messages.success(request, gettext("Saved.") if found else gettext("The tier is there."))
                return f"{reverse('pricing:loyalty')}#tiers"

            try:
                return once(request, deed)
            except Refusal as refusal:
                _refuse(form, refusal)
        status = 422
    if form.is_bound:
        told = form.told(programme.tier_months)
    elif found is not None:
        told = tier_sentence(
            threshold=found.threshold, multiplier=found.multiplier, months=programme.tier_months
        )  # fmt: skip
    else:
        told = ""
    context = {
        "form": form, "tier": found, "told": told, "title": found.name if found else _("New tier"),
        "archive": _archive_action(found) if found else None,
    }  # fmt: skip
    return render(request, "pricing/loyalty_tier.html", context, status=status)


def _archive_action(found: LoyaltyTier) -> Action:
    consequence = Consequence(
        _("Archive this tier?"),
        _("Its members come to the tier that their points reach. What they earned stays."),
        button=_("Archive"),
    )
    url = reverse("pricing:archive_tier", args=[found.pk])
    return Action(_("Archive"), url=url, icon="archive", confirm=consequence)


@require_POST
@login_required
def tell(request: HttpRequest) -> HttpResponse:
    """The sentence of what is typed so far."""
    told = TierForm(request.POST).told(_programme(request).tier_months)
    return render(request, "pricing/loyalty_told.html", {"told": told})


@require_POST
@login_required
def archive(request: HttpRequest, tier_id: UUID) -> HttpResponse:
    company_id = access_of(request.user).current_company.id

    def deed() -> str:
        archive_tier(company_id=company_id, tier_id=tier_id, by=request.user, at=clock.now())
        messages.success(request, gettext("The tier is archived."))
        return f"{reverse('pricing:loyalty')}#tiers"

    return once(request, deed)


def _refuse(form: TierForm, refusal: Refusal) -> None:
    if not refusal.lines:
        refuse(form, refusal)
    for fault in refusal.lines:
        form.add_error(fault["field"] if fault["field"] in form.fields else None, fault["message"])
