"""When a recurring invoice is made, of which days, and what it costs. Pure.

Periods begin on a day of the month (or the week), each `every` months, years or weeks; a month without that day begins
one on its last day. A plan that starts or ends between two such days has a shorter first or last period. Its price is
the whole period's times its days over the days of the whole period, half up to the currency, for one unit; or whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

import holidays

from niaga.core.money import round_amount
from niaga.core.rules.calendar import add_months, end_of_month, next_working_day
from niaga.core.rules.formatting import format_long_date

MOST_EVERY = 60
PLACEHOLDERS = ("periode", "period", "awal", "akhir", "nomor", "produk")
_PLACE = re.compile(r"\{([^{}]*)\}")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`day`: of the month (31 is its last day), or of the week from Monday, 1."""

    start: date
    unit: str
    every: int
    day: int
    end: date | None = None
    count: int | None = None
    in_arrears: bool = False
    pro_rata: bool = True
    shifts: bool = False
    country: str = "ID"


@dataclass(frozen=True, slots=True)
class Span:
    """A period from `first` to `last`, billed on `bill_date`; it pays for `days` of `whole`."""

    number: int
    first: date
    last: date
    bill_date: date
    days: int
    whole: int

    @property
    def is_partial(self) -> bool:
        return self.days < self.whole


def _clamped(month: date, day: int) -> date:
    return month.replace(day=min(day, end_of_month(month).day))


def _begin(rhythm: Rhythm, index: int) -> date:
    """The day on which the whole period `index` begins; 0 is the first one on or after the start."""
    if rhythm.unit == "week":
        first = rhythm.start + timedelta(days=(rhythm.day - rhythm.start.isoweekday()) % 7)
        return first + timedelta(weeks=rhythm.every * index)
    month = rhythm.start.replace(day=1)
    if _clamped(month, rhythm.day) < rhythm.start:
        month = add_months(month, 1)
    months = rhythm.every * (12 if rhythm.unit == "year" else 1)
    return _clamped(add_months(month, months * index), rhythm.day)


def span_of(rhythm: Rhythm, number: int) -> Span | None:
    """The period `number`, from 1 on; None: the plan is over before it."""
    has_stub = _begin(rhythm, 0) > rhythm.start
    index = number - 1 - has_stub
    begin, after = _begin(rhythm, index), _begin(rhythm, index + 1)
    first, last, whole = max(begin, rhythm.start), after - _DAY, (after - begin).days
    if (rhythm.count and number > rhythm.count) or (rhythm.end and first > rhythm.end):
        return None
    if rhythm.end and last > rhythm.end:
        last = rhythm.end
    bill_date = last + _DAY if rhythm.in_arrears else first
    if rhythm.shifts:
        bill_date = working_day(bill_date, rhythm.country)
    days = (last - first).days + 1 if rhythm.pro_rata else whole
    return Span(number, first, last, bill_date, days, whole)


def spans(rhythm: Rhythm, *, number: int, most: int) -> Iterator[Span]:
    """So many periods from `number` on, as far as there are any."""
    for one in range(number, number + most):
        span = span_of(rhythm, one)
        if span is None:
            return
        yield span


@lru_cache(maxsize=64)
def _public(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:  # a country that the calendar does not know has its week-ends
        return frozenset()


def working_day(day: date, country: str) -> date:
    """`day`, or the next one that is neither a week-end nor a public holiday."""
    return next_working_day(day, _public(country, day.year) | _public(country, day.year + 1))


def raised(price: Decimal, *, percent: Decimal, since: date, on: date, currency: str) -> Decimal:
    """A price that goes up by `percent` with each full year since a day, half up to the currency once."""
    years = on.year - since.year - (add_months(since, 12 * (on.year - since.year)) > on)
    if years <= 0 or not percent:
        return price
    return round_amount(price * (1 + percent / 100) ** years, currency)


def shared(amount: Decimal, *, days: int, whole: int, currency: str) -> Decimal:
    """What `days` of `whole` cost, half up to the currency."""
    return amount if days >= whole else round_amount(amount * days / whole, currency)


def unknown_places(text: str) -> list[str]:
    """What stands in braces and is no placeholder."""
    return [name for name in _PLACE.findall(text) if name not in PLACEHOLDERS]


def filled(text: str, *, span: Span, language: str, product: str = "") -> str:
    """A text with the period's words in the place of its placeholders. Nothing else in braces is looked at."""
    told = told_period(span.first, span.last, language)
    words = {
        "periode": told, "period": told, "awal": format_long_date(span.first, language),
        "akhir": format_long_date(span.last, language), "nomor": str(span.number), "produk": product,
    }  # fmt: skip
    return _PLACE.sub(lambda found: words.get(found[1], found[0]), text).strip()


def told_period(first: date, last: date, language: str) -> str:
    """A whole month by its name, else the first and the last day."""
    whole = first.day == 1 and last == end_of_month(first)
    if whole:
        return format_long_date(first, language).split(" ", 1)[1]
    return f"{format_long_date(first, language)} – {format_long_date(last, language)}"
