"""The currencies a company sells in, and exchange rates."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from niaga.core.api import Page, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.organization.api import currency_schemas as schemas
from niaga.organization.queries.companies import company_for_settings
from niaga.organization.queries.exchange_rates import exchange_rates
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates

router = Router(tags=["company"])


@router.get("/currencies", response=schemas.CurrenciesOut, summary="Show the currencies the company sells in")
def read_currencies(request: HttpRequest) -> Any:
    return company_for_settings(by=request.user)


@router.put("/currencies", response=schemas.CurrenciesOut, summary="Choose the currencies the company sells in")
def put_currencies(request: HttpRequest, body: schemas.CurrenciesIn) -> Any:
    """Besides its own. Documents that are there keep theirs."""
    company = choose_currencies(
        company_id=access_of(request.user).current_company.id, currencies=body.other_currencies,
        rate_days=body.rate_days, by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, company)


@router.get("/exchange-rates", response=Page[schemas.ExchangeRateOut], summary="List exchange rates")
def list_exchange_rates(request: HttpRequest, query: Query[schemas.ExchangeRateQuery]) -> Any:
    """What one of a currency is worth in the company's own, from a day on; the newest first."""
    access_of(request.user).require("exchange_rate", "view")
    asked = {"currency": query.currency.upper(), "date__lte": query.on}
    rows = exchange_rates(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-date", "-id"), query=query)


@router.put("/exchange-rates", response=schemas.ExchangeRatesOut, summary="Write exchange rates")
def put_exchange_rates(request: HttpRequest, body: schemas.ExchangeRatesIn) -> Any:
    """All or none, each of its own day; other currencies and days stay. What was bound with a rate keeps it."""
    return write_exchange_rates(
        company_id=access_of(request.user).current_company.id, source=body.source, by=request.user, at=now(),
        rates=[NewExchangeRate(one.currency, one.rate, one.date) for one in body.rates],
    )  # fmt: skip
