from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.catalog.tests.makers import AT, make_company, make_product, make_user
from niaga.organization.access import SYSTEM
from niaga.organization.services.keep_channel import keep_channel
from niaga.parties.services.create_customer import create_customer
from niaga.pricing.models import PriceList, PriceListEntry
from niaga.pricing.tests.makers import make_price_list

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def world(client: Client) -> dict[str, Any]:
    company = make_company()
    owner = make_user(company)
    client.force_login(owner)
    return {"company": company, "owner": owner, "client": client}


def test_the_list_teaches_while_it_is_empty_and_then_shows_the_lists(world: dict[str, Any]) -> None:
    client = world["client"]

    empty = client.get("/price-lists")
    coffee = make_product(world["company"].pk)
    make_price_list(world["company"], {(coffee, 0): 95000, (coffee, 100): 92000})
    full = client.get("/price-lists")

    assert empty.status_code == full.status_code == 200
    assert "/price-lists/new" in empty.content.decode()
    assert "Grosir Jatim" in full.content.decode()


def test_a_list_is_opened_by_its_form_and_filled_from_a_spreadsheet(world: dict[str, Any]) -> None:
    client = world["client"]
    coffee = make_product(world["company"].pk, sku="KOP-1")
    facts = {"name": "Grosir", "code": "G", "currency": "IDR", "priority": "0", "valid_from": "2026-11-01"}

    made = client.post("/price-lists/new", facts)
    price_list = PriceList.objects.get()
    assert (made.status_code, made["Location"]) == (303, f"/price-lists/{price_list.pk}/prices")

    rows = "SKU\tMulai\tHarga\nKOP-1\t\t95.000\nKOP-1;100;Rp 92.000,50\n"
    saved = client.post(made["Location"], {"rows": rows})

    assert saved.status_code == 303
    assert list(PriceListEntry.objects.order_by("min_quantity").values_list("min_quantity", "price")) == [
        (D(0), D(95000)),
        (D(100), D("92000.5")),
    ]
    page = client.get(f"/price-lists/{price_list.pk}").content.decode()
    assert "KOP-1" in page
    assert "95.000" in page
    one = client.get(f"/price-lists/{price_list.pk}/prices?product={coffee.pk}").content.decode()
    assert "KOP-1; 100; 92.000,5" in one


def test_a_list_for_a_customer_and_a_channel_is_opened_by_its_form_and_says_for_whom_it_is(
    world: dict[str, Any],
) -> None:
    client, company = world["client"], world["company"]
    shop = keep_channel(company_id=company.pk, name="Toko online", code="ON", by=SYSTEM, at=AT)
    customer = create_customer(company_id=company.pk, name="Toko Makmur", by=SYSTEM, at=AT)
    facts = {"name": "Kontrak", "code": "K", "currency": "IDR", "priority": "0", "customer_id": str(customer.pk)}

    client.post("/price-lists/new", {**facts, "channel_id": str(shop)})
    refused = client.post("/price-lists/new", {**facts, "code": "K2", "customer_id": str(shop)})

    made = PriceList.objects.get()
    assert (made.customer_id, made.channel_id) == (customer.pk, shop)
    assert refused.status_code == 422
    for page in ("/price-lists", f"/price-lists/{made.pk}"):
        assert "Toko Makmur · Toko online" in client.get(page).content.decode()
    assert "Toko Makmur" in client.get(f"/price-lists/{made.pk}/edit").content.decode()


def test_rows_that_cannot_be_are_named_and_what_was_typed_is_kept(world: dict[str, Any]) -> None:
    client = world["client"]
    price_list = make_price_list(world["company"])
    url = f"/price-lists/{price_list.pk}/prices"

    unreadable = client.post(url, {"rows": "KOP-1\t1\t2\nKOP-1 tujuh"})
    unknown = client.post(url, {"rows": "KOP-9\t0\t5000"})

    assert (unreadable.status_code, unknown.status_code) == (422, 422)
    assert "KOP-1 tujuh" in unreadable.content.decode()
    assert "KOP-9\t0\t5000" in unknown.content.decode()
    assert PriceListEntry.objects.count() == 0


def test_a_stale_form_is_refused_and_a_taken_code_is_said_beside_it(world: dict[str, Any]) -> None:
    client = world["client"]
    price_list = make_price_list(world["company"])
    other = make_price_list(world["company"])
    facts = {"name": "Baru", "code": price_list.code, "priority": "0"}

    stale = client.post(f"/price-lists/{price_list.pk}/edit", {**facts, "version": "99"})
    taken = client.post(f"/price-lists/{other.pk}/edit", {**facts, "version": "1"})
    saved = client.post(f"/price-lists/{price_list.pk}/edit", {**facts, "version": "1"})

    assert (stale.status_code, taken.status_code, saved.status_code) == (422, 422, 303)
    assert PriceList.objects.get(pk=price_list.pk).name == "Baru"


def test_archiving_can_be_undone(world: dict[str, Any]) -> None:
    client = world["client"]
    price_list = make_price_list(world["company"])

    client.post(f"/price-lists/{price_list.pk}/archive")
    assert PriceList.objects.get().archived_at is not None
    assert client.get(f"/price-lists/{price_list.pk}").status_code == 200
    client.post(f"/price-lists/{price_list.pk}/restore")

    assert PriceList.objects.get().archived_at is None


def test_who_may_only_look_gets_no_buttons_and_no_deeds(world: dict[str, Any]) -> None:
    price_list = make_price_list(world["company"])
    client = Client()
    client.force_login(make_user(world["company"], "salesperson"))

    page = client.get(f"/price-lists/{price_list.pk}")

    assert page.status_code == 200
    assert f"/price-lists/{price_list.pk}/prices" not in page.content.decode()
    assert client.get(f"/price-lists/{price_list.pk}/edit").status_code == 403
    assert client.post(f"/price-lists/{price_list.pk}/archive").status_code == 403
    client.force_login(make_user(make_company()))
    assert client.get(f"/price-lists/{price_list.pk}").status_code == 404


def test_a_list_of_two_hundred_prices_costs_the_statements_of_one(
    world: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    products = [make_product(world["company"].pk, name=f"Kopi {n}") for n in range(60)]
    price_list = make_price_list(
        world["company"], {(product, least): 9000 for product in products for least in (0, 10)}
    )

    with django_assert_max_num_queries(15):
        assert world["client"].get(f"/price-lists/{price_list.pk}").status_code == 200
