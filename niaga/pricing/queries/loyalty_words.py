"""A loyalty programme and its tiers in words: `Every Rp 10,000 earns 1 point; 1 point is worth Rp 100: 1% back.`

The same words for what is stored, what is being typed, and the API.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from niaga.pricing.queries.terms_in_words import days
from niaga.pricing.rules.loyalty import HUNDRED
from niaga.ui.formatting import day, money, number, percent

MOST_NAMED = 3
"""So many parts of the assortment are named; the rest is counted."""

ENTRY_WORDS = {
    "earn": gettext_lazy("Earned"), "burn": gettext_lazy("Used"), "take_back": gettext_lazy("Taken back"),
    "give_back": gettext_lazy("Given back"), "expire": gettext_lazy("Ended"), "adjust": gettext_lazy("By hand"),
    "welcome": gettext_lazy("Welcome"),
}  # fmt: skip
"""What changed a balance."""


@dataclass(frozen=True, slots=True)
class ToldProgramme:
    """A programme as it is told. What is not typed yet is None; `excluded` are the names of what earns nothing."""

    currency: str
    points: int | None
    per_amount: Decimal | None
    point_value: Decimal | None
    with_tax: bool = False
    not_on_promoted: bool = False
    least_points: int = 0
    step_points: int = 1
    most_percent: Decimal = HUNDRED
    expires_after: int | None = None
    notice_days: int = 0
    welcome_points: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    excluded: Sequence[str] = ()


def told_programme(row: Any, excluded: Iterable[Any] = ()) -> ToldProgramme:
    """A stored programme; `excluded` are rows of `exclusions_of`."""
    names = (name for name in ToldProgramme.__dataclass_fields__ if name != "excluded")
    return ToldProgramme(**{name: getattr(row, name) for name in names}, excluded=[part_name(one) for one in excluded])


def part_name(row: Any) -> str:
    """A part of the assortment that earns nothing, by its name."""
    if row.category_name and row.brand:
        return _("%(brand)s in %(category)s") % {"brand": row.brand, "category": row.category_name}
    return str(row.product_name or row.family_name or row.category_name or row.brand)


def points_told(points: int) -> str:
    """`1 point`, `1,250 points`."""
    return ngettext("%(points)s point", "%(points)s points", points) % {"points": number(points)}


def ending_told(points: int, ends_on: date) -> str:
    """`300 points end on 5 Dec 2026`."""
    return _("%(points)s end on %(day)s") % {"points": points_told(points), "day": day(ends_on)}


def months_told(months: int) -> str:
    return ngettext("%(months)s month", "%(months)s months", months) % {"months": number(months)}


def points_used_told(points: int) -> str:
    """`Points used: 1,200 points`: the line of a document's sums; a small part may tell less than one."""
    if not points:
        return _("Points used")
    return _("Points used: %(points)s") % {"points": points_told(points)}


def share_back(points: int, per_amount: Decimal, point_value: Decimal) -> Decimal:
    """What comes back of a sum in points, in percent."""
    return points * point_value / per_amount * HUNDRED


def programme_sentence(told: ToldProgramme) -> str:
    """The heart of it; empty while too little is known."""
    if not told.points or told.points < 0 or not told.per_amount or told.per_amount <= 0:
        return ""
    facts = {"amount": money(told.per_amount, told.currency), "points": points_told(told.points)}
    if told.point_value is None or told.point_value < 0:
        return _("Every %(amount)s earns %(points)s.") % facts
    if not told.point_value:
        return _("Every %(amount)s earns %(points)s. Points count for tiers; they take nothing off.") % facts
    back = share_back(told.points, told.per_amount, told.point_value)
    return _("Every %(amount)s earns %(points)s; 1 point is worth %(value)s: %(share)s back.") % {
        **facts, "value": money(told.point_value, told.currency), "share": percent(back, _digits(back))
    }  # fmt: skip


def _digits(value: Decimal) -> int:
    return next((digits for digits in (0, 1) if value == round(value, digits)), 2)


def programme_terms(told: ToldProgramme) -> list[str]:
    """What else holds, a short sentence each."""
    said = [_("Counted on amounts with tax.") if told.with_tax else _("Counted on amounts without tax.")]
    if told.expires_after:
        said.append(_("Points end %(months)s after they came in.") % {"months": months_told(told.expires_after)})
        if told.notice_days and told.point_value:
            text = ngettext(
                "Members are told %(days)s day before.", "Members are told %(days)s days before.", told.notice_days
            )
            said.append(text % {"days": number(told.notice_days)})
    else:
        said.append(_("Points never end."))
    if told.welcome_points:
        said.append(_("A new member gets %(points)s.") % {"points": points_told(told.welcome_points)})
    if told.point_value:
        said += _using(told)
    if told.not_on_promoted:
        said.append(_("Lines with a promotion earn nothing."))
    if told.excluded:
        named = ", ".join(told.excluded[:MOST_NAMED])
        more = len(told.excluded) - MOST_NAMED
        if more > 0:
            named = _("%(names)s and %(count)s more") % {"names": named, "count": number(more)}
        said.append(_("Earns nothing: %(names)s.") % {"names": named})
    if days(told.valid_from, told.valid_to):
        said.append(_("Valid %(days)s.") % {"days": days(told.valid_from, told.valid_to)})
    return said


def _using(told: ToldProgramme) -> list[str]:
    said = []
    if told.least_points > 1:
        said.append(_("At least %(points)s are used at a time.") % {"points": points_told(told.least_points)})
    if told.step_points > 1:
        said.append(_("They are used in steps of %(points)s.") % {"points": number(told.step_points)})
    if told.most_percent < HUNDRED:
        said.append(_("They pay at most %(share)s of a document.") % {"share": percent(told.most_percent)})
    return said


def tier_sentence(*, threshold: int, multiplier: Decimal, months: int) -> str:
    """`From 500 points earned in 12 months: 1.5 times the points.`"""
    facts = {"points": points_told(threshold), "months": months_told(months), "times": number(multiplier)}
    if not threshold:
        begins = _("Every member from the first day")
    else:
        begins = _("From %(points)s earned in %(months)s") % facts
    if multiplier == 1:
        return _("%(begins)s: the same points as everybody.") % {"begins": begins}
    return _("%(begins)s: %(times)s times the points.") % {"begins": begins, **facts}
