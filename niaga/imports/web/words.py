"""How imports show: states, counts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Text
from niaga.imports.models import ImportBatch
from niaga.imports.rules.flow import BatchStatus
from niaga.imports.rules.kinds import KINDS, UPDATABLE, Shape
from niaga.imports.wording import column_name
from niaga.ui.formatting import day, money, number
from niaga.ui.lists import Status

STATUSES: dict[str, Status] = {
    BatchStatus.MAPPING: Status(_("Columns to be named"), "faint", "columns-3"),
    BatchStatus.QUEUED: Status(_("Waiting"), "calm", "clock"),
    BatchStatus.RUNNING: Status(_("Running"), "calm", "loader-circle"),
    BatchStatus.CHECKED: Status(_("Sound, not yet imported"), "good", "circle-check"),
    BatchStatus.DONE: Status(_("Imported"), "good", "check"),
    BatchStatus.REFUSED: Status(_("Rows to correct"), "warn", "triangle-alert"),
    BatchStatus.FAILED: Status(_("Not readable"), "bad", "circle-x"),
    BatchStatus.UNDONE: Status(_("Undone"), "faint", "undo-2"),
}
_COUNTS: dict[str, Text] = {
    "created": _("New"),
    "changed": _("Changed"),
    "same": _("Were so already"),
    "categories": _("New categories"),
    "lists": _("New price lists"),
    "receipts": _("Receipts posted"),
    "without_stock": _("Rows with a quantity of zero"),
    "sales": _("Sales"),
    "lines": _("Lines"),
    "total": _("Revenue"),
    "discount": _("Discounts"),
    "coupon": _("Paid by coupons"),
    "first_day": _("First day"),
    "last_day": _("Last day"),
    "not_positive": _("Lines with a quantity of zero or less"),
    "rounded": _("Figures with more decimals than are kept"),
    "placeholders": _("Unknown products, kept as archived placeholders"),
    "without_customer": _("Sales without a customer"),
    "undone": _("Taken back"),
}
_FIGURES = {one.name for name in UPDATABLE for one in KINDS[name].columns if one.shape == Shape.NUMBER}
_MONEY = ("total", "discount", "coupon")
_DAYS = ("first_day", "last_day")


def shown_counts(counts: dict[str, Any], currency: str) -> list[tuple[Text, str]]:
    """What a run counted, in words; what is nothing is left out."""
    shown: list[tuple[Text, str]] = []
    for name, label in _COUNTS.items():
        value = counts.get(name)
        if value in (None, "", 0, "0"):
            continue
        if name in _MONEY:
            shown.append((label, money(Decimal(str(value)), currency)))
        elif name in _DAYS:
            shown.append((label, day(date.fromisoformat(value))))
        else:
            shown.append((label, number(value) if isinstance(value, int) else str(value)))
    return shown


def shown_changes(batch: ImportBatch) -> list[dict[str, Any]]:
    """Some of what changes, with the columns' names and figures as people write them."""
    return [
        {**one, "name": column_name(one["column"]), "before": _cell(one, "before"), "after": _cell(one, "after")}
        for one in batch.samples.get("changes", [])
    ]


def shown_doubles(batch: ImportBatch) -> list[dict[str, Any]]:
    """New rows that look like ones that are there."""
    return [{**one, "column": column_name(one["column"])} for one in batch.samples.get("doubles", [])]


def _cell(one: dict[str, Any], side: str) -> str:
    text = str(one[side])
    return number(Decimal(text)) if text and one["column"] in _FIGURES else text
