"""Writing the programme: few fields with sensible values, and the sentence that they come to."""

from decimal import Decimal
from typing import Any

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
from niaga.core.money import exponent
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.pricing.models import LoyaltyProgramme
from niaga.pricing.queries.assortment import ScopeKeys, key_of
from niaga.pricing.queries.loyalty import exclusions_of, programme_for
from niaga.pricing.queries.loyalty_words import ToldProgramme, part_name, programme_sentence, programme_terms
from niaga.pricing.services.set_programme import MOST_NOTICE, NewProgramme, set_programme
from niaga.pricing.web.promotion_kinds import KINDS
from niaga.pricing.web.promotion_rows import PartRow, Rows, read_rows, take_faults
from niaga.ui.forms import AmountField, DayField, NumberField, once, refuse
from niaga.ui.stale import one_at_a_time, overtaken

_KIND = KINDS["percent"]
"""Whose rows of parts the form shares: what is never touched."""
_NAMES = (
    "name", "points", "per_amount", "point_value", "least_points", "step_points", "most_percent", "expires_after",
    "notice_days", "welcome_points", "tier_months", "not_on_promoted", "valid_from", "valid_to",
)  # fmt: skip


def usual_programme(currency: str) -> ToldProgramme:
    """What a new programme is offered with: one percent back, points for a year, at most half of a document."""
    unit = Decimal(10_000) if exponent(currency) == 0 or currency == "IDR" else Decimal(10)
    return ToldProgramme(
        currency,
        points=1,
        per_amount=unit,
        point_value=unit / 100,
        expires_after=12,
        notice_days=30,
        most_percent=Decimal(50),
    )


class ProgrammeForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Customers read it with their points."))
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=1_000_000)
    per_amount = AmountField(label=_("For every"), min_value=0)
    with_tax = forms.TypedChoiceField(
        label=_("Counted on"), coerce=lambda value: value == "1", required=False, widget=forms.RadioSelect,
        choices=[("", _("Amounts without tax")), ("1", _("Amounts with tax"))],
    )  # fmt: skip
    point_value = NumberField(
        label=_("One point takes off"), required=False, min_value=0, max_digits=19, decimal_places=6,
        help_text=_("Empty or 0: points only count for tiers."),
    )  # fmt: skip
    expires_after = forms.IntegerField(
        label=_("Points end after months"), required=False, min_value=1, max_value=1200,
        help_text=_("Empty: they never end."),
    )  # fmt: skip
    notice_days = forms.IntegerField(
        label=_("Days of notice"), required=False, min_value=0, max_value=MOST_NOTICE,
        help_text=_("By e-mail, so many days before points end. Empty or 0: none."),
    )  # fmt: skip
    most_percent = NumberField(
        label=_("At most this share of a document, %"), min_value=0, max_value=100, max_digits=9, decimal_places=6,
        help_text=_("Of goods and services; charges are always paid in money."),
    )  # fmt: skip
    least_points = forms.IntegerField(label=_("At least so many points at a time"), required=False, min_value=0)
    step_points = forms.IntegerField(label=_("In steps of points"), required=False, min_value=1)
    welcome_points = forms.IntegerField(
        label=_("Welcome points"), required=False, min_value=0, help_text=_("Once, when a customer becomes a member.")
    )
    tier_months = forms.IntegerField(label=_("Tiers look at the points of so many months"), min_value=1, max_value=1200)
    not_on_promoted = forms.BooleanField(label=_("Lines with a promotion earn nothing"), required=False)
    valid_from = DayField(label=_("First day"), required=False, help_text=_("Empty: at once."))
    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Included. Empty: without end."))

    def __init__(self, currency: str, data: Any = None, *, stored: Rows | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.currency = currency
        self.fields["per_amount"].currency = currency  # type: ignore[attr-defined]
        self.rows = read_rows(data, _KIND) if data is not None else stored or Rows()

    @property
    def narrow(self) -> bool:
        """Whether what is rarely said is said, or wrong, so that it is in sight."""
        names = ("valid_from", "valid_to", "not_on_promoted")
        return bool(self.rows.parts.get("never")) or any(self[one].errors or self[one].value() for one in names)

    def clean_notice_days(self) -> int:
        return self.cleaned_data["notice_days"] or 0

    def is_valid(self) -> bool:
        return super().is_valid() and not self.rows.faults

    def programme(self, *, is_on: bool) -> NewProgramme:
        data = self.cleaned_data
        return NewProgramme(
            **{name: data[name] for name in _NAMES if data[name] is not None or name.startswith(("valid", "expires"))},
            is_on=is_on, with_tax=bool(data["with_tax"]),
            excluded=tuple(one for one in self.rows.scopes if one.role == "except"),
        )  # fmt: skip

    def told(self) -> ToldProgramme:
        """As far as it can be told from what is typed."""
        self.is_valid()
        data = self.cleaned_data
        value = data.get("point_value")
        return ToldProgramme(
            self.currency, points=data.get("points"), per_amount=data.get("per_amount"),
            point_value=None if self["point_value"].errors else value or Decimal(0),
            with_tax=bool(data.get("with_tax")), not_on_promoted=bool(data.get("not_on_promoted")),
            least_points=data.get("least_points") or 0, step_points=data.get("step_points") or 1,
            most_percent=data.get("most_percent") or Decimal(100), expires_after=data.get("expires_after"),
            notice_days=data.get("notice_days") or 0,
            welcome_points=data.get("welcome_points") or 0, valid_from=data.get("valid_from"),
            valid_to=data.get("valid_to"), excluded=[row.text for row in self.rows.parts.get("never", ()) if row.text],
        )  # fmt: skip


def _initial(found: LoyaltyProgramme | None, usual: ToldProgramme) -> dict[str, Any]:
    if found is not None:
        shown = {name: getattr(found, name) for name in _NAMES}
        return {**shown, "with_tax": "1" if found.with_tax else "", "point_value": found.point_value or None}
    return {
        "name": gettext("Loyal customers"), "points": usual.points, "per_amount": usual.per_amount,
        "point_value": usual.point_value, "expires_after": usual.expires_after, "most_percent": usual.most_percent,
        "notice_days": usual.notice_days, "least_points": 0, "step_points": 1, "welcome_points": 0, "tier_months": 12,
    }  # fmt: skip


def _rows_of(found: LoyaltyProgramme) -> Rows:
    parts = []
    for one in exclusions_of(found):
        key = key_of(ScopeKeys(one.product_id, one.family_id, one.category_id, one.brand))
        if key:
            parts.append(PartRow(key, part_name(one)))
    return Rows({"never": parts})


@login_required
@one_at_a_time
def edit_loyalty(request: HttpRequest) -> HttpResponse:
    """The programme's form: with what is usual, while there is none."""
    access = access_of(request.user)
    access.require("loyalty", "change")
    found = programme_for(request.user)
    currency = found.currency if found else access.current_company.currency
    initial = _initial(found, usual_programme(currency))
    stored = _rows_of(found) if found else Rows()

    def made(data: Any) -> ProgrammeForm:
        return ProgrammeForm(currency, data, initial=initial, stored=stored)

    standing = {}
    if found is not None:
        shown = stored.parts.get("never") or [PartRow()]
        standing = {
            "never": [row.key for row in shown], "never_text": [row.text for row in shown],
            "version": [str(found.version)],
        }  # fmt: skip
    form = bound_or_fresh(request, made, subject=found.pk if found else None, more=standing)
    status = 200
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                version = request.POST.get("version", "")
                set_programme(
                    company_id=access.current_company.id,
                    programme=form.programme(is_on=found.is_on if found else True), by=request.user, at=clock.now(),
                    expected_version=int(version) if version.isdigit() and len(version) < 10 else None,
                )  # fmt: skip
                messages.success(request, gettext("Saved.") if found else gettext("The programme is on."))
                return reverse("pricing:loyalty")

            try:
                return once(request, deed)
            except Refusal as refusal:
                _refuse(form, refusal)
        status = 422
    told = form.told() if form.is_bound else _told_of(initial, currency, stored)
    form.rows.shown()
    context = {
        "form": form, "programme": found, "told": programme_sentence(told), "terms": programme_terms(told),
        "title": _("Edit the programme") if found else _("Start a programme"),
    }  # fmt: skip
    return render(request, "pricing/loyalty_form.html", context, status=status)


def _told_of(initial: dict[str, Any], currency: str, stored: Rows) -> ToldProgramme:
    names = {name: value for name, value in initial.items() if name not in ("name", "tier_months", "with_tax")}
    return ToldProgramme(
        currency, **{**names, "point_value": initial["point_value"] or Decimal(0)},
        with_tax=bool(initial.get("with_tax")), excluded=[row.text for row in stored.parts.get("never", ())],
    )  # fmt: skip


@require_POST
@login_required
def tell(request: HttpRequest) -> HttpResponse:
    """The sentence of what is typed so far."""
    found = programme_for(request.user)
    currency = found.currency if found else access_of(request.user).current_company.currency
    told = ProgrammeForm(currency, request.POST).told()
    context = {"told": programme_sentence(told), "terms": programme_terms(told)}
    return render(request, "pricing/loyalty_told.html", context)


def _refuse(form: ProgrammeForm, refusal: Refusal) -> None:
    if not refusal.lines:
        refuse(form, refusal)
        return
    for fault in take_faults(form.rows, refusal.lines):
        form.add_error(fault["field"] if fault["field"] in form.fields else None, fault["message"])
