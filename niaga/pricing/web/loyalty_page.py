"""The loyalty programme on one page: what it says, what it comes to, its tiers; and switching it on and off."""

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.queries.users import deeds_of
from niaga.pricing.models import LoyaltyProgramme
from niaga.pricing.queries.loyalty import exclusions_of, programme_for
from niaga.pricing.queries.loyalty_figures import loyalty_figures, tiers_with_use, worth
from niaga.pricing.queries.loyalty_words import programme_sentence, programme_terms, tier_sentence, told_programme
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.pricing.web.loyalty_form import usual_programme
from niaga.pricing.web.promotions import today_of
from niaga.ui.documents import Action, Axis, Consequence, TimelineEntry
from niaga.ui.formatting import money, number
from niaga.ui.forms import once
from niaga.ui.lists import Status


def may(request: HttpRequest, action: str) -> bool:
    return access_of(request.user).allows("loyalty", action)


def standing(found: LoyaltyProgramme, today: Any) -> Status:
    """Whether points are earned and used on a day."""
    if not found.is_on:
        return Status(_("Switched off"), "faint", "circle-slash")
    if found.valid_to is not None and found.valid_to < today:
        return Status(_("Ended"), "faint", "clock")
    if found.valid_from is not None and found.valid_from > today:
        return Status(_("Begins later"), "calm", "clock")
    return Status(_("In force"), "good", "check")


@login_required
def show_loyalty(request: HttpRequest) -> HttpResponse:
    """The programme, or what one would do."""
    found = programme_for(request.user)
    if found is None:
        usual = usual_programme(access_of(request.user).current_company.currency)
        return render(
            request, "pricing/loyalty_none.html",
            {"may_start": may(request, "change"), "usual": programme_sentence(usual), "example": _example(usual)},
        )  # fmt: skip
    today = today_of(request)
    now = standing(found, today)
    told = told_programme(found, exclusions_of(found))
    figures = loyalty_figures(request.user, today.replace(day=1))
    tiers = [
        {
            "row": row,
            "told": tier_sentence(threshold=row.threshold, multiplier=row.multiplier, months=found.tier_months),
            "use": _use(row),
        }
        for row in tiers_with_use(request.user)
    ]
    context = {
        "programme": found, "told": programme_sentence(told), "terms": programme_terms(told), "figures": figures,
        "worth": money(worth(figures.outstanding, found.point_value, found.currency), found.currency),
        "takes_off": bool(found.point_value), "tiers": tiers, "actions": _actions(request, found),
        "axes": [Axis(_("Status"), now.label, now.tone, now.icon)], "month": today,
        "may_change": may(request, "change"), "is_running": now.tone == "good",
        "timeline": [
            TimelineEntry(at=row.at, text=str(HAPPENED.get(row.verb, _("Changed"))), by=row.who or "")
            for row in deeds_of(found.pk)
        ],
    }  # fmt: skip
    return render(request, "pricing/loyalty.html", context)


HAPPENED = {"create": _("Started"), "change": _("Changed"), "set_parts": _("Exceptions changed")}


def _example(usual: Any) -> dict[str, str]:
    """A customer who buys for a hundred times the amount that earns, in words."""
    earned = 100 * usual.points
    return {
        "bought": money(100 * usual.per_amount, usual.currency), "points": number(earned),
        "off": money(worth(earned, usual.point_value, usual.currency), usual.currency),
    }  # fmt: skip


def _use(tier: Any) -> str:
    """Who is in a tier, and what is made for it."""
    said = [ngettext("%(count)s member", "%(count)s members", tier.people) % {"count": number(tier.people)}]
    if tier.price_lists:
        text = ngettext("%(count)s price list", "%(count)s price lists", tier.price_lists)
        said.append(text % {"count": number(tier.price_lists)})
    if tier.promotions:
        text = ngettext("%(count)s promotion", "%(count)s promotions", tier.promotions)
        said.append(text % {"count": number(tier.promotions)})
    return " · ".join(said)


def _actions(request: HttpRequest, found: LoyaltyProgramme) -> list[Action]:
    actions = [Action(_("Members"), url=reverse("pricing:members"), icon="users", method="get", key="m")]
    if not may(request, "change"):
        return actions
    if found.is_on:
        consequence = Consequence(
            _("Switch the programme off?"),
            _(
                "From now on nothing is earned and no points are used. Members keep what they have, and points go on "
                "to end on their days. You can switch it on again."
            ),
            button=_("Switch off"),
        )
        url = reverse("pricing:switch_loyalty_off")
        actions.append(Action(_("Switch off"), url=url, icon="power", confirm=consequence))
    else:
        actions.append(Action(_("Switch on"), url=reverse("pricing:switch_loyalty_on"), icon="power"))
    edit = reverse("pricing:edit_loyalty")
    return [*actions, Action(_("Edit"), url=edit, icon="pencil", method="get", kind="go", key="e")]


@require_POST
@login_required
def switch_off(request: HttpRequest) -> HttpResponse:
    return _switch(request, on=False)


@require_POST
@login_required
def switch_on(request: HttpRequest) -> HttpResponse:
    return _switch(request, on=True)


def _switch(request: HttpRequest, *, on: bool) -> HttpResponse:
    found = programme_for(request.user)
    if found is None:
        raise NotFound(field="programme")

    def deed() -> str:
        set_programme(
            company_id=found.company_id, programme=as_given(found, is_on=on), by=request.user, at=clock.now()
        )  # fmt: skip
        if on:
            messages.success(request, gettext("The programme is on."))
        else:
            undo = reverse("pricing:switch_loyalty_on")
            messages.success(request, gettext("The programme is off."), extra_tags=f"undo:{undo}")
        return reverse("pricing:loyalty")

    return once(request, deed)


def as_given(found: LoyaltyProgramme, **other: Any) -> NewProgramme:
    """The stored programme as one would say it anew, but for `other`."""
    excluded = tuple(
        NewScope(product_id=one.product_id, family_id=one.family_id, category_id=one.category_id, brand=one.brand)
        for one in exclusions_of(found)
    )
    own = {one.name: getattr(found, one.name) for one in fields(NewProgramme) if one.name != "excluded"}
    return NewProgramme(**{**own, "excluded": excluded, **other})
