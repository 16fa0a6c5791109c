from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from niaga.catalog.services.save_category import save_category
from niaga.catalog.tests.makers import AT, make_company, make_user
from niaga.core import clock
from niaga.organization.access import SYSTEM
from niaga.parties.services.create_customer import create_customer
from niaga.pricing.models import LoyaltyExclusion, LoyaltyProgramme, LoyaltyTier, PointsAccount, PointsEntry, TierChange
from niaga.pricing.queries.loyalty_words import ToldProgramme, programme_sentence
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.services.save_tier import save_tier
from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.pricing.services.set_tier import set_tier

pytestmark = pytest.mark.django_db
D = Decimal
TYPED = {
    "name": "Poin Setia", "points": "1", "per_amount": "10.000", "with_tax": "", "point_value": "100",
    "expires_after": "12", "most_percent": "50", "least_points": "0", "step_points": "1", "welcome_points": "0",
    "tier_months": "12",
}  # fmt: skip


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


def start(world: dict[str, Any], **facts: Any) -> LoyaltyProgramme:
    given = {"name": "Poin Setia", "point_value": D(100), "expires_after": 12, "most_percent": D(50), **facts}
    return set_programme(company_id=world["company"].pk, programme=NewProgramme(**given), by=SYSTEM, at=clock.now())


def tier(world: dict[str, Any], name: str, threshold: int, multiplier: str = "1") -> LoyaltyTier:
    return save_tier(
        company_id=world["company"].pk, name=name, threshold=threshold, multiplier=D(multiplier), by=SYSTEM,
        at=clock.now(),
    )  # fmt: skip


def member(world: dict[str, Any], name: str, points: int) -> Any:
    customer = create_customer(company_id=world["company"].pk, name=name, by=SYSTEM, at=AT)
    adjust_points(customer_id=customer.pk, points=points, reason="Awal", by=SYSTEM, at=clock.now())
    return customer


def test_without_a_programme_the_page_teaches_with_an_example_in_rupiah(world: dict[str, Any]) -> None:
    page = text(world["client"], "/loyalty")
    form = text(world["client"], "/loyalty/programme")

    assert "Rp\u00a01.000.000" in page
    assert "100 poin" in page
    assert "/loyalty/programme" in page
    assert 'value="10.000"' in form
    assert 'value="100"' in form
    assert "kembali 1\u00a0%" in form
    assert not LoyaltyProgramme.objects.exists()


def test_a_programme_starts_with_the_form_as_it_is_offered(world: dict[str, Any]) -> None:
    answer = world["client"].post("/loyalty/programme", TYPED)

    assert (answer.status_code, answer["Location"]) == (303, "/loyalty")
    found = LoyaltyProgramme.objects.get()
    assert (found.name, found.points, found.per_amount, found.point_value) == ("Poin Setia", 1, D(10_000), D(100))
    assert (found.is_on, found.expires_after, found.most_percent, found.with_tax) == (True, 12, D(50), False)


def test_the_programme_is_told_in_one_sentence_while_it_is_typed(world: dict[str, Any]) -> None:
    client = world["client"]

    with override("id"):
        rich = text(client, "/loyalty/telling", {**TYPED, "points": "3", "point_value": "50", "welcome_points": "20"})
        plain = text(client, "/loyalty/telling", {**TYPED, "point_value": ""})
        unknown = text(client, "/loyalty/telling", {**TYPED, "per_amount": "x"})
    with override("en"):
        english = programme_sentence(ToldProgramme("IDR", points=1, per_amount=D(10_000), point_value=D(100)))

    assert "Setiap Rp\u00a010.000 mendapat 3 poin; 1 poin bernilai Rp\u00a050: kembali 1,5\u00a0%." in rich
    assert "Anggota baru mendapat 20 poin." in rich
    assert "tidak memotong harga" in plain
    assert "Setiap" not in unknown
    assert english == "Every Rp\u00a010,000 earns 1 point; 1 point is worth Rp\u00a0100: 1% back."
    assert not LoyaltyProgramme.objects.exists()


def test_a_wrong_programme_is_told_at_its_fields_and_nothing_is_saved(world: dict[str, Any]) -> None:
    answer = world["client"].post(
        "/loyalty/programme",
        {**TYPED, "points": "0", "most_percent": "101", "never": "", "never_text": "tidak ada",
         "valid_from": "2027-02-01", "valid_to": "2027-01-01"},
    )  # fmt: skip

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('data-field="points" data-invalid') == 1
    assert page.count('data-field="most_percent" data-invalid') == 1
    assert "tidak ada" in page
    assert not LoyaltyProgramme.objects.exists()


def test_editing_keeps_the_exceptions_and_refuses_who_was_overtaken(world: dict[str, Any]) -> None:
    client = world["client"]
    shoes = save_category(company_id=world["company"].pk, name="Sepatu", by=SYSTEM, at=AT)
    start(world, excluded=(NewScope(category_id=shoes.pk),))
    page = text(client, "/loyalty/programme")
    part = {"never": f"category:{shoes.pk}", "never_text": "Sepatu"}

    saved = client.post("/loyalty/programme", {**TYPED, **part, "version": "1", "point_value": "200"})
    late = client.post("/loyalty/programme", {**TYPED, **part, "version": "1", "point_value": "300"})

    assert "Sepatu" in page
    assert saved.status_code == 303
    assert late.status_code == 422
    found = LoyaltyProgramme.objects.get()
    assert (found.point_value, found.version) == (D(200), 2)
    assert [one.category_id for one in LoyaltyExclusion.objects.all()] == [shoes.pk]


def test_switching_off_and_on_keeps_everything_else(world: dict[str, Any]) -> None:
    client = world["client"]
    before = start(world, excluded=(NewScope(brand="Obral"),), least_points=10)

    off = client.post("/loyalty/switching-off")
    is_off = text(client, "/loyalty")
    client.post("/loyalty/switching-on")

    after = LoyaltyProgramme.objects.get()
    assert off.status_code == 303
    assert "/loyalty/switching-on" in is_off
    assert (after.is_on, after.version) == (True, before.version + 2)
    assert after.least_points == 10
    assert LoyaltyExclusion.objects.get().brand == "Obral"


def test_tiers_are_added_told_changed_and_archived(world: dict[str, Any]) -> None:
    client = world["client"]
    start(world)

    made = client.post("/loyalty/tiers/new", {"name": "Emas", "threshold": "2000", "multiplier": "1,5"})
    gold = LoyaltyTier.objects.get()
    told = text(client, "/loyalty")
    client.post(f"/loyalty/tiers/{gold.pk}", {"name": "Emas", "threshold": "3000", "multiplier": "2"})
    same = client.post("/loyalty/tiers/new", {"name": "Perak", "threshold": "3000", "multiplier": "1"})
    typed = text(client, "/loyalty/tiers/telling", {"name": "", "threshold": "500", "multiplier": "1"})

    assert made.status_code == 303
    assert "Mulai 2.000 poin yang didapat dalam 12 bulan: poin 1,5 kali lipat." in told
    gold.refresh_from_db()
    assert (gold.threshold, gold.multiplier) == (3000, D(2))
    assert same.status_code == 422
    assert b'data-field="threshold" data-invalid' in same.content
    assert "Mulai 500 poin" in typed
    assert LoyaltyTier.objects.count() == 1
    client.post(f"/loyalty/tiers/{gold.pk}/archive")
    gold.refresh_from_db()
    assert gold.archived_at is not None
    assert client.get(f"/loyalty/tiers/{gold.pk}").status_code == 404


def test_the_page_tells_members_points_and_what_they_are_worth(world: dict[str, Any]) -> None:
    start(world, welcome_points=5)
    member(world, "Toko Makmur", 250)
    member(world, "Toko Jaya", 100)

    page = text(world["client"], "/loyalty")

    assert "Rp\u00a036.000" in page
    assert ">360<" in page.replace(" ", "")


def test_members_are_found_narrowed_ordered_and_exported(world: dict[str, Any]) -> None:
    client = world["client"]
    start(world, expires_after=1)
    silver = tier(world, "Perak", 5000)
    member(world, "Satu-1", 250)
    second = member(world, "Dua-2", 900)
    set_tier(
        customer_id=second.pk, tier_id=silver.pk, until=clock.now().date() + timedelta(days=9), reason="Setia",
        by=SYSTEM, at=clock.now(),
    )  # fmt: skip

    def shown(query: str) -> list[str]:
        page = text(client, f"/loyalty/members?{query}").partition("list-body")[2]
        return [
            name for _place, name in sorted((page.find(name), name) for name in ("Satu-1", "Dua-2") if name in page)
        ]

    assert shown("") == ["Dua-2", "Satu-1"]
    assert shown("sort=points") == ["Satu-1", "Dua-2"]
    assert shown(f"tier={silver.pk}") == ["Dua-2"]
    assert shown("tier=none") == ["Satu-1"]
    assert shown("q=satu") == ["Satu-1"]
    assert shown("ending=1") in (["Dua-2", "Satu-1"], [])
    file = b"".join(client.get("/loyalty/members?export=csv").streaming_content).decode()
    assert "Dua-2" in file
    assert "90000" in file


def test_a_members_page_tells_balance_worth_ends_and_the_way_to_the_next_tier(world: dict[str, Any]) -> None:
    client = world["client"]
    start(world)
    tier(world, "Perak", 500)
    shop = member(world, "Toko Makmur", 250)

    page = text(client, f"/loyalty/members/{shop.pk}")
    card = text(client, f"/customers/{shop.pk}")

    assert "Rp\u00a025.000" in page
    assert "Awal" in page
    assert "500 poin lagi menuju Perak" in page
    assert f"/loyalty/members/{shop.pk}" in card
    assert "250 poin" in card


def test_points_are_given_and_taken_by_hand_with_a_reason(world: dict[str, Any]) -> None:
    client = world["client"]
    start(world)
    shop = member(world, "Toko Makmur", 250)
    address = f"/loyalty/members/{shop.pk}/points"

    given = client.post(address, {"way": "give", "points": "50", "reason": "Ulang tahun"})
    taken = client.post(address, {"way": "take", "points": "20", "reason": "Salah hitung"})
    silent = client.post(address, {"way": "give", "points": "50", "reason": " "})
    too_many = client.post(address, {"way": "take", "points": "999", "reason": "Coba"})

    assert (given.status_code, taken.status_code) == (303, 303)
    assert (silent.status_code, too_many.status_code) == (422, 422)
    assert b'data-field="points" data-invalid' in too_many.content
    assert PointsAccount.objects.get().balance == 280
    assert [one.points for one in PointsEntry.objects.order_by("at", "id")] == [250, 50, -20]
    assert "Salah hitung" in text(client, f"/loyalty/members/{shop.pk}/entries")


def test_a_tier_is_given_by_hand_until_a_day_with_a_reason(world: dict[str, Any]) -> None:
    client = world["client"]
    start(world)
    gold = tier(world, "Emas", 2000)
    shop = member(world, "Toko Makmur", 250)
    address = f"/loyalty/members/{shop.pk}/tier"
    until = clock.now().date() + timedelta(days=90)

    endless = client.post(address, {"tier_id": str(gold.pk), "until": "", "reason": "Mitra"})
    given = client.post(address, {"tier_id": str(gold.pk), "until": until.isoformat(), "reason": "Mitra"})

    assert endless.status_code == 422
    assert b'data-field="until" data-invalid' in endless.content
    assert given.status_code == 303
    account = PointsAccount.objects.get()
    assert (account.tier_id, account.tier_until, account.tier_by_hand) == (gold.pk, until, True)
    assert TierChange.objects.get().reason == "Mitra"
    assert "Mitra" in text(client, f"/loyalty/members/{shop.pk}")


def test_a_customer_becomes_a_member_by_a_button(world: dict[str, Any]) -> None:
    client = world["client"]
    start(world, welcome_points=25)
    shop = create_customer(company_id=world["company"].pk, name="Toko Baru", by=SYSTEM, at=AT)

    before = text(client, f"/loyalty/members/{shop.pk}")
    client.post(f"/loyalty/members/{shop.pk}/membership")

    assert "/membership" in before
    assert PointsAccount.objects.get().balance == 25


@pytest.mark.parametrize(
    ("role", "may_see", "may_adjust", "may_run"),
    [("owner", True, True, True), ("sales_manager", True, True, False), ("cashier", True, False, False),
     ("warehouse", False, False, False)],
)  # fmt: skip
def test_who_may_see_run_and_adjust(
    world: dict[str, Any], role: str, may_see: bool, may_adjust: bool, may_run: bool
) -> None:
    start(world)
    shop = member(world, "Toko Makmur", 250)
    client = Client()
    client.force_login(make_user(world["company"], role))

    assert (client.get("/loyalty").status_code == 200) is may_see
    assert (client.get("/loyalty/programme").status_code == 200) is may_run
    assert (client.post("/loyalty/switching-off").status_code == 303) is may_run
    answer = client.post(f"/loyalty/members/{shop.pk}/points", {"way": "give", "points": "5", "reason": "Coba"})
    assert (answer.status_code == 303) is (may_adjust and role == "owner")
    assert PointsAccount.objects.get().balance == (255 if role == "owner" else 250)
