"""The pages and the API of a promotion that is prepared aside."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.pricing.models import PriceChange, Promotion, PromotionTier, Publication
from niaga.pricing.tests.makers import make_promotion
from niaga.pricing.tests.test_prices_api import client_of, send

pytestmark = pytest.mark.django_db
D = Decimal
FORM = {"name": "Obral kopi", "priority": "0", "tier_least": ["", "12"], "tier_figure": ["5", "25"]}


def person(company: Any, role: str = "owner") -> Client:
    client = Client()
    client.force_login(make_user(company, role))
    client.cookies["niaga_language"] = "en"
    return client


def test_a_promotion_is_prepared_looked_at_published_with_a_reason_and_rolled_back_by_its_pages() -> None:
    company = make_company()
    make_product(company.pk, name="Kopi robusta", price=D(100_000), cost=D(80_000))
    browser = person(company)

    made = browser.post("/promotions/new?kind=percent", {**FORM, "prepared": "on"})
    change = PriceChange.objects.get()
    here, promotion = f"/price-changes/{change.pk}", Promotion.objects.get()
    page = browser.get(here).content.decode()
    what_if = browser.get(f"{here}/what-if").content.decode()
    prepared = browser.get("/promotions?state=prepared").content.decode()
    edit = browser.get(f"/promotions/{promotion.pk}/edit")
    published = browser.post(f"{here}/publication", {"version": change.version, "reason": "Hari jadi"})
    done = Publication.objects.get()
    told = browser.get(published["Location"]).content.decode()
    back = browser.post(f"/publications/{done.pk}/rollback", {"reason": "Salah cabang"})
    history = browser.get(f"/promotions/{promotion.pk}/history").content.decode()

    assert made["Location"] == here
    assert "5% off, 25% from 12 units" in page
    assert f'href="/price-changes/{change.pk}/promotion"' in page
    for words in ("Kopi robusta", "75,000", "-25%", "20% → -6.67%"):
        assert words in what_if, words
    assert "In preparation" in prepared
    assert edit.status_code == 409
    assert "Hari jadi" in told
    assert back.status_code == 303
    assert Promotion.objects.get().archived_at is not None
    assert "Salah cabang" in history


def test_a_change_of_a_promotion_is_written_in_its_form_and_tells_both_sentences() -> None:
    company = make_company()
    made = make_promotion(company)
    browser = person(company)

    begun = browser.post(f"/promotions/{made.pk}/changes/new", {"name": "Desember"})
    change = PriceChange.objects.get()
    write = f"/price-changes/{change.pk}/promotion"
    empty = browser.get(write).content.decode()
    faulty = browser.post(write, {**FORM, "tier_figure": ["5", "250"]})
    saved = browser.post(write, {**FORM, "version": change.version})
    page = browser.get(f"/price-changes/{change.pk}").content.decode()
    again = browser.get(write).content.decode()
    listed = browser.get("/price-changes?of=promotion").content.decode()
    of_it = browser.get(f"/promotions/{made.pk}").content.decode()

    assert begun["Location"] == write
    assert 'value="Obral"' in empty
    assert (faulty.status_code, saved.status_code) == (422, 303)
    assert "10% off" in page
    assert "25% from 12 units" in page
    assert 'value="Obral kopi"' in again
    assert "Desember" in listed
    assert "Desember" in of_it
    assert PromotionTier.objects.get().figure == 10


def test_after_the_first_change_of_a_new_promotion_is_discarded_another_brings_it_into_force() -> None:
    company = make_company()
    browser = person(company)
    browser.post("/promotions/new?kind=percent", {**FORM, "prepared": "on"})
    first, promotion = PriceChange.objects.get(), Promotion.objects.get()
    here, begin = f"/promotions/{promotion.pk}", f"/promotions/{promotion.pk}/changes/new"

    before = browser.get(here).content.decode()
    browser.post(f"/price-changes/{first.pk}/discarding")
    after = [browser.get(page).content.decode() for page in (here, f"/price-changes/{first.pk}")]
    browser.post(begin, {"name": "Lagi"})
    published = browser.post(f"/price-changes/{PriceChange.objects.latest('created_at').pk}/publication")

    assert begin not in before
    assert [f'href="{begin}"' in page for page in after] == [True, True]
    assert published.status_code == 303
    assert (Promotion.objects.get().unpublished, Promotion.objects.get().archived_at) == (False, None)


def test_the_form_of_a_change_is_not_for_a_list_and_none_of_it_for_who_may_not_change_prices() -> None:
    company = make_company()
    made = make_promotion(company)
    owner = person(company)
    owner.post(f"/promotions/{made.pk}/changes/new", {"name": "Rahasia"})
    here = f"/price-changes/{PriceChange.objects.get().pk}"
    seller = person(company, "salesperson")

    wrong = [owner.get(f"{here}/{page}").status_code for page in ("prices", "settings", "formulas/new")]
    hidden = [seller.get(one).status_code for one in (here, f"{here}/what-if", f"{here}/promotion")]

    assert wrong == [404, 404, 404]
    assert hidden == [403, 403, 403]
    assert "Rahasia" not in seller.get(f"/promotions/{made.pk}").content.decode()


def test_by_the_api_a_promotion_is_prepared_written_asked_scheduled_and_published() -> None:
    company = make_company()
    make_product(company.pk, name="Kopi", price=D(100_000), cost=D(80_000))
    client = client_of(company)
    body: dict[str, Any] = {"name": "Obral", "kind": "percent", "tiers": [{"figure": "10"}]}

    made = send(client, "post", "/promotion-changes", body)
    here = f"/price-changes/{made.json()['id']}"
    written = send(client, "put", f"{here}/promotion", {**body, "tiers": [{"figure": "15"}], "valid_to": "2099-12-31"})
    drafted = send(client, "get", f"{here}/promotion").json()
    told = send(client, "get", f"{here}/what-if").json()
    then = send(client, "put", f"{here}/schedule", {"publish_at": "2099-12-01T00:00:00+07:00", "note": "Akhir tahun"})
    done = send(client, "post", f"{here}/publication", {"note": "Sekarang"}).json()
    promotion_id = made.json()["promotion_id"]
    held = send(client, "get", f"/promotions/{promotion_id}").json()
    published = send(client, "get", f"/promotions/{promotion_id}/publications").json()["items"]
    back = send(client, "post", f"/publications/{done['id']}/rollback", {"note": "Batal"}).json()
    changed = send(
        client,
        "post",
        f"/promotions/{promotion_id}/changes",
        {"name": "Lagi", "promotion": {**body, "priority": 3, "tiers": [{"figure": "20"}]}},
    )

    assert (made.status_code, made.json()["price_list_id"], made.json()["status"]) == (201, None, "draft")
    assert (written.status_code, written.json()["changes_rules"]) == (200, True)
    assert written.json()["heads"]["valid_to"] == [None, "2099-12-31"]
    assert (drafted["unpublished"], drafted["tiers"][0]["figure"], drafted["valid_to"]) == (True, "15", "2099-12-31")
    (row,) = told["products"]["biggest"]
    assert (row["before"], row["after"], row["margin_after"]) == ("100000", "85000", "5.88")
    assert (then.json()["status"], then.json()["note"]) == ("scheduled", "Akhir tahun")
    assert (held["unpublished"], held["archived_at"], held["tiers"][0]["figure"]) == (False, None, "15")
    assert [(one["promotion_id"], one["kind"], one["note"]) for one in published] == [
        (promotion_id, "change", "Sekarang")
    ]
    assert (back["kind"], back["note"], back["reverses_id"]) == ("rollback", "Batal", done["id"])
    assert (changed.status_code, changed.json()["changes_rules"]) == (201, True)
