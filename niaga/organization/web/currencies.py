"""The currencies a company sells in, and what each was worth on which day."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.companies import company_for_settings
from niaga.organization.queries.exchange_rates import currencies_of, exchange_rates
from niaga.organization.services.choose_currencies import MOST_DAYS, choose_currencies
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.organization.web.fields import SettingsForm
from niaga.organization.web.pages import form_page
from niaga.organization.web.rate_rows import RateRows
from niaga.ui.documents import Action
from niaga.ui.formatting import number
from niaga.ui.forms import DayField, once, refuse_rows
from niaga.ui.lists import Day, Days, Empty, Listing, Number, Reference, Search, Text
from niaga.ui.stale import one_at_a_time


def _may_record(request: HttpRequest) -> bool:
    return access_of(request.user).allows("exchange_rate", "record")


class ExchangeRateList(Listing):
    key, title, sort = "exchange_rates", _("Currencies and rates"), "-date"
    template = "organization/currencies.html"
    columns = (
        Reference("currency", _("Currency"), sort="currency", phone="title"),
        Day("date", _("From"), sort="date", phone="meta"),
        Number("rate", _("Worth of one"), sort="rate", phone="value"),
        Text("source", _("Source"), phone="meta"),
    )
    filters = (
        Search("q", _("Currency or source"), match=lambda rows, text: rows.filter(
            Q(currency__istartswith=text) | Q(source__icontains=text))),
        Days("date", _("From")),
    )  # fmt: skip
    empty = Empty(
        _("No exchange rates yet"),
        _(
            "A rate says what one of a foreign currency is worth in your own, from its day on. Documents in other"
            " currencies are priced and booked by it."
        ),
        icon="coins",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("exchange_rate", "view")
        return exchange_rates(by=self.request.user)

    def url(self, row: Any) -> str:
        if not _may_record(self.request):
            return ""
        return f"{reverse('organization:exchange_rates')}?day={row.date.isoformat()}"

    def context(self) -> dict[str, Any]:
        here = access_of(self.request.user).current_company
        home, *others = currencies_of(here.id)
        return {
            "home": home, "others": others, "may_choose": access_of(self.request.user).allows("setting", "manage"),
        }  # fmt: skip

    def actions(self) -> list[Action]:
        if not _may_record(self.request):
            return []
        url = reverse("organization:exchange_rates")
        return [Action(_("Write rates"), url=url, method="get", icon="plus", kind="go", key="n")]


class CurrencyChoiceForm(SettingsForm):
    currencies = forms.CharField(
        label=_("Currencies you sell in besides your own"),
        required=False,
        max_length=400,
        help_text=_("Their three letters, such as USD SGD EUR. Nothing: you sell in your own only."),
    )
    rate_days = forms.IntegerField(
        label=_("A rate may be so many days old"),
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("An older one is not used: the day's rate is asked for."),
    )


@login_required
@one_at_a_time
def choice(request: HttpRequest) -> HttpResponse:
    row = company_for_settings(by=request.user)

    def save(values: dict[str, Any]) -> str:
        codes = values["currencies"].replace(",", " ").replace(";", " ").split()
        choose_currencies(
            company_id=row.id, currencies=codes, rate_days=values["rate_days"], by=request.user, at=clock.now()
        )
        return reverse("organization:currencies")

    initial = {"currencies": " ".join(row.other_currencies), "rate_days": row.rate_days}
    return form_page(
        request,
        form=lambda data: CurrencyChoiceForm(data, initial=initial),
        deed=save,
        subject=row.id,
        title=_("Currencies you sell in"),
        back=(_("Currencies and rates"), reverse("organization:currencies")),
        may_change=access_of(request.user).allows("setting", "manage"),
    )


class ExchangeRatesForm(forms.Form):
    date = DayField(label=_("From"), help_text=_("A row may begin with its own day, such as 2026-11-27."))
    source = forms.CharField(label=_("Source"), max_length=60, required=False, help_text=_("Such as JISDOR, the bank."))

    def __init__(self, *args: Any, home: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["rows"] = RateRows(label=_("Exchange rates"), home=home)


@login_required
def write_rates(request: HttpRequest) -> HttpResponse:
    """`GET` shows the rates of a day (`?day=`), else today's row for each currency; `POST` writes what stands there."""
    access = access_of(request.user)
    access.require("exchange_rate", "record")
    here = access.current_company
    status = 200
    if request.method == "POST":
        form = ExchangeRatesForm(request.POST, home=here.currency)
        if form.is_valid():
            data = form.cleaned_data

            def deed() -> str:
                done = write_exchange_rates(
                    company_id=here.id, source=data["source"], by=request.user, at=clock.now(),
                    rates=[NewExchangeRate(one.currency, one.rate, one.day or data["date"]) for one in data["rows"]],
                )  # fmt: skip
                count = done.added + done.changed + done.removed
                text = ngettext("%(count)d exchange rate written.", "%(count)d exchange rates written.", count) % {
                    "count": count
                }
                messages.success(request, text)
                return reverse("organization:currencies")

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse_rows(form, refusal)
        status = 422
    else:
        today = clock.today(at=clock.now(), zone=here.zone)
        form = ExchangeRatesForm(initial=_held(request, today), home=here.currency)
    context = {"form": form, "title": gettext("Write rates"), "home": here.currency}
    return render(request, "organization/exchange_rates_form.html", context, status=status)


def _held(request: HttpRequest, today: date) -> dict[str, Any]:
    """What the form begins with: the day's written rates, or an empty row for each currency that is sold in."""
    try:
        day = parse_date(request.GET.get("day", "")) or today
    except ValueError:
        day = today
    rows = list(exchange_rates(by=request.user).filter(date=day).order_by("currency"))
    written = {row.currency: number(row.rate) for row in rows}
    wanted = currencies_of(access_of(request.user).current_company.id)[1:]
    asked = request.GET.get("currency", "").upper()[:3]
    codes = dict.fromkeys([*written, *([asked] if asked.isalpha() else []), *wanted])
    text = "\n".join(f"{code} {written.get(code, '')}" for code in codes)
    return {"date": day, "source": rows[0].source if rows else "", "rows": text}
