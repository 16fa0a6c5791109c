from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.core.clock import now
from niaga.ledger.models import FiscalPeriod
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.sales.rules.lines import LineInput
from tests.makers import make_issued_invoice, make_product, make_user, make_world

pytestmark = pytest.mark.django_db


def post(user: Any, path: str, body: Any) -> Any:
    token = create_token(user_id=user.id, name="test", by=SYSTEM, at=now())
    client = Client(headers={"Authorization": f"Bearer {token.text}"})
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def test_a_month_is_closed_and_opened_again():
    world = make_world()

    closed = post(world.owner, "periods/closure", {"month": "2026-10"})
    opened = post(world.owner, "periods/reopening", {"month": "2026-10"})

    assert (closed.status_code, closed.json()["starts"]) == (200, "2026-10-01")
    assert closed.json()["closed_at"] is not None
    assert (opened.status_code, opened.json()["closed_at"]) == (200, None)


def test_a_salesperson_does_not_close_the_books():
    world = make_world()
    person = make_user(world.company, "salesperson", branch_id=world.branch.id)

    refused = post(person, "periods/closure", {"month": "2026-10"})
    nonsense = post(world.owner, "periods/closure", {"month": "2026-13"})

    assert (refused.status_code, nonsense.status_code) == (403, 422)
    assert not FiscalPeriod.objects.filter(company=world.company).exists()


def get(user: Any, path: str) -> Any:
    token = create_token(user_id=user.id, name="test", by=SYSTEM, at=now())
    return Client(headers={"Authorization": f"Bearer {token.text}"}).get(f"/api/v1/{path}")


def test_the_books_are_read_line_by_line_and_they_balance():
    world = make_world()
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=5).id)])

    lines = get(world.owner, f"journal-lines?source_id={invoice.id}").json()["items"]
    balance = get(world.owner, f"trial-balance?until={invoice.date}").json()

    assert sorted((line["number"], line["amount"]) for line in lines) == [
        (invoice.number, "-100000"), (invoice.number, "-11000"), (invoice.number, "111000")
    ]  # fmt: skip
    assert [row["balance"] for row in balance["accounts"] if row["roles"] == ["receivable"]] == ["111000"]
    assert sum(Decimal(row["balance"]) for row in balance["accounts"]) == 0


def test_a_salesperson_does_not_read_the_books():
    world = make_world()
    seller = make_user(world.company, "salesperson")

    assert [get(seller, path).status_code for path in ("journal-lines", "trial-balance", "periods")] == [403] * 3
