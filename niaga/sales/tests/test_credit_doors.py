"""What credit holds, through the doors: statements, pages, the API."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.organization.access import SYSTEM
from niaga.organization.models import User
from niaga.organization.services.create_token import create_token
from niaga.parties.models import CreditAccount
from niaga.sales.models import CreditDecision, CreditRequest
from niaga.sales.services.ask_release import ask_release
from niaga.sales.tests.credit_shop import DAY, Shop, statements_of
from niaga.stock.models import Delivery
from tests.makers import (
    NOW,
    log_in,
)

pytestmark = pytest.mark.django_db


# statements


def test_asking_the_credit_costs_confirming_and_shipping_no_statement() -> None:
    """Limit, raise, group, days, the oldest invoice and the release come with the rows that are locked anyhow."""
    shop = Shop()
    shop.set(overdue_days=30)
    order = shop.draft(1)
    confirmed = statements_of(lambda: shop.confirm(order))
    delivery_id = shop.delivery(order)
    shipped = statements_of(lambda: shop.ship(delivery_id))

    about = [sql for sql in confirmed if "parties_creditaccount" in sql and sql.lstrip().startswith("SELECT")]
    assert len(about) == 1
    assert "FOR UPDATE" in about[0]
    assert [sql for sql in confirmed + shipped if sql.startswith("SELECT") and "sales_creditdecision" in sql
            and "FOR UPDATE" not in sql] == []  # fmt: skip
    assert (len(confirmed), len(shipped)) == (9, 5)


# the pages


def test_finance_finds_it_in_the_queue_and_releases_it_with_one_form() -> None:
    shop = Shop()
    order = shop.draft(6)
    seller, finance = log_in(shop.seller), log_in(shop.finance)

    dialog = seller.get(f"/orders/{order.id}/confirmation").content.decode()
    seller.post(f"/orders/{order.id}/credit-request", {"note": "Pesanan Lebaran"})
    request = CreditRequest.objects.get()
    waits = seller.get(f"/orders/{order.id}").content.decode()
    queue = finance.get("/credit-releases").content.decode()
    page = finance.get(f"/credit-releases/{request.id}").content.decode()
    finance.post(f"/credit-releases/{request.id}/release", {"reason": "Pelanggan lama"})
    after = seller.get(f"/orders/{order.id}").content.decode()

    assert f"/orders/{order.id}/credit-request" in dialog
    assert "Pesanan Lebaran" in waits
    assert order.customer.name in queue
    assert "166.000" in queue or "166,000" in queue
    assert "Pesanan Lebaran" in page
    assert "Pelanggan lama" in after
    assert order.customer.name not in finance.get("/credit-releases").content.decode().partition("<main")[2]
    shop.confirm(order)


def test_the_queue_is_three_statements_more_than_none_however_long() -> None:
    shop = Shop()
    finance = log_in(shop.finance)
    ask_release(order_id=shop.draft(6).id, by=shop.seller, at=NOW)
    finance.get("/credit-releases")
    one = statements_of(lambda: finance.get("/credit-releases"))
    for _turn in range(5):
        ask_release(order_id=shop.draft(6).id, by=shop.seller, at=NOW)
    many = statements_of(lambda: finance.get("/credit-releases"))

    assert len(one) == len(many)


def test_who_may_not_decide_sees_no_queue() -> None:
    shop = Shop()
    request = ask_release(order_id=shop.draft(6).id, by=shop.seller, at=NOW)
    seller = log_in(shop.seller)

    assert seller.get("/credit-releases").status_code == 403
    assert seller.get(f"/credit-releases/{request.id}").status_code == 403
    assert seller.post(f"/credit-releases/{request.id}/release", {"reason": "Ya"}).status_code == 403
    assert not CreditDecision.objects.exists()


def test_shipping_from_the_page_asks_finance_by_itself() -> None:
    shop = Shop()
    delivery_id = shop.delivery(shop.confirmed(4))
    shop.set(limit=Decimal(1))
    owner = log_in(shop.world.owner)

    for _turn in range(2):
        owner.post(f"/deliveries/{delivery_id}/shipment")

    assert Delivery.objects.get(pk=delivery_id).status == "draft"
    assert CreditRequest.objects.get().stage == "ship"


def test_the_limit_is_raised_from_the_queue() -> None:
    shop = Shop()
    order = shop.draft(6)
    request = ask_release(order_id=order.id, by=shop.seller, at=NOW)
    finance = log_in(shop.finance)

    bad = finance.post(f"/credit-releases/{request.id}/raise", {"amount": "banyak", "last_day": "x", "reason": "y"})
    gone = finance.post(
        f"/credit-releases/{request.id}/raise", {"amount": "200.000", "last_day": "2020-01-01", "reason": "y"}
    )
    day = (NOW.date() + 400 * DAY).isoformat()
    far = finance.post(f"/credit-releases/{request.id}/raise", {"amount": "200.000", "last_day": day, "reason": "y"})

    assert (bad.status_code, gone.status_code, far.status_code) == (422, 422, 422)
    assert CreditAccount.objects.get(customer=shop.customer).raised == 0


# the API


def _api(user: User) -> Any:
    token = create_token(user_id=user.id, name="test", by=SYSTEM, at=NOW)
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def test_by_the_api_an_order_is_asked_about_and_released() -> None:
    shop = Shop()
    order = shop.draft(6)
    seller, finance = _api(shop.seller), _api(shop.finance)

    refused = seller.post(f"/api/v1/orders/{order.id}/confirmation", content_type="application/json")
    asked = seller.post(
        f"/api/v1/orders/{order.id}/credit-requests", {"note": "Lebaran"}, content_type="application/json"
    )
    listed = finance.get("/api/v1/credit-requests?state=open").json()["items"]
    key = asked.json()["id"]
    no = seller.post(f"/api/v1/credit-requests/{key}/release", {"reason": "Ya"}, content_type="application/json")
    done = finance.post(f"/api/v1/credit-requests/{key}/release", {"reason": "Ya"}, content_type="application/json")
    confirmed = seller.post(f"/api/v1/orders/{order.id}/confirmation", content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (409, "credit_exceeded")
    assert (asked.status_code, asked.json()["waits_for"], asked.json()["over_by"]) == (201, ["over_limit"], "166000")
    assert [one["id"] for one in listed] == [key]
    assert no.status_code == 403
    assert (done.json()["state"], done.json()["released_up_to"]) == ("released", "666000")
    assert confirmed.status_code == 200


def test_by_the_api_a_delivery_is_asked_about() -> None:
    shop = Shop()
    delivery_id = shop.delivery(shop.confirmed(4))
    shop.set(limit=Decimal(1))
    owner = _api(shop.world.owner)

    refused = owner.post(f"/api/v1/deliveries/{delivery_id}/shipment", content_type="application/json")
    asked = owner.post(f"/api/v1/deliveries/{delivery_id}/credit-requests", content_type="application/json")
    again = owner.post(f"/api/v1/deliveries/{delivery_id}/credit-requests", content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (409, "credit_exceeded")
    assert (asked.status_code, asked.json()["stage"]) == (201, "ship")
    assert (again.status_code, again.json()["code"]) == (409, "already_asked")


@pytest.mark.parametrize(
    "body", [{"amount": "NaN"}, {"amount": "-1"}, {"amount": 1e40}, {"amount": "1"}, {"note": "x" * 1001}, "x"]
)
def test_by_the_api_nonsense_is_refused(body: Any) -> None:
    shop = Shop()
    order = shop.draft(6)

    answer = _api(shop.seller).post(f"/api/v1/orders/{order.id}/credit-requests", body, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert not CreditRequest.objects.exists()
