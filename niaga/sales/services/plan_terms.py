from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from niaga.core.errors import Invalid
from niaga.sales.models.recurring import RecurringUnit
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.recurring import MOST_EVERY, PLACEHOLDERS, unknown_places

MOST_DAYS_BACK = 366
MOST_YEARS = 100
MOST_PERIODS = 1_000


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a person says of a plan besides its lines; see `RecurringPlan`."""

    name: str
    start: date
    unit: str = "month"
    every: int = 1
    day: int = 1
    end: date | None = None
    count: int | None = None
    in_arrears: bool = False
    pro_rata: bool = True
    shifts: bool = False
    raise_percent: Decimal = Decimal(0)
    text: str = ""
    note: str = ""
    customer_reference: str = ""
    issues: bool = False
    mails: bool = False


def check_terms(terms: PlanTerms, *, lines: Sequence[LineInput], today: date, is_new: bool) -> None:
    """:raises Invalid: a day, a number or a placeholder is wrong, with its field"""
    if not terms.name.strip() or len(terms.name) > 80:
        raise Invalid(_("Give the plan a name of at most 80 characters."), field="name")
    if terms.unit not in RecurringUnit.values:
        raise Invalid(_("Choose weeks, months or years."), field="unit")
    if not 1 <= terms.every <= MOST_EVERY:
        raise Invalid(_("Between 1 and %(most)s.") % {"most": MOST_EVERY}, field="every")
    if not 1 <= terms.day <= (7 if terms.unit == "week" else 31):
        raise Invalid(_("A day of the month from 1 to 31, of the week from 1 (Monday) to 7."), field="day")
    if is_new and terms.start < today - timedelta(days=MOST_DAYS_BACK):
        raise Invalid(_("A plan starts at most a year ago: what is older is billed by hand."), field="start")
    far = today.replace(day=1, year=today.year + MOST_YEARS)
    if terms.start > far or (terms.end is not None and terms.end > far):
        raise Invalid(_("This day is too far away."), field="start" if terms.start > far else "end")
    if terms.end is not None and terms.end < terms.start:
        raise Invalid(_("The plan ends before it starts."), field="end")
    if terms.count is not None and not 1 <= terms.count <= MOST_PERIODS:
        raise Invalid(_("Between 1 and %(most)s.") % {"most": MOST_PERIODS}, field="count")
    if not 0 <= terms.raise_percent <= 100:
        raise Invalid(_("A percentage is between 0 and 100."), field="raise_percent")
    if terms.mails and not terms.issues:
        raise Invalid(_("Only what is issued at once can be mailed by itself."), field="mails")
    if len(terms.text) > 200 or len(terms.customer_reference) > 60 or len(terms.note) > 2_000:
        raise Invalid(_("This text is too long."), field="text")
    for text in (terms.text, terms.note, *(line.description or "" for line in lines)):
        if unknown := unknown_places(text):
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise Invalid(
                _("{%(name)s} is no placeholder. There are: %(known)s.") % {"name": unknown[0], "known": known},
                field="text",
            )
