"""Plans of reminders: who is reminded, when, in which words, with a preview that follows the typing."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.core.rules.placeholders import fill_placeholders
from niaga.invoicing.models import ReminderPlan
from niaga.invoicing.queries.due_reminders import hours_of
from niaga.invoicing.queries.reminder_plans import reminder_plan, reminder_plans
from niaga.invoicing.rules.reminder_hours import next_open
from niaga.invoicing.rules.reminder_words import LANGUAGES, PLACEHOLDERS, DuePart, Sender, placeholder_values
from niaga.invoicing.rules.usual_levels import USUAL_LEVELS, LevelInput
from niaga.invoicing.services.save_reminder_plan import PlanInput, save_reminder_plan
from niaga.invoicing.services.write_reminders import sender_of
from niaga.invoicing.web.invoice_list import today_of
from niaga.invoicing.web.reminder_words import level_name
from niaga.messaging.queries.whatsapp_templates import whatsapp_templates
from niaga.organization.access import access_of
from niaga.organization.queries.companies import company_profile
from niaga.organization.web.pages import bound_or_fresh
from niaga.parties.queries.customer_lists import groups_for
from niaga.ui.documents import Action
from niaga.ui.forms import AmountField, refuse
from niaga.ui.lists import Empty, Listing, Number, Status, StatusColumn, Text
from niaga.ui.lists.addresses import row_address
from niaga.ui.stale import kept, one_at_a_time, overtaken

STATES = {"on": Status(_("On"), "good", "circle-check"), "off": Status(_("Off"), "calm", "circle-pause")}
_FIELD = re.compile(r"level-(\d{1,3})-([a-z_]+)")
_TEXTS = tuple(f"{name}_{language}" for language in LANGUAGES for name in ("subject", "text"))
_MARKS = ("by_email", "by_whatsapp", "by_call")
Row = dict[str, str]


class ReminderPlanList(Listing):
    key, title, sort = "reminder_plans", _("Reminders"), ""
    above = (_("Settings"), "/settings")
    columns = (
        Text("group", _("Customers"), source=lambda row: row.group.name if row.group else gettext("All others"),
             phone="title"),
        StatusColumn("state", _("Status"), source=lambda row: STATES["on" if row.is_active else "off"],
                     phone="status"),
        Number("level_count", _("Levels"), phone="value"),
        Text("hours", _("Hours"), source=lambda row: f"{row.send_from:%H.%M}–{row.send_until:%H.%M}", phone="meta"),
    )  # fmt: skip
    empty = Empty(
        _("Nobody is reminded yet"),
        _("A plan says on which days before and after the due day customers hear from you, how, and in which words."
          " Start from the usual one: five levels, from friendly to firm."),
        icon="bell-ring",
    )  # fmt: skip
    export = False

    def rows(self) -> QuerySet[ReminderPlan]:
        return reminder_plans(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("invoicing:reminder_plan", row.pk)

    def actions(self) -> list[Action]:
        return [Action(_("New plan"), url=reverse("invoicing:new_reminder_plan"), icon="plus", method="get", kind="go",
                       key="n")]  # fmt: skip


class PlanForm(forms.Form):
    group = forms.ChoiceField(label=_("Customers"), required=False)
    is_active = forms.BooleanField(
        label=_("Remind these customers"), required=False, help_text=_("Off: nothing is sent, and nothing is lost.")
    )
    gathers = forms.BooleanField(
        label=_("One message for all invoices that reached the same level"), required=False
    )  # fmt: skip
    minimum = AmountField(
        label=_("Smallest amount"), required=False, min_value=0,
        help_text=_("Less than this of an invoice is not reminded of."),
    )  # fmt: skip
    send_from = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    send_until = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    on_weekends = forms.BooleanField(label=_("Also on Saturdays and Sundays"), required=False)
    closed_days = forms.CharField(
        label=_("Days off of your own"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=_("One a line, such as 2026-12-24. Public holidays are known."),
    )  # fmt: skip

    def __init__(self, data: Any, *, plan: ReminderPlan | None, groups: Sequence[tuple[str, str]]) -> None:
        held = plan or ReminderPlan()
        initial: dict[str, Any] = {
            name: getattr(held, name)
            for name in ("is_active", "gathers", "minimum", "send_from", "send_until", "on_weekends")
        }
        initial["group"] = str(held.group_id or "")
        initial["closed_days"] = "\n".join(day.isoformat() for day in held.closed_days)
        super().__init__(data, initial=initial)
        self.fields["group"].choices = [("", _("All others")), *groups]  # type: ignore[attr-defined]

    def clean_closed_days(self) -> list[date]:
        try:
            return [date.fromisoformat(one) for one in self.cleaned_data["closed_days"].split()]
        except ValueError as error:
            raise ValidationError(_("Write each day as year-month-day, one a line.")) from error


@login_required
@one_at_a_time
def edit_reminder_plan(request: HttpRequest, reminder_plan_id: UUID | None = None) -> HttpResponse:
    """A plan with its levels."""
    access = access_of(request.user)
    access.require("customer", "credit")
    plan = reminder_plan(plan_id=reminder_plan_id, by=request.user) if reminder_plan_id else None
    groups = [(str(one.pk), one.name) for one in groups_for(request.user)]
    if plan is not None and plan.group is not None and str(plan.group_id) not in dict(groups):
        groups.append((str(plan.group_id), plan.group.name))
    held = [_held(one) for one in (plan.steps if plan else USUAL_LEVELS)]  # type: ignore[attr-defined]
    form = bound_or_fresh(
        request, lambda data: PlanForm(data, plan=plan, groups=groups), subject=reminder_plan_id, more=_as_posted(held)
    )
    rows, status = held, 200
    if request.method == "POST":
        rows, status = _typed(request), 422
        levels, fault = _read(rows)

        def deed(values: dict[str, Any]) -> str:
            group = values.pop("group")
            save_reminder_plan(
                company_id=access.current_company.id, plan_id=reminder_plan_id, by=request.user, at=clock.now(),
                plan=PlanInput(
                    group_id=UUID(group) if group else None, levels=levels,
                    **{**values, "minimum": values["minimum"] or Decimal(0)},
                ),
            )  # fmt: skip
            messages.success(request, gettext("Saved."))
            return reverse("invoicing:reminder_plans")

        if fault and not overtaken(form):
            form.add_error(None, ValidationError(fault))
        elif answer := kept(request, form, deed, refuse=_refuse):
            return answer
    templates = sorted({one.name for one in whatsapp_templates(by=request.user) if one.state == "approved"})
    zone = access.current_company.zone
    country = access.current_company.country
    context = {
        "form": form, "plan": plan, "title": _name(plan) if plan else gettext("New plan"), "rows": rows,
        "templates": templates, "placeholders": PLACEHOLDERS, "shown": _shown(request, rows, "id"),
        "blank": _held(LevelInput(days=1)),
        "next": next_open(clock.now().astimezone(ZoneInfo(zone)), hours_of(plan, country)) if plan else None,
    }  # fmt: skip
    return render(request, "invoicing/reminder_plan.html", context, status=status)


@login_required
@require_POST
def preview_reminder_plan(request: HttpRequest) -> HttpResponse:
    """The words as they are typed, for a customer who does not exist."""
    access_of(request.user).require("customer", "credit")
    language = "en" if request.POST.get("preview") == "en" else "id"
    shown = _shown(request, _typed(request), language)
    return render(request, "invoicing/reminder_preview.html", {"shown": shown, "language": language})


def _name(plan: ReminderPlan) -> str:
    return plan.group.name if plan.group else gettext("All others")


def _held(level: Any) -> Row:
    """A level, stored or usual, as the form shows it."""
    row = {"id": str(getattr(level, "pk", None) or ""), "days": str(abs(level.days)),
           "side": "before" if level.days < 0 else "after", "whatsapp_template": level.whatsapp_template}  # fmt: skip
    row |= {name: "1" for name in _MARKS if getattr(level, name)}
    for name in _TEXTS:
        kind, _sep, language = name.rpartition("_")
        row[name] = (level.words.get(language) or {}).get(kind, "")
    return row


def _as_posted(rows: Sequence[Row]) -> dict[str, list[str]]:
    return {
        f"level-{place}-{name}": [value] for place, row in enumerate(rows, 1) for name, value in row.items()
    }  # fmt: skip


def _typed(request: HttpRequest) -> list[Row]:
    """Rows in the order of their numbers."""
    found: dict[int, Row] = {}
    for key in request.POST:
        match = _FIELD.fullmatch(key)
        if match is not None:
            found.setdefault(int(match[1]), {})[match[2]] = request.POST[key].replace("\r\n", "\n")
    return [found[place] for place in sorted(found)][:50]


def _read(rows: Sequence[Row]) -> tuple[list[LevelInput], str]:
    levels = []
    for place, row in enumerate(rows, 1):
        text = row.get("days", "").strip()
        if not text.isascii() or not text.isdigit() or len(text) > 4:
            return [], gettext("Level %(place)d: write the days as a whole number.") % {"place": place}
        try:
            key = UUID(row["id"]) if row.get("id") else None
        except ValueError:
            key = None
        days = int(text)
        levels.append(
            LevelInput(
                days=-days if row.get("side") == "before" else days,
                whatsapp_template=row.get("whatsapp_template", "")[:120], words=_words(row), id=key,
                **{name: row.get(name) == "1" for name in _MARKS},
            )
        )  # fmt: skip
    return levels, ""


def _words(row: Row) -> dict[str, dict[str, str]]:
    return {
        language: {kind: row.get(f"{kind}_{language}", "").replace("\x00", "").strip() for kind in ("subject", "text")}
        for language in LANGUAGES
    }


def _refuse(form: forms.Form, refusal: Refusal) -> None:
    for line in refusal.lines:
        if line["line"]:
            text = gettext("Level %(place)d: %(text)s") % {"place": line["line"], "text": line["message"]}
            form.add_error(None, text)
        else:
            form.add_error(None, line["message"])
    if not refusal.lines:
        refuse(form, refusal)


def _shown(request: HttpRequest, rows: Sequence[Row], language: str) -> list[Mapping[str, str]]:
    """Each level as one customer would read it."""
    here = access_of(request.user).current_company
    sender = sender_of(company_profile(here.id))
    today = today_of(request)
    shown: list[Mapping[str, str]] = []
    for row in rows:
        words = _words(row)
        own = words[language] if words[language]["subject"] and words[language]["text"] else words["id"]
        text = row.get("days", "")
        days = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
        days = -days if row.get("side") == "before" else days
        values = _sample(sender, today, days, here.currency, language if own is words[language] else "id")
        shown.append(
            {"name": level_name(days), "subject": fill_placeholders(own["subject"], values).replace("\n", " "),
             "text": fill_placeholders(own["text"], values)}
        )  # fmt: skip
    return shown


def _sample(sender: Sender, today: date, days: int, currency: str, language: str) -> Mapping[str, str]:
    due = today - timedelta(days=days)
    parts = [
        DuePart("INV-2026-00041", due, days, Decimal(4_250_000), currency, Decimal(42_500)),
        DuePart("INV-2026-00047", due, days, Decimal(1_180_000), currency),
    ]
    return placeholder_values(
        customer="Toko Makmur Jaya", sender=sender, parts=parts, language=language, link=f"{settings.BASE_URL}/l/…"
    )
