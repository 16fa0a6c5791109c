"""A member's points: what they have, what ends when, which tier, and why; points and tiers given by hand."""

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
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.pricing.models import LoyaltyProgramme
from niaga.pricing.queries.loyalty import programme_for, tiers_for
from niaga.pricing.queries.loyalty_figures import Member, member_of, next_tier, worth
from niaga.pricing.queries.loyalty_words import ENTRY_WORDS, points_told
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.services.join_programme import join_programme
from niaga.pricing.services.set_tier import set_tier
from niaga.pricing.web.loyalty_page import may, standing
from niaga.pricing.web.promotions import today_of
from niaga.ui.documents import Action, TimelineEntry
from niaga.ui.formatting import day, money, number
from niaga.ui.forms import DayField, once, refuse
from niaga.ui.registry.chain import ChainLink, DocumentRef, chains_of

SHOWN = 15
MOST_POINTS = 20_000_000


@login_required
def show_member(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A customer's points; of one who is no member, what becoming one would do."""
    customer = customer_for(request.user, customer_id)
    access_of(request.user).require("loyalty", "view", company_id=customer.company_id)
    today = today_of(request)
    programme = programme_for(request.user)
    context: dict[str, Any] = {"customer": customer, "title": customer.name, "programme": programme}
    is_running = programme is not None and standing(programme, today).tone == "good"
    found = member_of(customer_id, today=today)
    if found is None or programme is None:
        can_join = is_running and may(request, "adjust")
        return render(request, "pricing/member.html", {**context, "can_join": can_join, "is_running": is_running})
    entries = list(found.entries()[: SHOWN + 1])
    ending = [lot for lot in found.lots if lot.expires_on is not None]
    context |= {
        "standing": found, "worth": _worth(found.usable, programme), "tier": _tier(found, programme, request),
        "lots": [
            {"points": points_told(lot.remaining), "day": day(lot.expires_on),
             "worth": _worth(lot.remaining, programme)}
            for lot in ending[:6]
        ],
        "entries": _shown(request, entries[:SHOWN]), "more_entries": len(entries) > SHOWN,
        "tier_history": [
            TimelineEntry(at=row.at, text=_told_change(row), by=row.who or "", quote=row.reason)
            for row in found.tier_changes()[:10]
        ],
        "actions": _actions(request, customer_id), "is_running": is_running,
        "owed": points_told(found.account.owed) if found.account.owed else "",
    }  # fmt: skip
    return render(request, "pricing/member.html", context)


def _worth(points: int, programme: LoyaltyProgramme) -> str:
    """What points take off, in money; empty while they take nothing off."""
    if not programme.point_value:
        return ""
    return money(worth(points, programme.point_value, programme.currency), programme.currency)


def _tier(found: Member, programme: LoyaltyProgramme, request: HttpRequest) -> dict[str, Any]:
    """The member's tier, until when, and how far the next one is; `share` of a hundred."""
    company = access_of(request.user).current_company
    above = next_tier(found.account, months=programme.tier_months, today=today_of(request), zone=company.zone)
    shown: dict[str, Any] = {
        "name": found.account.tier.name if found.account.tier else "",
        "until": day(found.account.tier_until),
        "next": "",
        "share": None,
    }
    if found.account.tier_by_hand:
        shown["by_hand"] = True
    if above is not None:
        facts = {"points": points_told(above.missing), "tier": above.tier.name}
        shown["next"] = gettext("%(points)s more to %(tier)s") % facts
        shown["share"] = min(100, above.earned * 100 // max(1, above.tier.threshold))
    return shown


def _shown(request: HttpRequest, entries: list[Any]) -> list[dict[str, Any]]:
    """Entries with the address of their document, where the person may see it; the documents' apps say which."""
    refs = {row.pk: DocumentRef(row.subject_kind, row.subject_id) for row in entries if row.subject_kind}
    chains = chains_of(request, list(dict.fromkeys(refs.values())))
    links: dict[DocumentRef, ChainLink] = {
        DocumentRef(one.kind, one.id): one for stages in chains.values() for stage in stages for one in stage.links
    }
    return [
        {
            "row": row, "word": ENTRY_WORDS.get(row.kind, row.kind), "link": links.get(refs.get(row.pk)),  # type: ignore[arg-type]
            "points": f"+{number(row.points)}" if row.points > 0 else number(row.points),
        }
        for row in entries
    ]  # fmt: skip


def _told_change(row: Any) -> str:
    if row.tier_name is None:
        return gettext("No tier any more, before %(before)s") % {"before": row.before_name or "–"}
    if row.until is not None:
        return gettext("%(tier)s until %(day)s") % {"tier": row.tier_name, "day": day(row.until)}
    return str(row.tier_name)


def _actions(request: HttpRequest, customer_id: UUID) -> list[Action]:
    if not may(request, "adjust"):
        return []
    tier = reverse("pricing:set_tier", args=[customer_id])
    points = reverse("pricing:adjust_points", args=[customer_id])
    return [
        Action(_("Set the tier"), url=tier, icon="medal", method="get"),
        Action(_("Give or take points"), url=points, icon="plus", method="get", kind="go", key="n"),
    ]


class PointsForm(forms.Form):
    way = forms.ChoiceField(
        label=_("What"), choices=[("give", _("Give points")), ("take", _("Take points"))], initial="give",
        widget=forms.RadioSelect,
    )  # fmt: skip
    points = forms.IntegerField(
        label=_("Points"), min_value=1, max_value=MOST_POINTS, widget=forms.NumberInput(attrs={"autofocus": True})
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays beside the points, with your name."),
    )  # fmt: skip


class TierChoiceForm(forms.Form):
    tier_id = forms.ChoiceField(label=_("Tier"), required=False)
    until = DayField(label=_("Last day"), required=False, help_text=_("After it, the tier that their points reach."))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays beside the tier, with your name."),
    )  # fmt: skip

    def __init__(self, request: HttpRequest, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        tiers = tiers_for(request.user).filter(archived_at=None)
        self.fields["tier_id"].choices = [  # type: ignore[attr-defined]
            ("", _("The one that their points reach")), *((str(one.pk), one.name) for one in tiers)
        ]  # fmt: skip


@login_required
def adjust(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    def deed(data: dict[str, Any]) -> str:
        points = data["points"] if data["way"] == "give" else -data["points"]
        adjust_points(
            customer_id=customer_id, points=points, reason=data["reason"], by=request.user, at=clock.now()
        )  # fmt: skip
        given = gettext("%(points)s given.") if points > 0 else gettext("%(points)s taken.")
        return given % {"points": points_told(abs(points))}

    form = PointsForm(request.POST if request.method == "POST" else None)
    return _form(request, customer_id, form, deed, _("Give or take points"))


@login_required
def choose_tier(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    def deed(data: dict[str, Any]) -> str:
        tier_id = UUID(data["tier_id"]) if data["tier_id"] else None
        set_tier(
            customer_id=customer_id, tier_id=tier_id, until=data["until"] if tier_id else None,
            reason=data["reason"], by=request.user, at=clock.now(),
        )  # fmt: skip
        return gettext("Saved.")

    form = TierChoiceForm(request, request.POST if request.method == "POST" else None)
    return _form(request, customer_id, form, deed, _("Set the tier"))


def _form(request: HttpRequest, customer_id: UUID, form: Any, deed: Any, title: Any) -> HttpResponse:
    customer = customer_for(request.user, customer_id)
    access_of(request.user).require("loyalty", "adjust", company_id=customer.company_id)
    status = 200
    if request.method == "POST":
        if form.is_valid():

            def done() -> str:
                messages.success(request, deed(form.cleaned_data))
                return reverse("pricing:member", args=[customer_id])

            try:
                return once(request, done)
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    found = member_of(customer_id, today=today_of(request))
    context = {
        "form": form, "customer": customer, "title": title, "has": points_told(found.usable) if found else "",
        "tier": found.account.tier.name if found and found.account.tier else "",
    }  # fmt: skip
    return render(request, "pricing/member_form.html", context, status=status)


@require_POST
@login_required
def join(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    def deed() -> str:
        join_programme(customer_id=customer_id, by=request.user, at=clock.now())
        messages.success(request, gettext("The customer is a member."))
        return reverse("pricing:member", args=[customer_id])

    return once(request, deed)
