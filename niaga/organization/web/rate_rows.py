"""Rates as people paste them, one row a currency: its three letters and the figure, perhaps with its day before."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.organization.services.check_rates import MOST_RATES
from niaga.ui.formatting import parse_number
from niaga.ui.forms import SHOWN_ROWS

_ROW = re.compile(r"\s*(?:(\d{4}-\d\d-\d\d)[\t;|, ]+)?([A-Za-z]{3})\s*[\t;|: ]\s*(.*?)\s*")


class RateRow(NamedTuple):
    currency: str
    rate: Decimal | None
    """None: the row has no figure."""
    day: date | None = None


class RateRows(forms.CharField):
    """Cleans to a list of `RateRow`.

    `home` is the currency the rates are in.
    """

    def __init__(self, *, home: str, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 10, "class": "tall", "spellcheck": "false"})
        text = _("One row a currency: its three letters and the {home} for one, such as USD 16450.")
        super().__init__(widget=widget, **{"help_text": format_lazy(text, home=home), **options})

    def clean(self, value: Any) -> list[RateRow]:
        """:raises ValidationError: rows that cannot be read, each by its number"""
        rows: list[RateRow] = []
        faults: list[str] = []
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_RATES:
            raise ValidationError(gettext("Write 1 to %(most)s rates.") % {"most": MOST_RATES})
        for place, line in enumerate(lines, 1):
            found = _ROW.fullmatch(line + " ")
            try:
                if found is None:
                    raise ValueError(line)
                day = parse_date(found[1]) if found[1] else None
                rows.append(RateRow(found[2], parse_number(found[3]) if found[3] else None, day))
            except ValueError:
                faults.append(gettext("Row %(row)d cannot be read: %(text)s") % {"row": place, "text": line[:60]})
        if faults:
            raise ValidationError(faults[:SHOWN_ROWS])
        return rows
