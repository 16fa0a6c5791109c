"""Settings: how much can leave a warehouse on a day, and when it is closed."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.stock.queries.capacity import capacity_row, own_days
from niaga.stock.queries.warehouses import all_warehouses
from niaga.stock.rules.capacity import OwnDay
from niaga.stock.rules.day_load import Measure
from niaga.stock.services.save_capacity import MOST, MOST_LEAD, CapacityInput, save_capacity
from niaga.ui.forms import once, refuse
from niaga.ui.stale import one_at_a_time, overtaken

_LIMITS = (
    ("limit", _("At most on %(day)s")), ("weight", _("Kilograms on %(day)s")), ("volume", _("Cubic metres on %(day)s"))
)  # fmt: skip
_NAMES = tuple(name for name, _label in _LIMITS)
_LIMIT = re.compile(r"(\d{1,7})(|kg|m3)", re.IGNORECASE | re.ASCII)


class CapacityForm(forms.Form):
    is_active = forms.BooleanField(label=_("Days have limits"), required=False)
    measure = forms.ChoiceField(
        label=_("What is counted"),
        choices=[(Measure.ORDERS.value, _("Orders")), (Measure.LINES.value, _("Order lines"))],
    )
    open_days = forms.MultipleChoiceField(
        label=_("Open on"), choices=[(str(n), WEEKDAYS[n]) for n in range(7)], widget=forms.CheckboxSelectMultiple
    )
    rests_on_holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)
    lead_days = forms.IntegerField(
        label=_("Lead time in open days"), required=False, min_value=0, max_value=MOST_LEAD,
        help_text=_("Between an order and its leaving; empty: it can leave the same day."),
    )  # fmt: skip
    cut_off = forms.TimeField(
        label=_("Orders of today until"), required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("From this hour on an order counts as of the next day."),
    )  # fmt: skip
    days = forms.CharField(
        label=_("Other days"), required=False, max_length=40_000, widget=forms.Textarea,
        help_text=_("One a line: 2026-12-24 Stock-taking is closed, 2026-12-23 40 2500kg 12m3 Peak has these limits."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in _LIMITS:
            for n in range(7):
                self.fields[f"{name}_{n}"] = forms.IntegerField(
                    label=label % {"day": WEEKDAYS[n]}, required=False, min_value=0, max_value=MOST
                )
                self.fields[f"{name}_{n}"].widget.attrs |= {
                    "class": "input num", "aria-label": str(label % {"day": WEEKDAYS[n]})
                }  # fmt: skip
        for name in ("lead_days", "cut_off"):
            self.fields[name].widget_width = "half"  # type: ignore[attr-defined]

    @property
    def week(self) -> list[tuple[Any, list[Any]]]:
        """Each weekday with its limits, as the table of the page has them."""
        return [(WEEKDAYS[n], [self[f"{name}_{n}"] for name in _NAMES]) for n in range(7)]

    def clean_days(self) -> dict[date, OwnDay]:
        found: dict[date, OwnDay] = {}
        for line in self.cleaned_data["days"].splitlines():
            first, _gap, rest = line.strip().partition(" ")
            if not first:
                continue
            try:
                day = date.fromisoformat(first)
            except ValueError:
                raise ValidationError(
                    gettext("%(text)s is not a day such as 2026-12-24.") % {"text": first[:20]}
                ) from None
            found[day] = _own_day(rest.split())
        return found


def _own_day(words: list[str]) -> OwnDay:
    """`40 2500kg 12m3 Peak`: open with these limits; without any of them it is closed."""
    limits: dict[str, int] = {}
    while words and (read := _LIMIT.fullmatch(words[0])) and read[2].lower() not in limits:
        limits[read[2].lower()] = int(read[1])
        words = words[1:]
    why = " ".join(words)
    if not limits:
        return OwnDay(True, None, why)
    return OwnDay(False, limits.get(""), why, limits.get("kg"), limits.get("m3"))


@login_required
@one_at_a_time
def edit(request: HttpRequest, warehouse_id: UUID) -> HttpResponse:
    access_of(request.user).require("setting", "manage")
    place = all_warehouses(by=request.user).filter(pk=warehouse_id, archived_at=None).first()
    if place is None:
        raise NotFound()
    held = capacity_row(warehouse_id=warehouse_id)
    initial: dict[str, Any] = {"is_active": True, "open_days": [str(n) for n in range(6)], "rests_on_holidays": True}
    if held is not None:
        initial = {
            "is_active": held.is_active, "measure": held.measure, "open_days": [str(n) for n in held.open_days],
            "rests_on_holidays": held.rests_on_holidays, "lead_days": held.lead_days or None,
            "cut_off": held.cut_off,
            "days": "\n".join(_line(one) for one in own_days(warehouse_id=warehouse_id)),
            **{
                f"{name}_{n}": limit
                for name, limits in zip(_NAMES, (held.limits, held.weight_limits, held.volume_limits), strict=True)
                for n, limit in enumerate(limits)
            },
        }  # fmt: skip
    form = bound_or_fresh(request, lambda data: CapacityForm(data, initial=initial), subject=warehouse_id)
    status = 200
    if request.method == "POST":
        status = 422
        if not overtaken(form) and form.is_valid():
            facts = form.cleaned_data

            def deed() -> str:
                limits = [[facts[f"{name}_{n}"] for n in range(7)] for name in _NAMES]
                given = CapacityInput(
                    facts["is_active"], facts["measure"], [int(n) for n in facts["open_days"]], limits[0],
                    facts["rests_on_holidays"], facts["days"], facts["lead_days"] or 0, facts["cut_off"], *limits[1:],
                )  # fmt: skip
                save_capacity(warehouse_id=warehouse_id, given=given, by=request.user, at=clock.now())
                messages.success(request, gettext("Saved."))
                return reverse("stock:warehouses")

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
    return render(request, "stock/capacity_form.html", {"form": form, "place": place}, status=status)


def _line(one: Any) -> str:
    limits = ((one.limit, ""), (one.weight_limit, "kg"), (one.volume_limit, "m3"))
    told = [f"{limit}{unit}" for limit, unit in limits if limit is not None]
    return " ".join(filter(None, (one.date.isoformat(), *told, one.reason)))
