"""Approvals, as a program meets them."""

import pytest

from niaga.approvals.tests.shop import MANAGER, OVER_TEN, Shop
from niaga.sales.models import SalesOrderLine
from tests.api import Api

pytestmark = pytest.mark.django_db


def test_a_program_asks_and_another_decides():
    shop = Shop()
    shop.rule(name="Diskon besar")
    order = shop.order(discount=20)
    seller, manager = Api(shop.seller), Api(shop.manager)

    stopped = seller.send("post", f"orders/{order.id}/confirmation")
    asked = seller.send("post", f"orders/{order.id}/approvals", {"note": "Pelanggan baru"})
    key = asked.json()["id"]
    again = seller.send("post", f"orders/{order.id}/approvals")
    [waiting] = manager.send("get", "approvals?waiting_for_me=true").json()["items"]
    stale = manager.send("post", f"approvals/{key}/approval", {"facts_hash": "0" * 64})
    given = manager.send("post", f"approvals/{key}/approval", {"facts_hash": waiting["facts_hash"]})
    confirmed = seller.send("post", f"orders/{order.id}/confirmation")

    assert (stopped.status_code, stopped.json()["code"]) == (409, "approval_needed")
    assert "Diskon besar" in stopped.json()["detail"]
    assert (asked.status_code, asked.json()["status"]) == (201, "waiting")
    assert (again.status_code, again.json()["code"]) == (409, "approval_asked_already")
    assert "margin" not in asked.json()["facts"]
    assert waiting["facts"]["margin_percent"] == "25"
    assert stale.status_code == 412
    assert (given.status_code, given.json()["status"]) == (200, "approved")
    assert given.json()["decisions"][0]["decided_by_id"] == str(shop.manager.id)
    assert confirmed.status_code == 200


def test_a_program_asks_for_a_change_of_a_promise():
    shop = Shop()
    order = shop.confirm(shop.order(quantity=5))
    shop.rule()
    line = SalesOrderLine.objects.get(order=order)
    body = {
        "lines": [
            {
                "id": str(line.id), "product_id": str(shop.product.id), "quantity": "5", "unit_price": "100000",
                "discount_percent": "20",
            }
        ],
        "reason": "Barang lama",
    }  # fmt: skip
    seller, manager = Api(shop.seller), Api(shop.manager)

    stopped = seller.send("post", f"orders/{order.id}/amendments", body)
    asked = seller.send("post", f"orders/{order.id}/amendment-approvals", body)
    line.refresh_from_db()
    before = line.discount_percent
    manager.send("post", f"approvals/{asked.json()['id']}/approval")
    amended = seller.send("post", f"orders/{order.id}/amendments", body)

    assert (stopped.status_code, stopped.json()["code"]) == (409, "approval_needed")
    assert (asked.status_code, before) == (201, 0)
    assert amended.status_code == 200


def test_rules_are_written_read_and_switched_off():
    shop = Shop()
    owner = Api(shop.owner)
    body = {"name": "Diskon besar", "condition": OVER_TEN, "steps": [{"approvers": [MANAGER]}]}

    made = owner.send("post", "approval-rules", body)
    key = made.json()["id"]
    changed = owner.send("put", f"approval-rules/{key}", {**body, "least": "1000000"}, **{"If-Match": made["ETag"]})
    stale = owner.send("put", f"approval-rules/{key}", body, **{"If-Match": made["ETag"]})
    off = owner.send("put", f"approval-rules/{key}", {**body, "active": False})
    listed = owner.send("get", "approval-rules").json()["items"]
    all_of_them = owner.send("get", "approval-rules?archived=true").json()["items"]

    assert (made.status_code, made.json()["revision"], made.json()["active"]) == (201, 1, True)
    assert "10" in made.json()["words"]
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    assert stale.status_code == 412
    assert off.json()["active"] is False
    assert listed == []
    assert [one["id"] for one in all_of_them] == [key]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"condition": {"match": "all", "parts": [{"field": "discount_percent", "op": "above", "value": "=1"}]}},
         "condition-1-value"),
        ({"condition": {"match": "all", "parts": [{"field": "formula", "op": "above", "value": "1"}]}},
         "condition-1-field"),
        ({"steps": [{"approvers": [MANAGER], "hours": 4}]}, "steps-1-then"),
        ({"steps": [{"approvers": [{"seat": "user", "key": "01a21cd3-7171-74f9-b1bd-4f3a34e6d4a9"}]}]},
         "steps-1-approvers"),
        ({"least": "10", "most": "5"}, "most"), ({"name": "   "}, "name"),
        ({"first_day": "2026-12-01", "last_day": "2026-11-01"}, "last_day"),
        ({"team_id": "01a21cd3-7171-74f9-b1bd-4f3a34e6d4a9"}, "team"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(change, field):
    shop = Shop()
    body = {"name": "Diskon besar", "condition": OVER_TEN, "steps": [{"approvers": [MANAGER]}], **change}

    answer = Api(shop.owner).send("post", "approval-rules", body)

    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_only_who_sets_rules_reads_them():
    shop = Shop()

    assert Api(shop.manager).send("get", "approval-rules").status_code == 403
    assert Api(shop.owner).send("get", "approval-rules").status_code == 200
