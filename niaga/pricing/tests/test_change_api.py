from datetime import timedelta
from decimal import Decimal

import pytest

from niaga.catalog.tests.makers import make_company, make_product
from niaga.core import clock
from niaga.pricing.models import PriceChange, PriceList, PriceListEntry
from niaga.pricing.tests.makers import make_price_list
from niaga.pricing.tests.test_prices_api import client_of, send

pytestmark = pytest.mark.django_db
D = Decimal


def test_a_change_goes_its_whole_way_by_the_api() -> None:
    company = make_company()
    client = client_of(company)
    coffee = make_product(company.pk, sku="KOP-1", price=D(98000), cost=D(70000))
    prices = make_price_list(company, {(coffee, 0): 95000})

    made = send(client, "post", f"/price-lists/{prices.pk}/changes", {"name": "Desember"})
    path = made["Location"].removeprefix("/api/v1")
    filled = send(client, "put", f"{path}/entries", {"entries": [{"sku": "KOP-1", "price": "104500"}]})
    send(client, "patch", path, {"priority": 4})
    rules = send(client, "put", f"{path}/rules", {"rules": [{"basis": "price", "percent": "-3", "brand": "Toraja"}]})
    asked = send(client, "get", f"{path}/what-if").json()
    stale = send(client, "post", f"{path}/publication", {"note": "x"}, if_match='"1"')
    done = send(client, "post", f"{path}/publication", {"note": "Bahan baku"})
    whole = send(client, "get", done["Location"].removeprefix("/api/v1")).json()
    listed = send(client, "get", f"/price-lists/{prices.pk}/publications").json()["items"]
    back = send(client, "post", f"/publications/{done.json()['id']}/rollback", {"note": "Salah"})

    assert (made.status_code, made.json()["status"]) == (201, "draft")
    assert filled.json() == {"prices": 1, "version": 2}
    assert rules.json()["rules"][0]["brand"] == "Toraja"
    assert (asked["products"]["changed"], asked["products"]["biggest"][0]["percent"]) == (1, "10")
    assert (stale.status_code, done.status_code, back.status_code) == (412, 201, 201)
    (changed,) = whole["changed_prices"]
    assert (whole["heads"], changed["before"], changed["after"]) == ({"priority": [0, 4]}, "95000", "104500")
    assert [one["kind"] for one in listed] == ["edit", "change"]
    assert PriceListEntry.objects.get().price == D(95000)


def test_a_moment_is_set_and_taken_back_by_the_api_and_a_list_prepared() -> None:
    company = make_company()
    client = client_of(company)
    coffee = make_product(company.pk, sku="KOP-1")
    at = (clock.now() + timedelta(days=1)).isoformat()

    made = send(client, "post", "/price-changes", {"code": "LBR", "name": "Lebaran"})
    path = made["Location"].removeprefix("/api/v1")
    send(client, "put", f"{path}/entries", {"entries": [{"product_id": str(coffee.pk), "price": "90000"}]})
    past = send(client, "put", f"{path}/schedule", {"publish_at": "2020-01-01T00:00:00Z"})
    set_ = send(client, "put", f"{path}/schedule", {"publish_at": at})
    taken = send(client, "delete", f"{path}/schedule")
    gone = send(client, "post", f"{path}/discarding")

    assert PriceList.objects.get().unpublished
    assert (past.status_code, past.json()["code"]) == (422, "moment_passed")
    assert (set_.json()["status"], taken.json()["status"], gone.json()["status"]) == ("scheduled", "draft", "discarded")
    assert PriceChange.objects.get().publish_at is None


def test_what_tells_cost_is_hidden_from_who_may_not_see_it_and_a_stranger_finds_nothing() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(98000), cost=D(70000))
    prices = make_price_list(company, {(coffee, 0): 95000})
    owner = client_of(company)
    made = send(owner, "post", f"/price-lists/{prices.pk}/changes", {"name": "Desember"})
    path = made["Location"].removeprefix("/api/v1")
    send(owner, "put", f"{path}/entries", {"entries": [{"product_id": str(coffee.pk), "price": "60000"}]})

    seen = send(owner, "get", f"{path}/what-if").json()["products"]
    hidden = send(client_of(company, "sales_admin"), "get", f"{path}/what-if").json()
    seller = send(client_of(company, "salesperson"), "get", f"{path}/what-if")
    stranger = send(client_of(make_company()), "get", f"{path}/what-if")

    assert (seen["below_cost"], seen["biggest"][0]["margin_after"]) == (1, "-16.67")
    assert (seller.status_code, stranger.status_code) == (403, 404)
    products = hidden["products"]
    assert (products["changed"], products["below_cost"], products["biggest"][0]["cost"]) == (1, None, None)
