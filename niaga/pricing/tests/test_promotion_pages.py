from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from niaga.catalog.services.save_category import save_category
from niaga.catalog.tests.makers import AT, make_company, make_product, make_user
from niaga.core import clock
from niaga.documents.models import Attachment
from niaga.organization.access import SYSTEM
from niaga.organization.services.keep_channel import keep_channel
from niaga.parties.services.create_customer import create_customer
from niaga.pricing.models import Coupon, Promotion
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.services.make_coupons import make_coupons
from niaga.pricing.tests.makers import make_promotion
from niaga.pricing.web.promotion_kinds import KINDS

pytestmark = pytest.mark.django_db
D = Decimal
COMMON = {"name": "Obral", "priority": "0", "currency": "IDR"}


@pytest.fixture
def world(client: Client, settings: Any, tmp_path: Path) -> dict[str, Any]:
    settings.DATA_DIR = tmp_path
    company = make_company()
    owner = make_user(company)
    client.force_login(owner)
    return {"company": company, "owner": owner, "client": client}


def text(client: Client, address: str, body: Any = None) -> str:
    answer = client.post(address, body) if body is not None else client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def test_the_list_teaches_while_it_is_empty_and_then_tells_each_in_a_sentence(world: dict[str, Any]) -> None:
    client, company = world["client"], world["company"]

    empty = text(client, "/promotions")
    make_promotion(company, scopes=(NewScope(brand="Nike"),), weekdays=31)
    full = text(client, "/promotions")

    assert "/promotions/new" in empty
    with override("id"):
        assert "Potongan 10\u00a0% · Nike · Sen–Jum" in full
    assert "/promotions?" in text(client, "/promotions?kind=percent")


def test_the_list_is_narrowed_by_state_kind_whom_and_coupon(world: dict[str, Any]) -> None:
    client, company = world["client"], world["company"]
    today = clock.today(at=clock.now(), zone="Asia/Jakarta")
    customer = create_customer(company_id=company.pk, name="Toko Makmur", by=SYSTEM, at=AT)
    make_promotion(company, name="Berjalan-1", kind="amount", tiers=((D(0), D(500)),))
    make_promotion(company, name="Nanti-2", valid_from=today + timedelta(days=9))
    make_promotion(company, name="Lewat-3", valid_to=today - timedelta(days=9))
    code = make_promotion(company, name="Kode-4", by_coupon=True)
    make_promotion(company, name="Toko-5", customer_id=customer.pk)
    gone = make_promotion(company, name="Arsip-6")
    make_coupons(promotion_id=code.pk, codes=["MERDEKA"], by=SYSTEM, at=AT)
    client.post(f"/promotions/{gone.pk}/archive")
    names = ("Berjalan-1", "Nanti-2", "Lewat-3", "Kode-4", "Toko-5", "Arsip-6")

    def shown(query: str) -> set[str]:
        page = text(client, f"/promotions?{query}").partition("list-body")[2]
        return {name[-1] for name in names if name in page}

    assert shown("") == set("12345")
    assert shown("state=running") == set("145")
    assert (shown("state=coming"), shown("state=ended"), shown("state=archived")) == ({"2"}, {"3"}, {"6"})
    assert shown("kind=amount") == {"1"}
    assert shown("whom=customer") == {"5"}
    assert shown("whom=everybody") == set("1234")
    assert shown("coupon=yes") == {"4"}
    assert (shown("q=merd"), shown("q=berjalan")) == ({"4"}, {"1"})
    assert shown("state=nonsense") == set("12345")
    assert "Kode-4" in b"".join(client.get("/promotions?export=csv").streaming_content).decode()


def test_each_of_the_nine_kinds_is_offered_with_an_example_and_has_a_form_of_its_own(world: dict[str, Any]) -> None:
    client = world["client"]

    offered = text(client, "/promotions/new")
    forms = {code: text(client, f"/promotions/new?kind={code}") for code in KINDS}

    assert len(KINDS) == 9
    assert all(f"?kind={code}" in offered and str(kind.example) in offered for code, kind in KINDS.items())
    assert [code for code, form in forms.items() if 'name="buy"' in form] == ["buy_get"]
    assert [code for code, form in forms.items() if 'name="gift_product_id"' in form] == ["gift"]
    assert [code for code, form in forms.items() if 'name="part"' in form] == ["bundle_price"]
    assert [code for code, form in forms.items() if 'name="most_times"' in form] == ["buy_get", "bundle_price"]
    assert [code for code, form in forms.items() if 'name="tier_least" inputmode' not in form] == [
        "buy_get", "bundle_price",
    ]  # fmt: skip


def test_a_percentage_with_steps_parts_exceptions_days_and_limits_is_opened_by_its_form(world: dict[str, Any]) -> None:
    client, company = world["client"], world["company"]
    shoes = save_category(company_id=company.pk, name="Sepatu", by=SYSTEM, at=AT)
    shop = keep_channel(company_id=company.pk, name="Toko online", code="ON", by=SYSTEM, at=AT)

    made = client.post(
        "/promotions/new?kind=percent",
        {
            **COMMON, "tier_least": ["", "12"], "tier_figure": ["5", "12,5"], "on": [f"category:{shoes.pk}:Nike", ""],
            "on_text": ["Nike di Sepatu", ""], "never": "brand:Obral", "never_text": "Obral", "weekdays": ["0", "4"],
            "from_time": "09:00", "until_time": "17:00", "valid_to": "2027-12-31", "channel_id": str(shop),
            "exclusive": "1", "priority": "4", "most_amount": "75.000", "most_uses": "100", "budget": "5.000.000",
        },
    )  # fmt: skip

    promotion = Promotion.objects.get()
    assert (made.status_code, made["Location"]) == (303, f"/promotions/{promotion.pk}")
    assert list(promotion.tiers.order_by("least").values_list("least", "figure")) == [(0, 5), (12, D("12.5"))]
    assert list(promotion.scopes.order_by("position").values_list("role", "category_id", "brand")) == [
        ("on", shoes.pk, "Nike"), ("except", None, "Obral"),
    ]  # fmt: skip
    assert (promotion.weekdays, promotion.channel_id, promotion.exclusive, promotion.priority) == (17, shop, True, 4)
    assert (promotion.most_amount, promotion.most_uses, promotion.budget) == (75_000, 100, 5_000_000)
    assert promotion.valid_to == date(2027, 12, 31)


def test_a_bundle_a_gift_and_a_buy_and_get_are_opened_by_their_forms(world: dict[str, Any]) -> None:
    client, company = world["client"], world["company"]
    shirt, mug = make_product(company.pk, name="Kemeja"), make_product(company.pk, name="Cangkir")

    client.post(
        "/promotions/new?kind=bundle_price",
        {**COMMON, "tier_least": "", "tier_figure": "199.000", "part": [f"product:{shirt.pk}", f"product:{mug.pk}"],
         "part_text": ["Kemeja", "Cangkir"], "part_quantity": ["2", "1"], "most_times": "3"},
    )  # fmt: skip
    client.post(
        "/promotions/new?kind=gift",
        {**COMMON, "name": "Hadiah", "tier_least": "500.000", "tier_figure": "2", "gift_product_id": str(mug.pk)},
    )
    client.post(
        "/promotions/new?kind=buy_get",
        {**COMMON, "name": "Tiga bayar dua", "buy": "2", "get": "1", "tier_least": "", "tier_figure": "100",
         "given": f"product:{mug.pk}", "given_text": "Cangkir"},
    )  # fmt: skip

    bundle, gift, pair = Promotion.objects.order_by("id")
    assert [(one.product_id, one.quantity) for one in bundle.scopes.order_by("position")] == [
        (shirt.pk, 2),
        (mug.pk, 1),
    ]
    assert (bundle.most_times, gift.gift_product_id, gift.tiers.get().least) == (3, mug.pk, 500_000)
    assert (pair.buy, pair.get, pair.scopes.get().role) == (2, 1, "get")


def test_errors_stand_at_their_rows_and_what_was_typed_is_kept(world: dict[str, Any]) -> None:
    client = world["client"]

    refused = client.post(
        "/promotions/new?kind=percent",
        {**COMMON, "name": "Obral akhir tahun", "tier_least": ["", "5", "x"], "tier_figure": ["5", "700", "9"],
         "on": "", "on_text": "Sepatu entah apa", "most_uses": "0", "weekdays": ["2"]},
    )  # fmt: skip
    page = refused.content.decode()
    service = client.post(
        "/promotions/new?kind=percent", {**COMMON, "tier_least": ["5"], "tier_figure": ["700"]}
    ).content.decode()

    assert refused.status_code == 422
    for kept in ("Obral akhir tahun", "Sepatu entah apa", 'value="700"', 'value="x"'):
        assert kept in page
    on = page.partition('data-field="on"')[2].partition('data-field="never"')[0]
    tier = page.partition('data-field="tier"')[2].partition("data-field")[0]
    assert "Pilih “Sepatu entah apa” dari daftar" in on
    assert "“x” bukan angka" in tier
    assert 'role="alert"' in service.partition('data-field="tier"')[2].partition("data-field")[0]
    assert Promotion.objects.count() == 0


def test_the_sentence_follows_what_is_typed_and_asks_for_no_more_than_is_known(world: dict[str, Any]) -> None:
    client = world["client"]

    half = text(client, "/promotions/telling?kind=percent", {"tier_figure": ""})
    told = text(
        client, "/promotions/telling?kind=percent",
        {"tier_least": "", "tier_figure": "7,5", "on": "brand:Nike", "on_text": "Nike", "by_coupon": "on"},
    )  # fmt: skip

    assert "7,5" not in half
    assert "Potongan 7,5\u00a0% · Nike · dengan kupon" in told
    assert client.post("/promotions/telling?kind=magic", {}).status_code == 404
    assert client.get("/promotions/telling?kind=percent").status_code == 405


def test_a_promotion_is_edited_and_who_comes_second_decides(world: dict[str, Any]) -> None:
    client = world["client"]
    promotion = make_promotion(world["company"], scopes=(NewScope(brand="Nike"),))
    address = f"/promotions/{promotion.pk}/edit"

    page = text(client, address)
    stale = client.post(address, {**COMMON, "tier_figure": "8", "version": "9"})
    saved = client.post(address, {**COMMON, "name": "Baru", "tier_figure": "8", "version": "1"})

    assert 'value="brand:Nike"' in page
    assert (stale.status_code, saved.status_code) == (422, 303)
    kept = Promotion.objects.get()
    assert (kept.name, kept.tiers.get().figure, kept.scopes.count()) == ("Baru", 8, 0)


def test_one_like_another_starts_with_its_figures(world: dict[str, Any]) -> None:
    client = world["client"]
    promotion = make_promotion(world["company"], kind="amount", tiers=((D(3), D(1250)),), most_uses=77)

    page = text(client, f"/promotions/new?like={promotion.pk}")

    assert 'value="1.250"' in page
    assert 'value="77"' in page
    assert client.get(f"/promotions/new?like={world['company'].pk}").status_code == 404


def test_coupons_are_made_by_code_and_in_numbers_downloaded_withdrawn_and_taken_back(world: dict[str, Any]) -> None:
    client = world["client"]
    promotion = make_promotion(world["company"], by_coupon=True)
    base = f"/promotions/{promotion.pk}"

    one = client.post(f"{base}/coupons/new", {"codes": "merdeka", "most_per_customer": "1"})
    many = client.post(f"{base}/coupons/new", {"count": "20", "beginning": "hut", "most_uses": "1"})
    both = client.post(f"{base}/coupons/new", {"codes": "A1", "count": "20"})
    none = client.post(f"{base}/coupons/new", {})
    taken = client.post(f"{base}/coupons/new", {"codes": "MERDEKA"})

    assert [one["Location"], many["Location"]] == [base, f"{base}/coupons"]
    assert [both.status_code, none.status_code, taken.status_code] == [422, 422, 422]
    assert "MERDEKA" in taken.content.decode()
    file = b"".join(client.get(f"{base}/coupons?export=csv").streaming_content).decode()
    assert len(file.splitlines()) == 22
    made = Coupon.objects.get(code="MERDEKA")
    client.post(f"{base}/coupons/{made.pk}/withdrawal")
    assert Coupon.objects.get(pk=made.pk).archived_at is not None
    client.post(f"{base}/coupons/{made.pk}/return")
    assert Coupon.objects.get(pk=made.pk).archived_at is None
    picked = [str(key) for key in Coupon.objects.exclude(pk=made.pk).values_list("pk", flat=True)[:5]]
    client.post(f"{base}/coupons", {"bulk": "withdraw", "pick": picked})
    assert Coupon.objects.filter(archived_at__isnull=False).count() == 5
    assert "MERDEKA" in text(client, base)
    other = make_promotion(world["company"], name="Lain", by_coupon=True)
    assert client.post(f"/promotions/{other.pk}/coupons/{made.pk}/withdrawal").status_code == 404


def test_trying_it_says_what_lines_would_cost_and_why(world: dict[str, Any]) -> None:
    client, company = world["client"], world["company"]
    coffee = make_product(company.pk, name="Kopi luwak", price=D(100_000))
    mug = make_product(company.pk, name="Cangkir", price=D(25_000))
    promotion = make_promotion(company, name="Merdeka", by_coupon=True, tiers=((D(2), D(10)),))
    make_promotion(company, name="Hadiah", kind="gift", tiers=((D(150_000), D(1)),), gift_product_id=mug.pk)
    make_coupons(promotion_id=promotion.pk, codes=["KODE1"], by=SYSTEM, at=AT)
    asked = {"product": [str(coffee.pk), ""], "product_text": ["Kopi luwak", ""], "quantity": ["2", "1"]}

    without = text(client, f"/promotions/{promotion.pk}", asked)
    tried = text(client, f"/promotions/{promotion.pk}", {**asked, "codes": "kode1, salah"})

    assert "200.000" in without.partition('id="trial"')[2]
    told = tried.partition('id="trial"')[2].partition('id="uses"')[0]
    assert "180.000" in told
    assert "“Merdeka, kupon KODE1”" in told
    assert "Cangkir" in told
    assert "SALAH" in told
    assert Promotion.objects.filter(usage__uses=0).count() == 2


def test_a_promotion_is_archived_and_brought_back(world: dict[str, Any]) -> None:
    client = world["client"]
    promotion = make_promotion(world["company"])

    client.post(f"/promotions/{promotion.pk}/archive")
    assert Promotion.objects.get().archived_at is not None
    assert f"/promotions/{promotion.pk}/restore" in text(client, f"/promotions/{promotion.pk}")
    client.post(f"/promotions/{promotion.pk}/restore")

    assert Promotion.objects.get().archived_at is None


def test_who_may_only_look_gets_no_buttons_and_no_deeds(world: dict[str, Any]) -> None:
    promotion = make_promotion(world["company"], by_coupon=True)
    client = Client()
    client.force_login(make_user(world["company"], "salesperson"))
    base = f"/promotions/{promotion.pk}"

    page = text(client, base)

    assert f"{base}/edit" not in page
    assert "/coupons/new" not in page
    for address in ("/promotions/new?kind=percent", f"{base}/edit", f"{base}/coupons/new"):
        assert client.get(address).status_code == 403
    assert client.post(f"{base}/archive").status_code == 403
    client.force_login(make_user(make_company()))
    for address in (base, f"{base}/edit", f"{base}/coupons"):
        assert client.get(address).status_code == 404


def test_parts_of_the_assortment_are_found_as_one_types(world: dict[str, Any]) -> None:
    client, company = world["client"], world["company"]
    shoes = save_category(company_id=company.pk, name="Sepatu", by=SYSTEM, at=AT)
    make_product(company.pk, name="Sepatu lari", sku="SPT-1", brand="Nike", category_id=shoes.pk)

    def found(typed: str) -> list[str]:
        return [one["label"] for one in client.get(f"/promotions/parts?q={typed}").json()]

    assert found("sepa") == ["Sepatu", "Sepatu lari"]
    assert found("nike") == ["Nike", "Sepatu lari"]
    assert found("nike sepatu")[0] == "Nike dalam Sepatu"
    assert found("SPT-1") == ["Sepatu lari"]


def test_a_discount_is_agreed_with_its_contract_on_the_customers_page(world: dict[str, Any]) -> None:
    client, company = world["client"], world["company"]
    customer = create_customer(company_id=company.pk, name="Toko Makmur", by=SYSTEM, at=AT)
    last = clock.today(at=clock.now(), zone="Asia/Jakarta") + timedelta(days=12)
    facts = {
        "name": "Kontrak 12", "kind": "percent", "figure": "7,5", "on": "brand:Nike", "on_text": "Nike",
        "valid_to": last.isoformat(),
    }  # fmt: skip
    address = f"/customers/{customer.pk}/discounts/new"
    contract = SimpleUploadedFile("kontrak.txt", b"Kontrak 12", "text/plain")

    empty = text(client, f"/customers/{customer.pk}")
    refused = client.post(address, {**facts, "figure": "750"})
    made = client.post(address, {**facts, "contract": contract})

    promotion = Promotion.objects.get()
    assert address in empty
    assert refused.status_code == 422
    assert "750" in refused.content.decode()
    assert (made.status_code, made["Location"]) == (303, f"/customers/{customer.pk}#agreed")
    assert (promotion.customer_id, promotion.valid_to, promotion.tiers.get().figure) == (customer.pk, last, D("7.5"))
    file = Attachment.objects.get()
    assert (file.subject_kind, file.subject_id, file.purpose) == ("promotion", promotion.pk, "contract")
    page = text(client, f"/customers/{customer.pk}")
    section = page.partition('id="agreed"')[2].partition("</section>")[0]
    assert "Kontrak 12" in section
    assert "Potongan 7,5\u00a0% · Nike" in section
    assert f"/files/{file.pk}" in section
    assert "12 hari" in section
    assert client.get(f"/files/{file.pk}").status_code == 200
    stranger = Client()
    stranger.force_login(make_user(company, "salesperson"))
    assert stranger.get(f"/files/{file.pk}").status_code == 404
    assert stranger.get(address).status_code == 404


def test_a_contract_that_cannot_be_stored_leaves_no_discount(world: dict[str, Any]) -> None:
    client, company = world["client"], world["company"]
    customer = create_customer(company_id=company.pk, name="Toko Makmur", by=SYSTEM, at=AT)
    empty = SimpleUploadedFile("kosong.pdf", b"", "application/pdf")

    refused = client.post(
        f"/customers/{customer.pk}/discounts/new",
        {"name": "Kontrak", "kind": "percent", "figure": "5", "contract": empty},
    )

    assert refused.status_code == 422
    assert (Promotion.objects.count(), Attachment.objects.count()) == (0, 0)
