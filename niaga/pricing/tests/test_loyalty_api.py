from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from niaga.catalog.tests.makers import AT, make_company
from niaga.core import clock
from niaga.organization.access import SYSTEM
from niaga.parties.services.create_customer import create_customer
from niaga.pricing.models import LoyaltyProgramme, LoyaltyTier, PointsAccount, PointsEntry
from niaga.pricing.tests.test_prices_api import client_of, send

pytestmark = pytest.mark.django_db
D = Decimal
PROGRAMME: dict[str, Any] = {
    "name": "Poin Setia", "per_amount": "10000", "point_value": "100", "expires_after": 12, "welcome_points": 10,
}  # fmt: skip


def test_a_programme_is_set_read_and_replaced_and_the_overtaken_are_refused() -> None:
    client = client_of(make_company())

    none = send(client, "get", "/loyalty")
    made = send(client, "put", "/loyalty", PROGRAMME)
    stale = send(client, "put", "/loyalty", {**PROGRAMME, "points": 2}, **{"If-Match": '"7"'})
    wrong = send(client, "put", "/loyalty", {**PROGRAMME, "valid_from": "2027-02-01", "valid_to": "2027-01-01"})
    replaced = send(
        client, "put", "/loyalty", {**PROGRAMME, "points": 2, "excluded": [{"brand": "Obral"}]}, **{"If-Match": '"1"'}
    )

    assert none.status_code == 404
    assert (made.status_code, made["ETag"], made.json()["currency"]) == (200, '"1"', "IDR")
    assert (stale.status_code, wrong.status_code, wrong.json()["field"]) == (412, 422, "valid_to")
    shown = replaced.json()
    assert (shown["points"], shown["version"], shown["excluded"][0]["brand"]) == (2, 2, "Obral")
    assert "2" in shown["sentence"]
    assert LoyaltyProgramme.objects.get().points == 2


def test_tiers_are_made_replaced_listed_and_archived() -> None:
    client = client_of(make_company())
    send(client, "put", "/loyalty", PROGRAMME)

    gold = send(client, "post", "/loyalty/tiers", {"name": "Emas", "threshold": 2000, "multiplier": "1.5"}).json()
    send(client, "post", "/loyalty/tiers", {"name": "Perak", "threshold": 500})
    twice = send(client, "post", "/loyalty/tiers", {"name": "Emas", "threshold": 9000})
    changed = send(client, "put", f"/loyalty/tiers/{gold['id']}", {"name": "Emas", "threshold": 3000})
    listed = send(client, "get", "/loyalty/tiers").json()["items"]
    archived = send(client, "put", f"/loyalty/tiers/{gold['id']}/archive")

    assert (gold["multiplier"], changed.json()["multiplier"], changed.json()["version"]) == ("1.5", "1", 2)
    assert (twice.status_code, twice.json()["field"]) == (422, "name")
    assert [one["name"] for one in listed] == ["Perak", "Emas"]
    assert archived.json()["archived_at"] is not None
    assert [one["name"] for one in send(client, "get", "/loyalty/tiers").json()["items"]] == ["Perak"]
    assert LoyaltyTier.objects.count() == 2


def test_points_are_given_taken_and_read_and_a_key_does_it_once() -> None:
    company = make_company()
    client = client_of(company)
    shop = create_customer(company_id=company.pk, name="Toko Makmur", by=SYSTEM, at=AT)
    send(client, "put", "/loyalty", PROGRAMME)
    send(client, "post", "/loyalty/tiers", {"name": "Perak", "threshold": 500})
    path = f"/loyalty/members/{shop.pk}"

    none = send(client, "get", path)
    joined = send(client, "put", path)
    key = {"Idempotency-Key": "satu"}
    given = [send(client, "post", f"{path}/entries", {"points": 50, "reason": "Hadiah"}, **key) for _turn in range(2)]
    taken = send(client, "post", f"{path}/entries", {"points": -999, "reason": "Salah"})
    nothing = send(client, "post", f"{path}/entries", {"points": 0, "reason": "Salah"})
    entries = send(client, "get", f"{path}/entries").json()["items"]
    members = send(client, "get", "/loyalty/members").json()["items"]

    assert (none.status_code, joined.json()["balance"]) == (404, 10)
    assert [answer.json()["usable"] for answer in given] == [60, 60]
    shown = send(client, "get", path).json()
    assert (shown["worth"], shown["currency"], shown["missing"], shown["tier_name"]) == ("6000", "IDR", 500, None)
    assert (taken.json()["code"], taken.json()["field"]) == ("too_few_points", "points")
    assert (nothing.status_code, nothing.json()["field"]) == (422, "points")
    assert [(one["kind"], one["points"]) for one in entries] == [("adjust", 50), ("welcome", 10)]
    assert [one["remaining"] for one in send(client, "get", f"{path}/lots").json()["items"]] == [50, 10]
    assert [(one["customer_id"], one["balance"]) for one in members] == [(str(shop.pk), 60)]
    assert PointsAccount.objects.get().balance == 60
    assert PointsEntry.objects.count() == 2


def test_a_tier_is_set_by_hand_until_a_day() -> None:
    company = make_company()
    client = client_of(company)
    shop = create_customer(company_id=company.pk, name="Toko Makmur", by=SYSTEM, at=AT)
    send(client, "put", "/loyalty", PROGRAMME)
    gold = send(client, "post", "/loyalty/tiers", {"name": "Emas", "threshold": 2000}).json()["id"]
    until = (clock.now().date() + timedelta(days=60)).isoformat()
    path = f"/loyalty/members/{shop.pk}/tier"

    endless = send(client, "put", path, {"tier_id": gold, "reason": "Mitra"})
    done = send(client, "put", path, {"tier_id": gold, "until": until, "reason": "Mitra"})

    assert (endless.status_code, endless.json()["field"]) == (422, "until")
    assert (done.json()["tier_name"], done.json()["tier_until"], done.json()["tier_by_hand"]) == ("Emas", until, True)
    assert [one["tier_name"] for one in send(client, "get", f"/loyalty/members?tier_id={gold}").json()["items"]] == [
        "Emas"
    ]
    back = send(client, "put", path, {"tier_id": None, "reason": "Selesai"}).json()
    assert (back["tier_name"], back["tier_by_hand"]) == (None, False)
