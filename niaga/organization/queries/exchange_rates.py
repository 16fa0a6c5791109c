"""What a foreign currency is worth on a day, and the table it comes from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from niaga.core.api import plain
from niaga.core.money import round_amount, round_to
from niaga.organization.access import Actor, access_of
from niaga.organization.errors import RateMissing, RateUnlikely
from niaga.organization.models import Company, ExchangeRate
from niaga.organization.queries.document_context import DocumentContext
from niaga.organization.rules.rates import DIGITS, FAR, MOST_RATE

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Exchange:
    """`rate` of the company's own currency, `home`, for one of `currency`; found on the day `on`."""

    currency: str
    home: str
    rate: Decimal
    on: date

    @property
    def is_home(self) -> bool:
        return self.currency == self.home

    def in_base(self, amount: Decimal) -> Decimal:
        """An amount of `currency` in the company's own, rounded half up to its smallest unit."""
        return amount if self.is_home else round_amount(amount * self.rate, self.home)


def find_exchange(*, company_id: UUID, currency: str, home: str, on: date, rate_days: int) -> Exchange | None:
    """The latest rate on the day or before it, not older than `rate_days`; None when there is none. One statement, and
    none at all for the company's own currency."""
    if currency == home:
        return Exchange(currency, home, ONE, on)
    first = on - timedelta(days=rate_days)
    rows = ExchangeRate.objects.filter(company_id=company_id, currency=currency, date__lte=on, date__gte=first)
    found = rows.order_by("-date").values_list("rate", "date").first()
    return None if found is None else Exchange(currency, home, *found)


def exchanges(
    *, company_id: UUID, home: str, rate_days: int, currencies: Collection[str], on: date, typed: Mapping[str, Decimal]
) -> dict[str, Exchange]:
    """What each currency is worth by the rate that a person typed, as a bank's own, or else by the day's. One
    statement, and none at all for the company's own currency.

    :raises RateMissing: none was typed, and none is young enough
    :raises RateUnlikely: the typed one cannot be, is far from the last, or of a currency that is not asked about
    """
    foreign = sorted(set(currencies) - {home})
    for currency in sorted(typed.keys() - set(foreign)):
        text = _("A rate of %(currency)s is not needed here.") % {"currency": currency[:12]}
        raise RateUnlikely.of(currency, text)
    last = _last(company_id, foreign, on) if foreign else {}
    found = {home: Exchange(home, home, ONE, on)}
    for currency in foreign:
        rate, day = last.get(currency, (None, on))
        if currency in typed:
            rate, day = _likely(currency, typed[currency], rate, home), on
        if rate is None or (on - day).days > rate_days:
            raise RateMissing.of(currency, on, rate_days=rate_days, field="rates")
        found[currency] = Exchange(currency, home, rate, day)
    return found


def days_exchanges(*, company_id: UUID, currencies: Collection[str], on: date) -> dict[str, Exchange]:
    """What currencies are worth on a day; those without a rate that is young enough are missing. Two statements,
    and none without a currency."""
    if not currencies:
        return {}
    home, rate_days = Company.objects.values_list("currency", "rate_days").get(pk=company_id)
    last = _last(company_id, currencies, on)
    return {
        currency: Exchange(currency, home, rate, day)
        for currency, (rate, day) in last.items()
        if (on - day).days <= rate_days
    }


def _last(company_id: UUID, currencies: Collection[str], on: date) -> dict[str, tuple[Decimal, date]]:
    rows = ExchangeRate.objects.filter(company_id=company_id, currency__in=list(currencies), date__lte=on)
    newest = rows.order_by("currency", "-date").distinct("currency")
    return {currency: (rate, day) for currency, rate, day in newest.values_list("currency", "rate", "date")}


def _likely(currency: str, rate: Decimal, last: Decimal | None, home: str) -> Decimal:
    if not (rate.is_finite() and 0 < rate <= MOST_RATE) or not round_to(rate, DIGITS):
        raise RateUnlikely.of(currency, _("A rate is %(home)s for one: above zero.") % {"home": home})
    if last is not None and not last / FAR <= rate <= last * FAR:
        text = _("This is far from the last rate, %(rate)s: is a mark in the wrong place?")
        raise RateUnlikely.of(currency, text % {"rate": plain(last)})
    return round_to(rate, DIGITS)


def exchange_on(*, company: Company, currency: str, on: date, field: str = "currency") -> Exchange:
    """:raises RateMissing: no rate is young enough"""
    days = company.rate_days
    found = find_exchange(company_id=company.pk, currency=currency, home=company.currency, on=on, rate_days=days)
    if found is None:
        raise RateMissing.of(currency, on, rate_days=days, field=field)
    return found


def exchange_in(context: DocumentContext, currency: str, *, on: date) -> Exchange | None:
    """What `find_exchange` says to a document's context."""
    return find_exchange(
        company_id=context.company_id, currency=currency, home=context.currency, on=on, rate_days=context.rate_days
    )


def exchange_rates(*, by: Actor) -> QuerySet[ExchangeRate]:
    """The rates that the current company wrote."""
    return ExchangeRate.objects.filter(access_of(by).filter("exchange_rate", branch=None, salesperson=None))


def currencies_of(company_id: UUID) -> tuple[str, ...]:
    """The currencies a company sells in, its own first."""
    home, others = Company.objects.values_list("currency", "other_currencies").get(pk=company_id)
    return (home, *others)
