"""Writing the tax rates of currencies of a week, pasted from where the Ministry of Finance publishes them."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.invoicing.queries.tax_filings import tax_currency_rates
from niaga.invoicing.services.write_tax_currency_rates import WEEK, NewCurrencyRate, write_tax_currency_rates
from niaga.organization.access import access_of
from niaga.organization.web.rate_rows import RateRows
from niaga.ui.formatting import number
from niaga.ui.forms import DayField, once, refuse_rows

WEDNESDAY = 2
"""The rates of a week hold from Wednesday to Tuesday."""


class TaxRatesForm(forms.Form):
    valid_from = DayField(label=_("From"))
    valid_until = DayField(label=_("Until"), help_text=_("Nothing: seven days."), required=False)
    decree = forms.CharField(label=_("Decree"), max_length=60, required=False, help_text="47/MK/EF.2/2026")
    rows = RateRows(label=_("Rates of the week"), home="IDR")


@login_required
def write_tax_rates(request: HttpRequest) -> HttpResponse:
    """`GET` shows the week of a day (`?day=`), or one that was written (`?week=`); `POST` writes what stands there."""
    access = access_of(request.user)
    access.require("tax_filing", "record")
    here = access.current_company
    status = 200
    if request.method == "POST":
        form = TaxRatesForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data

            def deed() -> str:
                done = write_tax_currency_rates(
                    company_id=here.id, valid_from=data["valid_from"], valid_until=data["valid_until"],
                    rates=[NewCurrencyRate(one.currency, one.rate) for one in data["rows"]], decree=data["decree"],
                    by=request.user, at=clock.now(),
                )  # fmt: skip
                count = done.added + done.changed + done.removed
                text = ngettext("%(count)d rate written.", "%(count)d rates written.", count) % {"count": count}
                messages.success(request, text)
                return reverse("invoicing:tax_currency_rates")

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse_rows(form, refusal)
        status = 422
    else:
        form = TaxRatesForm(initial=_held(request, clock.today(at=clock.now(), zone=here.zone)))
    return render(request, "invoicing/tax_rates_form.html", {"form": form}, status=status)


def _held(request: HttpRequest, today: date) -> dict[str, Any]:
    """What the form begins with: the written rates of a week, or the empty week of a day."""
    week = _day(request.GET.get("week", ""))
    if week is not None:
        rows = list(tax_currency_rates(by=request.user).filter(valid_from=week).order_by("currency"))
        if rows:
            text = "\n".join(f"{row.currency} {number(row.rate)}" for row in rows)
            first = rows[0]
            return {"valid_from": week, "valid_until": first.valid_until, "decree": first.decree, "rows": text}
    day = _day(request.GET.get("day", "")) or today
    start = day - timedelta(days=(day.weekday() - WEDNESDAY) % 7)
    return {"valid_from": start, "valid_until": start + WEEK}


def _day(text: str) -> date | None:
    """A day of a century that can be counted in."""
    try:
        found = parse_date(text) if text else None
    except ValueError:
        return None
    return found if found and 1900 < found.year < 2200 else None
