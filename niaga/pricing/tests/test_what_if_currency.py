"""What a change of a list or promotion in another currency than the company's would do: own prices and costs by the
day's rate, and a clear word where there is none."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from niaga.catalog.tests.makers import make_company, make_product
from niaga.organization.models import Company
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.organization.tests.makers import AT
from niaga.pricing.models import PriceChange
from niaga.pricing.queries import price_changes
from niaga.pricing.queries.price_changes import Counted, Found, counted
from niaga.pricing.queries.subjects import subject_at_work
from niaga.pricing.services.count_change import count_change
from niaga.pricing.services.create_promotion import NewPromotion
from niaga.pricing.services.prepare_promotion import prepare_promotion
from niaga.pricing.tests.makers import make_price_list
from niaga.pricing.tests.test_what_if import HOW, make_change

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = AT.date()


def exporter(*rates: str) -> Company:
    company = make_company()
    choose_currencies(company_id=company.pk, currencies=["USD"], rate_days=7, **HOW)
    for rate in rates:
        rated(company, rate)
    return company


def rated(company: Company, rate: str, ahead: int = 0) -> None:
    day = TODAY + timedelta(days=ahead)
    write_exchange_rates(company_id=company.pk, rates=[NewExchangeRate("USD", D(rate), day)], source="BI", **HOW)


def asked(change: Any) -> Counted:
    fresh = PriceChange.objects.get(pk=change.pk)
    return counted(Found(subject_at_work(fresh.subject_kind, fresh.subject_id), fresh), at=AT)


def test_margins_of_a_list_in_dollars_are_of_costs_turned_by_the_day_s_rate() -> None:
    company = exporter("16000")
    coffee = make_product(company.pk, name="Kopi", price=D(98_000), cost=D(72_000))
    tea = make_product(company.pk, name="Teh", price=D(40_000), cost=D(24_000))
    prices = make_price_list(company, {(coffee, 0): 6, (tea, 0): 3}, currency="USD")

    told = asked(make_change(prices, {(coffee, 0): 4, (tea, 0): None}))

    assert told.figures is not None
    rows = {row["name"]: row for row in told.figures.rows}
    assert (told.whole.rate, told.whole.rate_missing, told.figures.below_cost) == (D(16_000), None, 1)
    coffee_row, tea_row = rows["Kopi"], rows["Teh"]
    assert (D(coffee_row["cost"]), coffee_row["margin_before"], coffee_row["margin_after"]) == (
        D("4.5"), "25.00", "-12.50",
    )  # fmt: skip
    assert (D(tea_row["before"]), D(tea_row["after"]), tea_row["margin_after"]) == (D(3), D("2.5"), "40.00")


def test_a_promotion_in_dollars_is_tried_on_prices_turned_into_dollars() -> None:
    company = exporter("16000")
    make_product(company.pk, name="Kopi", price=D(96_000), cost=D(72_000))
    promotion = NewPromotion(name="Ekspor", kind="amount", tiers=((D(0), D(1)),), currency="USD")

    told = asked(prepare_promotion(company_id=company.pk, promotion=promotion, **HOW))

    assert told.figures is not None
    (row,) = told.figures.rows
    assert (D(row["before"]), D(row["after"]), row["margin_before"], row["margin_after"]) == (
        D(6), D(5), "25.00", "10.00",
    )  # fmt: skip


def test_without_a_rate_the_rate_is_asked_for_and_margins_stay_unknown() -> None:
    company = exporter()
    coffee = make_product(company.pk, price=D(98_000), cost=D(72_000))
    prices = make_price_list(company, {(coffee, 0): 6}, currency="USD")

    told = asked(make_change(prices, {(coffee, 0): 5}))

    assert told.figures is not None
    (row,) = told.figures.rows
    assert (D(row["before"]), D(row["after"]), row["percent"]) == (D(6), D(5), "-16.67")
    assert (row["cost"], row["margin_after"], told.figures.below_cost, told.whole.rate) == (None, None, 0, None)
    missing = told.whole.rate_missing
    assert missing is not None
    assert (missing.facts["currency"], missing.facts["on"]) == ("USD", TODAY.isoformat())


def test_figures_that_were_counted_at_another_rate_are_not_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    company = exporter("16000")
    coffee = make_product(company.pk, price=D(98_000), cost=D(72_000))
    prices = make_price_list(company, {(coffee, 0): 6}, currency="USD")
    change = make_change(prices, {(coffee, 0): 5})
    monkeypatch.setattr(price_changes, "AT_ONCE", 0)
    count_change(change_id=change.pk, at=AT)

    assert asked(change).fresh is True
    rated(company, "16100")
    assert asked(change).fresh is False


def test_a_change_for_a_day_to_come_is_asked_at_the_rate_of_today() -> None:
    company = exporter("16000")
    coffee = make_product(company.pk, price=D(98_000), cost=D(72_000))
    prices = make_price_list(company, {(coffee, 0): 6}, currency="USD")
    change = make_change(prices, {(coffee, 0): 5})
    PriceChange.objects.filter(pk=change.pk).update(status="scheduled", publish_at=AT + timedelta(days=40))

    told = asked(change)

    assert told.whole.context.today == TODAY + timedelta(days=40)
    assert (told.whole.rate, told.whole.rate_missing) == (D(16_000), None)
