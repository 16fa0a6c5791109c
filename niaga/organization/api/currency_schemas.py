"""What the API says about currencies and exchange rates."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PageQuery
from niaga.organization.api.schemas import Exact

Rate = Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=10)]


class CurrenciesIn(Exact):
    other_currencies: list[str] = Field(max_length=100, description="ISO 4217, besides the company's own; in order.")
    rate_days: int = Field(7, ge=0, le=366, description="So many days old an exchange rate may be.")


class CurrenciesOut(Schema):
    currency: str = Field(description="The company's own.")
    other_currencies: list[str]
    rate_days: int


class ExchangeRateIn(Exact):
    currency: str = Field(min_length=3, max_length=3, description="ISO 4217, not the company's own.")
    date: dt.date = Field(description="From this day on, until the next one that has a rate.")
    rate: Rate | None = Field(description="Of the company's own currency for one; null takes it away.")


class ExchangeRatesIn(Exact):
    source: str = Field("", max_length=60, description="Such as JISDOR.")
    rates: list[ExchangeRateIn] = Field(min_length=1, max_length=200)


class ExchangeRatesOut(Schema):
    added: int
    changed: int
    removed: int
    same: int


class ExchangeRateQuery(PageQuery):
    currency: str = Field("", max_length=3)
    on: dt.date | None = Field(None, description="Up to this day: the first of a currency is the one that holds.")


class ExchangeRateOut(Schema):
    currency: str
    date: dt.date
    rate: Number
    source: str
