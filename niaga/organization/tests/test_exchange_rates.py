"""Exchange rates by day: written, put right, taken away; the one that holds; and who may do it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from niaga.core.errors import Forbidden, Invalid
from niaga.core.models import AuditEntry
from niaga.organization.errors import ExchangeRatesRefused, RateMissing
from niaga.organization.models import Company, ExchangeRate
from niaga.organization.queries.exchange_rates import exchange_on, find_exchange
from niaga.organization.services.check_rates import RatesWritten
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.organization.web.rate_rows import RateRows
from tests.makers import NOW, World, log_in, make_user, make_world

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 11, 23)


def written(world: World, *rates: tuple[str, Any], day: date = DAY, **more: Any) -> RatesWritten:
    return write_exchange_rates(
        company_id=world.company.id, by=more.pop("by", world.owner), at=NOW, **more,
        rates=[NewExchangeRate(code, None if rate is None else D(rate), day) for code, rate in rates],
    )  # fmt: skip


def rate_of(world: World, currency: str, on: date, days: int = 7) -> Decimal | None:
    found = find_exchange(company_id=world.company.id, currency=currency, home="IDR", on=on, rate_days=days)
    return None if found is None else found.rate


def test_the_rate_of_a_day_is_the_latest_that_is_not_too_old() -> None:
    world = make_world()
    written(world, ("USD", "16450.55"))
    written(world, ("USD", "16500"), day=DAY + timedelta(days=3))

    found = [rate_of(world, "USD", DAY + timedelta(days=ahead)) for ahead in (-1, 0, 2, 3, 10, 11)]

    assert found == [None, D("16450.55"), D("16450.55"), D(16_500), D(16_500), None]
    assert rate_of(world, "USD", DAY + timedelta(days=30), days=30) == D(16_500)
    assert rate_of(world, "EUR", DAY) is None
    assert rate_of(world, "IDR", DAY) == 1


def test_a_missing_rate_is_asked_for_by_currency_and_day() -> None:
    world = make_world()

    with pytest.raises(RateMissing) as refusal:
        exchange_on(company=world.company, currency="USD", on=DAY)

    assert (refusal.value.code, refusal.value.field) == ("rate_missing", "currency")
    assert refusal.value.facts == {"currency": "USD", "on": "2026-11-23"}


def test_rates_written_again_are_put_right_and_taken_away_and_the_trail_says_so() -> None:
    world = make_world()

    first = written(world, ("USD", "16450"), ("EUR", "17900"), source="JISDOR")
    again = written(world, ("USD", "16500"), ("EUR", None), ("JPY", "106.5"), source="JISDOR")
    same = written(world, ("USD", "16500"), source="JISDOR")

    assert (first, again) == (RatesWritten(added=2), RatesWritten(added=1, changed=1, removed=1))
    assert same == RatesWritten(same=1)
    rows = ExchangeRate.objects.order_by("currency").values_list("currency", "rate", "source", "updated_by")
    assert list(rows) == [
        ("JPY", D("106.5"), "JISDOR", world.owner.id), ("USD", D(16_500), "JISDOR", world.owner.id),
    ]  # fmt: skip
    told = AuditEntry.objects.filter(subject_kind="exchange_rate").order_by("id").last()
    assert told is not None
    assert told.data["rates"]["2026-11-23 USD"] == ["16450", "16500"]
    assert told.data["rates"]["2026-11-23 EUR"] == ["17900", None]


@pytest.mark.parametrize(
    ("currency", "rate"), [("IDR", "1"), ("XYZ", "5"), ("US", "5"), ("USD", "0"), ("USD", "-1"), ("USD", "16.45")]
)
def test_a_rate_that_cannot_be_is_refused_and_nothing_is_written(currency: str, rate: str) -> None:
    world = make_world()
    written(world, ("USD", "16450"), day=DAY - timedelta(days=1))

    with pytest.raises(ExchangeRatesRefused) as refusal:
        written(world, ("SGD", "12300"), (currency, rate))

    assert [one["line"] for one in refusal.value.lines] == [2]
    assert ExchangeRate.objects.count() == 1


def test_only_who_may_record_rates_writes_them_and_only_who_manages_settings_chooses_currencies() -> None:
    world = make_world()
    seller, finance = make_user(world.company, "salesperson"), make_user(world.company, "finance")

    with pytest.raises(Forbidden):
        written(world, ("USD", "16450"), by=seller)
    with pytest.raises(Forbidden):
        choose_currencies(company_id=world.company.id, currencies=["USD"], rate_days=7, by=finance, at=NOW)

    assert not ExchangeRate.objects.exists()
    assert written(world, ("USD", "16450"), by=finance).added == 1
    assert Company.objects.get(pk=world.company.pk).other_currencies == []


@pytest.mark.parametrize(("currencies", "days"), [(["IDR"], 7), (["USD", "usd"], 7), (["ABC"], 7), (["USD"], 367)])
def test_currencies_that_cannot_be_are_refused(currencies: list[str], days: int) -> None:
    world = make_world()

    with pytest.raises(Invalid):
        choose_currencies(company_id=world.company.id, currencies=currencies, rate_days=days, by=world.owner, at=NOW)

    kept = Company.objects.get(pk=world.company.pk)
    assert (kept.other_currencies, kept.rate_days) == ([], 7)


def test_pasted_rows_are_read_with_or_without_their_day() -> None:
    field = RateRows(home="IDR")

    rows = field.clean("USD 16.450,5\n\n2026-11-20\teur\t17.900\nJPY")

    assert rows == [("USD", D("16450.5"), None), ("eur", D(17_900), date(2026, 11, 20)), ("JPY", None, None)]
    with pytest.raises(ValidationError):
        field.clean("USD sixteen")


def test_rates_are_pasted_on_their_page_and_stand_in_the_list() -> None:
    world = make_world()
    choose_currencies(company_id=world.company.id, currencies=["USD"], rate_days=7, by=world.owner, at=NOW)
    browser = log_in(world.owner)

    asked = browser.get("/settings/currencies/rates").content.decode()
    sent = browser.post(
        "/settings/currencies/rates",
        {"date": "2026-11-23", "rows": "USD 16.450\n2026-11-20 USD 16.400", "source": "BI"},
    )
    wrong = browser.post("/settings/currencies/rates", {"date": "2026-11-24", "rows": "USD 16"})
    listed = browser.get("/settings/currencies").content.decode()

    assert "USD " in asked
    assert (sent.status_code, wrong.status_code) == (302, 422)
    assert list(ExchangeRate.objects.order_by("date").values_list("rate", flat=True)) == [D(16_400), D(16_450)]
    assert "16.450" in listed
    assert "JISDOR" not in listed
