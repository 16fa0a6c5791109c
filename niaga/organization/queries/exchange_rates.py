"""What a foreign currency is worth on a day, and the table it comes from."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from niaga.core.money import round_amount
from niaga.organization.access import Actor, access_of
from niaga.organization.errors import RateMissing
from niaga.organization.models import Company, ExchangeRate
from niaga.organization.queries.document_context import DocumentContext

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
