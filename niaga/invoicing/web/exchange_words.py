"""Tukar faktur in words."""

from collections.abc import Mapping, Sequence
from datetime import date, time

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.invoicing.models import ExchangeOutcome, ExchangePaper, ExchangeRule
from niaga.ui.lists import Status

ROUNDS: Mapping[str, Status] = {
    "planned": Status(_("Planned"), "calm", "calendar-clock"),
    "done": Status(_("Done"), "good", "circle-check"),
    "cancelled": Status(_("Called off"), "faint", "ban"),
}
OUTCOMES: Mapping[str, Status] = {
    ExchangeOutcome.WAITING: Status(_("Waiting"), "calm", "clock"),
    ExchangeOutcome.TAKEN: Status(_("Exchanged"), "good", "circle-check"),
    ExchangeOutcome.REFUSED: Status(_("Refused"), "bad", "circle-x"),
    ExchangeOutcome.MISSED: Status(_("Not met"), "warn", "calendar-clock"),
    ExchangeOutcome.LEFT: Status(_("Called off"), "faint", "ban"),
    ExchangeOutcome.WITHDRAWN: Status(_("Taken back"), "warn", "undo-2"),
}
NOT_EXCHANGED = Status(_("Not exchanged"), "warn", "repeat-2")
PAPERS: Mapping[str, str | Promise] = {
    ExchangePaper.INVOICE: _("Original invoice"),
    ExchangePaper.RECEIPT: _("Receipt (kuitansi)"),
    ExchangePaper.ORDER: _("Purchase order"),
    ExchangePaper.DELIVERY_NOTE: _("Delivery note"),
    ExchangePaper.TAX_INVOICE: _("Tax invoice"),
    ExchangePaper.STATEMENT: _("List of claims"),
}
WEEKDAYS: Sequence[str | Promise] = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


def days_in_words(rule: ExchangeRule) -> str:
    """`Tuesday, Thursday`, `on the 10th and 25th`, or every working day."""
    parts = [", ".join(str(WEEKDAYS[day]) for day in rule.weekdays)] if rule.weekdays else []
    if rule.month_days:
        said = ", ".join(gettext("last day") if day == 31 else str(day) for day in rule.month_days)
        parts.append(gettext("each month on %(days)s") % {"days": said})
    return "; ".join(parts) or gettext("every working day")


def hours_in_words(rule: ExchangeRule) -> str:
    def clock(value: time | None) -> str:
        return f"{value:%H.%M}" if value else "…"

    return f"{clock(rule.time_from)}–{clock(rule.time_until)}" if rule.time_from or rule.time_until else ""


def age_in_days(day: date | None, today: date) -> int:
    return (today - day).days if day is not None else 0
