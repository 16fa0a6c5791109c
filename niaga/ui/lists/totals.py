"""The foot of a list: its count and totals."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from niaga.ui import formatting
from niaga.ui.lists.columns import Label
from niaga.ui.lists.parts import Total


def count_and_sums(rows: QuerySet[Any, Any], totals: Sequence[Total]) -> tuple[int, list[tuple[Label, str]]]:
    """How many rows there are, and each total as it is shown; one statement."""
    rows = rows.order_by()
    currency = next((total.currency for total in totals if total.currency), "")
    wanted = {f"sum_{number}": Sum(total.field) for number, total in enumerate(totals)}
    if not currency:
        found = rows.aggregate(rows_in_all=Count("*"), **wanted)
        shown = [
            (total.label, formatting.number(found[f"sum_{number}"] or Decimal(0)))
            for number, total in enumerate(totals)
        ]
        return found["rows_in_all"], shown
    groups = list(rows.values(currency).annotate(rows_in_all=Count("*"), **wanted).order_by(currency))
    shown = []
    for number, total in enumerate(totals):
        for group in groups:
            value = group[f"sum_{number}"]
            if value is not None:
                text = formatting.money(value, group[currency]) if total.currency else formatting.number(value)
                shown.append((total.label, text))
    return sum(group["rows_in_all"] for group in groups), shown
