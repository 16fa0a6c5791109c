from decimal import Decimal
from typing import Any

import pytest

from niaga.catalog.tests.makers import AT, make_company, make_product
from niaga.organization.access import SYSTEM
from niaga.parties.services.create_customer import create_customer
from niaga.pricing.models import Coupon, Promotion, PromotionTier
from niaga.pricing.services.make_coupons import make_coupons
from niaga.pricing.services.take_promotions import Taken
from niaga.pricing.tests.makers import make_promotion
from niaga.pricing.tests.test_coupons import take
from niaga.pricing.tests.test_prices_api import client_of, send

pytestmark = pytest.mark.django_db
D = Decimal
SALE: dict[str, Any] = {
    "name": "Obral",
    "kind": "percent",
    "tiers": [{"figure": "10"}, {"least": "12", "figure": "15"}],
}


def path_of(answer: Any) -> str:
    return str(answer["Location"]).removeprefix("/api/v1")


def test_a_promotion_is_made_read_replaced_and_archived() -> None:
    company = make_company()
    client = client_of(company)
    shirt, mug = make_product(company.pk), make_product(company.pk)
    parts = {"scopes": [{"product_id": str(shirt.pk)}, {"role": "except", "brand": "Obral"}], "weekdays": 31}

    made = send(client, "post", "/promotions", {**SALE, **parts, "most_amount": "50000"})
    path = path_of(made)
    read = send(client, "get", path)
    body = {**SALE, "name": "Lain", "scopes": [{"product_id": str(mug.pk)}], "tiers": [{"figure": "7.5"}]}
    stale = send(client, "put", path, body, **{"If-Match": '"7"'})
    replaced = send(client, "put", path, body, **{"If-Match": '"1"'})
    archived = send(client, "put", f"{path}/archive")
    hidden, kept = (send(client, "get", f"/promotions{query}").json()["items"] for query in ("", "?state=archived"))
    restored = send(client, "delete", f"{path}/archive")

    shown = made.json()
    assert (made.status_code, made["ETag"], shown["currency"], shown["used"]) == (201, '"1"', "IDR", 0)
    assert shown["tiers"] == [{"least": "0", "figure": "10"}, {"least": "12", "figure": "15"}]
    assert [(one["role"], one["product_id"], one["brand"]) for one in shown["scopes"]] == [
        ("on", str(shirt.pk), ""), ("except", None, "Obral"),
    ]  # fmt: skip
    assert "12" in read.json()["sentence"]
    assert (stale.status_code, replaced.status_code, replaced.json()["version"]) == (412, 200, 2)
    assert (replaced.json()["name"], replaced.json()["weekdays"], replaced.json()["most_amount"]) == ("Lain", 127, None)
    assert (archived.status_code, hidden, len(kept), restored.json()["archived_at"]) == (200, [], 1, None)


def test_the_list_is_narrowed_and_paged() -> None:
    company = make_company()
    client = client_of(company)
    for turn in range(5):
        make_promotion(company, name=f"P{turn}", by_coupon=turn == 0)
    make_promotion(company, name="Hadiah", kind="amount", tiers=((D(0), D(5)),))

    first = send(client, "get", "/promotions?kind=percent&limit=3").json()
    rest = send(client, "get", f"/promotions?kind=percent&limit=3&cursor={first['next_cursor']}").json()

    names = [one["name"] for one in first["items"] + rest["items"]]
    assert sorted(names) == ["P0", "P1", "P2", "P3", "P4"]
    assert [one["name"] for one in send(client, "get", "/promotions?by_coupon=true").json()["items"]] == ["P0"]
    assert send(client, "get", "/promotions?kind=magic").status_code == 422
    assert len(send(client, "get", "/promotions?state=running").json()["items"]) == 6


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tiers": [{"figure": "101"}]}, "figure"),
        ({"tiers": [{"figure": "10"}, {"figure": "12"}]}, "tiers"),
        ({"kind": "gift"}, "gift_product_id"),
        ({"scopes": [{"role": "get", "brand": "A"}]}, "get_scopes"),
        ({"valid_from": "2026-12-02", "valid_to": "2026-12-01"}, "valid_to"),
    ],
)
def test_what_cannot_be_is_a_problem_at_its_field(change: dict[str, Any], field: str) -> None:
    refused = send(client_of(make_company()), "post", "/promotions", {**SALE, **change})

    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    told = refused.json()
    assert field in {told["field"], *(line["field"] for line in told["lines"])}
    assert Promotion.objects.count() == 0


def test_a_body_that_is_no_promotion_is_refused_before_it_comes_to_the_service() -> None:
    client = client_of(make_company())

    for change in ({"kind": "magic"}, {"tiers": []}, {"tiers": [{"figure": "-1"}]}, {"most_uses": 0}, {"weekdays": 0}):
        assert send(client, "post", "/promotions", {**SALE, **change}).status_code == 422
    assert PromotionTier.objects.count() == 0


def test_coupons_are_made_listed_withdrawn_and_taken_back() -> None:
    company = make_company()
    client = client_of(company)
    promotion = make_promotion(company, by_coupon=True)
    path = f"/promotions/{promotion.pk}/coupons"

    one = send(client, "post", path, {"codes": ["merdeka"], "most_per_customer": 1})
    many = send(client, "post", path, {"count": 3, "prefix": "hut", "most_uses": 1})
    taken = send(client, "post", path, {"codes": ["MERDEKA"]})
    listed = send(client, "get", f"{path}?limit=2").json()
    coupon = one.json()["coupons"][0]
    gone = send(client, "delete", f"{path}/{coupon['id']}")
    again = send(client, "delete", f"{path}/{coupon['id']}")
    withdrawn = send(client, "get", f"{path}?withdrawn=true").json()["items"]
    back = send(client, "put", f"{path}/{coupon['id']}")

    assert (one.status_code, coupon["code"], coupon["most_per_customer"]) == (201, "MERDEKA", 1)
    assert all(made["code"].startswith("HUT") and made["most_uses"] == 1 for made in many.json()["coupons"])
    assert (taken.status_code, taken.json()["code"]) == (422, "already_taken")
    assert (len(listed["items"]), listed["next_cursor"] is not None) == (2, True)
    assert (gone.status_code, again.status_code, back.status_code) == (204, 204, 204)
    assert [made["code"] for made in withdrawn] == ["MERDEKA"]
    other = make_promotion(company, name="Lain", by_coupon=True)
    assert send(client, "delete", f"/promotions/{other.pk}/coupons/{coupon['id']}").status_code == 404
    assert Coupon.objects.filter(archived_at=None).count() == 4


def test_uses_name_only_documents_that_may_be_seen() -> None:
    """No document stands behind this use, so that its own app can let nobody see it."""
    company = make_company()
    client = client_of(company)
    promotion = make_promotion(company)

    take(Taken(promotion.pk, D(5_000)))

    shown = send(client, "get", f"/promotions/{promotion.pk}").json()
    assert (shown["used"], shown["taken_off"]) == (1, "5000")
    assert send(client, "get", f"/promotions/{promotion.pk}/uses").json()["items"] == []


def test_a_preview_answers_promotions_gifts_and_coupons_that_open_nothing() -> None:
    company = make_company()
    client = client_of(company)
    coffee = make_product(company.pk, sku="KOP-1", price=D(100_000))
    mug = make_product(company.pk, sku="CUP-1", name="Cangkir", price=D(25_000))
    promotion = make_promotion(company, name="Merdeka", by_coupon=True)
    gift = make_promotion(company, name="Hadiah", kind="gift", tiers=((D(150_000), D(1)),), gift_product_id=mug.pk)
    make_coupons(promotion_id=promotion.pk, codes=["KODE1"], by=SYSTEM, at=AT)
    body = {"lines": [{"sku": coffee.sku, "quantity": 2}], "coupon_codes": ["kode1", "ASING"]}

    told = send(client, "post", "/prices/preview", body).json()

    assert [(line["sku"], line["quantity"], line["amount"], line["promotion_discount"]) for line in told["lines"]] == [
        ("KOP-1", "2", "180000", "20000"), ("CUP-1", "1", "0", "25000"),
    ]  # fmt: skip
    assert [line["gift_of"] for line in told["lines"]] == [None, str(gift.pk)]
    assert told["promotions"][0] == {
        "promotion_id": str(promotion.pk), "name": "Merdeka", "code": "KODE1", "amount": "20000",
    }  # fmt: skip
    assert [(one["code"], one["reason"]) for one in told["refused_coupons"]] == [("ASING", "unknown")]
    assert "ASING" in told["refused_coupons"][0]["text"]
    assert told["subtotal"] == "180000"


def test_a_salesperson_reads_promotions_and_writes_none() -> None:
    company = make_company()
    promotion = make_promotion(company, by_coupon=True)
    client = client_of(company, "salesperson")
    path = f"/promotions/{promotion.pk}"

    assert send(client, "get", path).status_code == 200
    assert send(client, "get", f"{path}/coupons").status_code == 200
    for method, address, body in (
        ("post", "/promotions", SALE), ("put", path, SALE), ("put", f"{path}/archive", None),
        ("post", f"{path}/coupons", {"codes": ["A1"]}),
    ):  # fmt: skip
        assert send(client, method, address, body).status_code == 403


def test_another_companys_promotion_and_one_of_an_unseen_customer_are_not_found() -> None:
    company = make_company()
    customer = create_customer(company_id=company.pk, name="Toko Makmur", by=SYSTEM, at=AT)
    theirs = make_promotion(make_company())
    mine = make_promotion(company, customer_id=customer.pk)

    owner, seller = client_of(company), client_of(company, "salesperson")

    for client, promotion in ((owner, theirs), (seller, mine)):
        for rest in ("", "/coupons", "/uses"):
            assert send(client, "get", f"/promotions/{promotion.pk}{rest}").status_code == 404
    assert [one["id"] for one in send(owner, "get", f"/promotions?customer_id={customer.pk}").json()["items"]] == [
        str(mine.pk)
    ]
