"""Writing into a prepared change: its prices, what the list says about itself, its moment; and beginning one."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.pricing.queries.difference_words import entries_written
from niaga.pricing.queries.differences_of import differences_of
from niaga.pricing.queries.price_changes import list_change_for, price_change_for
from niaga.pricing.queries.price_lists import price_list_for
from niaga.pricing.queries.promotions import promotion_for
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.change_heads import change_heads
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_promotion_change import prepare_promotion_change
from niaga.pricing.services.schedule_change import schedule_change
from niaga.pricing.web.price_change_words import MOST_REASON
from niaga.pricing.web.price_list_form import PriceListForm, heads_of
from niaga.pricing.web.prices_form import PricesForm
from niaga.pricing.web.rule_form import version_of
from niaga.ui.formatting import day, number
from niaga.ui.forms import DayField, once, refuse, refuse_rows
from niaga.ui.stale import one_at_a_time, overtaken


class NewChangeForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True}),
        help_text=_("What it is for, as colleagues will find it: December prices."),
    )  # fmt: skip


@login_required
def new_change(request: HttpRequest, price_list_id: UUID) -> HttpResponse:
    found = price_list_for(request.user, price_list_id, "change")

    def prepare(name: str) -> str:
        made = prepare_change(price_list_id=price_list_id, name=name, by=request.user, at=clock.now())
        return reverse("pricing:price_change", args=[made.pk])

    return _begin(request, prepare, back=reverse("pricing:price_list", args=[price_list_id]), back_text=found.name)


@login_required
def new_promotion_change(request: HttpRequest, promotion_id: UUID) -> HttpResponse:
    found = promotion_for(request.user, promotion_id, "change")

    def prepare(name: str) -> str:
        made = prepare_promotion_change(promotion_id=promotion_id, name=name, by=request.user, at=clock.now())
        return reverse("pricing:change_promotion", args=[made.pk])

    return _begin(request, prepare, back=reverse("pricing:promotion", args=[promotion_id]), back_text=found.name)


def _begin(request: HttpRequest, prepare: Callable[[str], str], *, back: str, back_text: str) -> HttpResponse:
    """Ask what the change is called, and begin it."""
    today = clock.now().astimezone(ZoneInfo(access_of(request.user).current_company.zone)).date()
    form, status = NewChangeForm(initial={"name": gettext("Change of %(day)s") % {"day": day(today)}}), 200
    if request.method == "POST":
        form = NewChangeForm(request.POST)
        if form.is_valid():
            try:
                return once(request, lambda: prepare(form.cleaned_data["name"]))
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    context = {
        "form": form, "title": _("Prepare a change"), "fields": [form["name"]], "form_id": "new-change",
        "back": back, "back_text": back_text, "button": _("Prepare"),
    }  # fmt: skip
    return render(request, "pricing/price_change_form.html", context, status=status)


@login_required
def write_prices(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """`GET` shows the prices that the change sets, `POST` writes the rows into it."""
    price_list, change = list_change_for(request.user, change_id)
    status = 200
    if request.method == "POST":
        form = PricesForm(request.POST)
        if form.is_valid():

            def deed() -> str:
                count = change_entries(
                    change_id=change_id, prices=form.cleaned_data["rows"], by=request.user, at=clock.now(),
                    replace=form.cleaned_data["replace"],
                )  # fmt: skip
                text = ngettext("The change sets %(count)s price.", "The change sets %(count)s prices.", count)
                messages.success(request, text % {"count": number(count)})
                return reverse("pricing:price_change", args=[change_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse_rows(form, refusal)
        status = 422
    else:
        form = PricesForm(initial={"rows": entries_written(differences_of(change), company_id=change.company_id)})
    context = {
        "form": form, "price_list": price_list, "back": reverse("pricing:price_change", args=[change_id]),
        "back_text": change.name, "draft": f"change-prices-{change_id}-{change.version}",
    }  # fmt: skip
    return render(request, "pricing/prices_form.html", context, status=status)


@login_required
@one_at_a_time
def write_heads(request: HttpRequest, change_id: UUID) -> HttpResponse:
    price_list, change = list_change_for(request.user, change_id)
    drafted = copy(price_list)
    for name, (_before, after) in differences_of(change).heads.items():
        setattr(drafted, name, after)
    status, initial = 200, heads_of(drafted)

    def made(data: Any) -> PriceListForm:
        return PriceListForm(request, data, initial=initial, new=False, held=drafted)

    form = bound_or_fresh(request, made, subject=change.id, more={"version": [str(change.version)]})
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                change_heads(
                    change_id=change_id, by=request.user, at=clock.now(), expected_version=version_of(request),
                    **form.facts(),
                )  # fmt: skip
                messages.success(request, gettext("Saved in the change."))
                return reverse("pricing:price_change", args=[change_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    context = {
        "form": form, "title": price_list.name, "price_list": change, "draft": "change-heads",
        "back": reverse("pricing:price_change", args=[change_id]), "back_text": change.name,
    }  # fmt: skip
    return render(request, "pricing/price_list_form.html", context, status=status)


class MomentForm(forms.Form):
    day = DayField(label=_("Day"))
    hour = forms.TimeField(label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    reason = forms.CharField(
        label=_("Reason"), max_length=MOST_REASON, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in the history with the publication."),
    )  # fmt: skip

    def __init__(self, zone: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.fields["hour"].help_text = _("At the head office (%(zone)s).") % {"zone": zone}

    def moment(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], self.zone)


@login_required
def schedule(request: HttpRequest, change_id: UUID) -> HttpResponse:
    _subject, change = price_change_for(request.user, change_id)
    zone = access_of(request.user).current_company.zone
    form, status = MomentForm(zone), 200
    if request.method == "POST":
        form = MomentForm(zone, request.POST)
        if form.is_valid():

            def deed() -> str:
                schedule_change(
                    change_id=change_id, publish_at=form.moment(), note=form.cleaned_data["reason"], by=request.user,
                    at=clock.now(),
                )  # fmt: skip
                messages.success(request, gettext("It is published at its moment, also while nobody is here."))
                return reverse("pricing:price_change", args=[change_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
                for line in refusal.lines:
                    form.add_error(None, str(line["message"]))
        status = 422
    context = {
        "form": form, "title": _("Publish at a moment"), "fields": [form["day"], form["hour"]],
        "whole": [form["reason"]],
        "form_id": "schedule-change", "back": reverse("pricing:price_change", args=[change_id]),
        "back_text": change.name, "button": _("Publish then"),
    }  # fmt: skip
    return render(request, "pricing/price_change_form.html", context, status=status)
