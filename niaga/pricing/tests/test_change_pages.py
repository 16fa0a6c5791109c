"""The pages of prepared changes, of their publication and of the way back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.translation import override

from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.core import clock
from niaga.core.rules.flow import Flow
from niaga.organization.access import SYSTEM
from niaga.organization.tests.makers import AT
from niaga.pricing.models import PriceChange, PriceList, PriceListEntry, PriceListRule, Publication
from niaga.pricing.rules.price_change import FLOW
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.tests.makers import make_price_list

pytestmark = pytest.mark.django_db
D = Decimal


def person(company: object, role: str = "owner") -> Client:
    client = Client()
    client.force_login(make_user(company, role))  # type: ignore[arg-type]
    client.cookies["django_language"] = "en"
    return client


def test_a_change_is_prepared_looked_at_published_and_rolled_back_by_its_pages() -> None:
    company = make_company()
    coffee = make_product(company.pk, name="Kopi robusta", price=D(98000), cost=D(70000))
    prices = make_price_list(company, {(coffee, 0): 95000}, name="Grosir")
    browser = person(company)

    made = browser.post(f"/price-lists/{prices.pk}/changes/new", {"name": "Harga Desember"})
    change = PriceChange.objects.get()
    here = f"/price-changes/{change.pk}"
    empty = browser.get(here).content.decode()
    browser.post(f"{here}/prices", {"rows": f"{coffee.sku};;104.500"})
    browser.post(f"{here}/formulas/new", {"basis": "price", "percent": "-3", "brand": "Toraja"})
    browser.post(f"{here}/settings", {"name": "Grosir", "code": prices.code, "priority": "4"})
    page = browser.get(here).content.decode() + browser.get(f"{here}/what-if").content.decode()
    written = browser.get(f"{here}/prices").content.decode()
    held = PriceListEntry.objects.get().price
    published = browser.post(f"{here}/publication", {"version": PriceChange.objects.get().version})
    done = Publication.objects.get(kind="change")
    history = browser.get(f"/price-lists/{prices.pk}/history").content.decode()
    told = browser.get(published["Location"]).content.decode()
    back = browser.post(f"/publications/{done.pk}/rollback")

    assert (made.status_code, made["Location"]) == (303, here)
    assert "Belum ada yang diubah" in empty or "Nothing is changed yet" in empty
    for words in ("Kopi robusta", "+10", "95.000", "104.500", "26,32", "33,01", "Toraja"):
        assert words in page, words
    assert f"{coffee.sku}; 0; 104.500" in written
    assert held == D(95000)
    assert (published.status_code, published["Location"]) == (303, f"/publications/{done.pk}")
    assert "Harga Desember" in history
    assert "104.500" in told
    assert back.status_code == 303
    assert PriceListEntry.objects.get().price == D(95000)
    assert PriceList.objects.get().priority == 0
    assert PriceListRule.objects.count() == 0


def test_a_moment_is_chosen_in_the_companys_zone_and_taken_back() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    prices = make_price_list(company, {(coffee, 0): 95000})
    browser = person(company)
    browser.post(f"/price-lists/{prices.pk}/changes/new", {"name": "Besok"})
    change = PriceChange.objects.get()
    here = f"/price-changes/{change.pk}"
    browser.post(f"{here}/prices", {"rows": f"{coffee.sku};;99.000"})
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()

    past = browser.post(f"{here}/moment", {"day": "2020-01-01", "hour": "08:00"})
    set_ = browser.post(f"{here}/moment", {"day": tomorrow, "hour": "08:00"})
    scheduled = PriceChange.objects.get()
    listed = browser.get("/price-changes").content.decode()
    browser.post(f"{here}/no-moment")

    assert (past.status_code, set_.status_code) == (422, 303)
    assert scheduled.status == "scheduled"
    assert scheduled.publish_at is not None
    assert scheduled.publish_at.isoformat() == f"{tomorrow}T01:00:00+00:00"
    assert "Besok" in listed
    assert PriceChange.objects.get().status == "draft"


def test_a_list_that_somebody_changed_is_said_and_looked_at_again() -> None:
    company = make_company()
    coffee = make_product(company.pk, name="Kopi robusta")
    prices = make_price_list(company, {(coffee, 0): 95000})
    browser = person(company)
    browser.post(f"/price-lists/{prices.pk}/changes/new", {"name": "Desember"})
    here = f"/price-changes/{PriceChange.objects.get().pk}"
    browser.post(f"{here}/prices", {"rows": f"{coffee.sku};;99.000"})
    set_prices(price_list_id=prices.pk, prices=[NewPrice(D(96000), coffee.pk)], by=SYSTEM, at=AT)

    page = browser.get(here).content.decode()
    refused = browser.post(f"{here}/publication")
    browser.post(f"{here}/review")
    published = browser.post(f"{here}/publication")

    assert "Kopi robusta" in page
    assert f'action="{here}/review"' in page
    assert refused.status_code == 409
    assert published.status_code == 303


def test_a_new_list_is_prepared_aside_by_its_form() -> None:
    company = make_company()
    make_product(company.pk)
    browser = person(company)

    facts = {"name": "Lebaran", "code": "LBR", "priority": "0", "currency": "IDR", "prepared": "on"}
    made = browser.post("/price-lists/new", facts)
    page = browser.get(f"/price-lists/{PriceList.objects.get().pk}").content.decode()

    change = PriceChange.objects.get()
    assert made["Location"] == f"/price-changes/{change.pk}/prices"
    assert PriceList.objects.get().unpublished
    assert f"/price-changes/{change.pk}" in page


def test_after_the_first_change_of_a_new_list_is_discarded_another_brings_the_list_into_force() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    browser = person(company)
    facts = {"name": "Lebaran", "code": "LBR", "priority": "0", "currency": "IDR", "prepared": "on"}
    browser.post("/price-lists/new", facts)
    first, prices = PriceChange.objects.get(), PriceList.objects.get()
    here, begin = f"/price-lists/{prices.pk}", f"/price-lists/{prices.pk}/changes/new"

    before = browser.get(here).content.decode()
    browser.post(f"/price-changes/{first.pk}/discarding")
    after = [browser.get(page).content.decode() for page in (here, f"/price-changes/{first.pk}")]
    browser.post(begin, {"name": "Lebaran lagi"})
    second = PriceChange.objects.latest("created_at")
    browser.post(f"/price-changes/{second.pk}/prices", {"rows": f"{coffee.sku};;99.000"})
    published = browser.post(f"/price-changes/{second.pk}/publication")

    assert begin not in before
    assert [f'href="{begin}"' in page for page in after] == [True, True]
    assert published.status_code == 303
    prices.refresh_from_db()
    assert (prices.unpublished, prices.archived_at, PriceListEntry.objects.get().price) == (False, None, 99_000)


def test_who_may_not_see_cost_reads_no_margin_and_who_may_not_change_prices_no_change() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(98000), cost=D(70000))
    prices = make_price_list(company, {(coffee, 0): 95000})
    owner = person(company)
    owner.post(f"/price-lists/{prices.pk}/changes/new", {"name": "Rahasia"})
    here = f"/price-changes/{PriceChange.objects.get().pk}"
    owner.post(f"{here}/prices", {"rows": f"{coffee.sku};;60.000"})

    seen = owner.get(f"{here}/what-if").content.decode()
    seller = person(company, "salesperson")
    hidden = [seller.get(url).status_code for url in (here, f"{here}/what-if", "/price-changes")]
    listed = seller.get(f"/price-lists/{prices.pk}").content.decode()

    assert "36,84" in seen
    assert hidden == [403, 403, 403]
    assert "Rahasia" not in listed


def test_every_move_of_a_change_is_in_its_flow() -> None:
    assert isinstance(FLOW, Flow)
    with override("en"):
        assert set(FLOW.allowed("blocked")) == {"change", "schedule", "publish", "discard"}
