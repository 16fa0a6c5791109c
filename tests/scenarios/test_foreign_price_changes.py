"""A change of prices in dollars among documents in dollars, as the page and the API tell it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from niaga.core import clock
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.set_prices import NewPrice, set_prices
from tests.makers import NOW, World, log_in, make_product, make_quotation
from tests.scenarios.foreign_books import D, exporter, line, rated

pytestmark = pytest.mark.django_db


def make_change(world: World, product_id: UUID, *, was: str, becomes: str) -> UUID:
    made = create_price_list(company_id=world.company.id, code="X", name="Export", currency="USD", by=SYSTEM, at=NOW)
    set_prices(price_list_id=made.id, prices=[NewPrice(D(was), product_id)], by=SYSTEM, at=NOW)
    change = prepare_change(price_list_id=made.id, name="January", by=SYSTEM, at=NOW)
    change_entries(change_id=change.id, prices=[NewPrice(D(becomes), product_id)], by=SYSTEM, at=NOW)
    return change.id


def answers(world: World, change_id: UUID) -> tuple[dict[str, Any], str]:
    token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=NOW)
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    page = log_in(world.owner).get(f"/price-changes/{change_id}/what-if").content.decode()
    return api.get(f"/api/v1/price-changes/{change_id}/what-if").json(), page.replace("\xa0", " ")


def test_documents_in_dollars_are_told_in_dollars_and_in_all_in_rupiah() -> None:
    world = exporter()
    today = clock.today(at=clock.now(), zone=world.branch.zone)
    rated(world, ("USD", "16000"))
    rated(world, ("USD", "16400"), day=today)
    coffee = make_product(world, price=D(98_000), cost=D(73_800))
    tea = make_product(world, kind="service", price=D(8_200), cost=D(4_100))
    change = make_change(world, coffee.id, was="6", becomes="6.40")
    quotation = make_quotation(world, [line(coffee, "10"), line(tea, "2")], currency="USD")
    make_quotation(world, [line(coffee, "10")])

    told, page = answers(world, change)

    (row,) = told["documents"]
    assert (row["id"], Decimal(row["before"]), Decimal(row["difference"])) == (str(quotation.id), D(61), D(4))
    assert (row["margin_before"], row["margin_after"]) == ("25.41", "30")
    assert (told["currency"], told["exchange_rate"], told["rate_missing"]) == ("USD", "16400", None)
    assert (told["documents_difference"], told["documents_base_difference"]) == ("4", "65600")
    assert "$ 4,00 = Rp 65.600" in page
    assert "1 USD = 16.400" in page


def test_without_a_rate_page_and_api_ask_for_it_and_prices_in_dollars_are_compared() -> None:
    world = exporter()
    today = clock.today(at=clock.now(), zone=world.branch.zone)
    old = today - timedelta(days=30)
    rated(world, ("USD", "16000"), day=min(old, NOW.date()))
    coffee = make_product(world, price=D(98_000), cost=D(73_800))
    change = make_change(world, coffee.id, was="6", becomes="6.40")
    quotation = make_quotation(world, [line(coffee, "10", unit_price=D(5)), line(coffee, "1")], currency="USD")

    told, page = answers(world, change)

    assert [(row["id"], row["difference"], row["margin_after"]) for row in told["documents"]] == [
        (str(quotation.id), "0.4", None)
    ]
    assert (told["exchange_rate"], told["documents_base_difference"]) == (None, None)
    assert "USD" in told["rate_missing"]
    assert f"/settings/currencies/rates?day={today.isoformat()}" in page
