"""For whom and when a price list or a promotion holds, in words."""

from datetime import date, time
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.pricing.rules.terms import EVERY_DAY
from niaga.ui.formatting import day

TAX_SORTS = {
    None: gettext_lazy("As the company's prices"), True: gettext_lazy("With tax"), False: gettext_lazy("Without tax"),
}  # fmt: skip
"""Whether the prices of a list hold the tax, by its `prices_include_tax`."""


def whom(row: Any) -> str:
    """All that a row with `whom_names` is for, in a line; empty when it is for everybody."""
    named = (row.customer_name, row.tier_name, row.group_name, row.territory_name, row.branch_name, row.channel_name)
    return " · ".join(name for name in named if name)


def days(valid_from: date | None, valid_to: date | None) -> str:
    """From when to when; empty for always."""
    if valid_from and valid_to:
        return f"{day(valid_from)} – {day(valid_to)}"
    if valid_from:
        return _("from %(day)s") % {"day": day(valid_from)}
    if valid_to:
        return _("until %(day)s") % {"day": day(valid_to)}
    return ""


def hours(found: Any) -> str:
    """On which weekdays and between which hours; empty for always."""
    weekdays = "" if found.weekdays == EVERY_DAY else weekdays_in_words(found.weekdays)
    if found.from_time is None and found.until_time is None:
        return weekdays
    begins, ends = (f"{one:%H.%M}" for one in (found.from_time or time.min, found.until_time or time.min))
    return f"{weekdays} {begins}–{ends if found.until_time else '24.00'}".strip()


def weekdays_in_words(weekdays: int) -> str:
    """`Mon–Fri, Sun`: runs of three and more days as from–to."""
    names = [str(name) for name in WEEKDAYS_ABBR.values()]
    runs: list[list[int]] = []
    for place in range(7):
        if not weekdays & 1 << place:
            continue
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    parts = []
    for run in runs:
        parts += [f"{names[run[0]]}–{names[run[-1]]}"] if len(run) > 2 else [names[place] for place in run]
    return ", ".join(parts)
