"""Customers' programs: each operation is theirs alone, with a token that holds, and tells nothing of the house."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.core.clock import now
from niaga.core.models import AuditEntry
from niaga.parties.models import Customer
from niaga.parties.services.write_note import write_note
from niaga.portal.models import PortalAccess, PortalOrder, PortalToken
from niaga.portal.services.create_token import create_token
from niaga.portal.services.enter_by_token import OF_MINUTE
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.services.revoke_access import revoke_access
from niaga.portal.services.revoke_token import revoke_own_token
from niaga.portal.services.save_settings import save_settings
from niaga.portal.services.say_in_case import answer_case
from niaga.portal.tests.visits import make_contact, visitor_by_access
from niaga.returns.models import ReturnReason
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from tests.doors.test_closed_doors import program
from tests.makers import (
    World,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_product,
    make_world,
)
from tests.openapi import Operation, operations, portal_operations

pytestmark = pytest.mark.django_db
COST, SECRET = "71236", "Kata orang dalam"
MOST = 12
"""Statements of a read, its token and its visit with it."""
INNER = re.compile(r"cost|margin|salesperson|internal|warehouse|version|base_total|exchange_rate")
"""Names of fields that are the house's own."""


@dataclass
class Shop:
    """A customer with one of each thing, and the token of a program of theirs."""

    customer: Customer
    access_id: UUID
    token: str
    token_id: UUID
    ids: dict[str, str]

    def bodies(self) -> dict[str, dict[str, Any]]:
        return {
            "POST /portal/invoices/{invoice_id}/dispute": {"reason": "quantity", "text": "Kurang dua"},
            "POST /portal/orders/{order_id}/returns": {
                "lines": [{"order_line_id": self.ids["line_id"], "reason_id": self.ids["reason_id"], "quantity": "1"}]
            },
            "POST /portal/order-again": {
                "wanted_on": (now().date() + timedelta(days=3)).isoformat(), "reference": "PO-1",
                "lines": [{"product_id": self.ids["product_id"], "unit": self.ids["unit"], "quantity": "2"}],
            },
        }  # fmt: skip

    def send(self, one: Operation, *, token: str | None, body: dict[str, Any] | None = None, key: str = "") -> Any:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = Client(headers=headers | ({"Idempotency-Key": key} if key else {}), raise_request_exception=False)
        text = b"" if one.method == "GET" else orjson.dumps(body or self.bodies()[str(one)])
        return client.generic(one.method, one.url(self.ids), text, content_type="application/json")


def open_shop(world: World, name: str) -> Shop:
    customer = make_customer(world, name=name)
    product = make_product(world, name=f"Kopi {name}", stock=50, cost=Decimal(COST))
    sold = [LineInput(product_id=product.id, quantity=Decimal(5))]
    order = make_confirmed_order(world, sold, customer=customer)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=now())
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=now())
    disputed, invoice = (make_issued_invoice(world, sold, customer=customer) for _turn in range(2))
    write_note(customer_id=customer.pk, text=SECRET, by=world.owner, at=now())
    contact = make_contact(world, customer, f"{name.lower()}@toko.example")
    access = invite_contact(customer_id=customer.pk, contact_id=contact.pk, by=world.owner, at=now())
    token = token_of(access.pk)
    line = order.lines.get()
    shop = Shop(customer, access.pk, token.text, token.id, {
        "order_id": str(order.pk), "delivery_id": str(delivery_id), "invoice_id": str(disputed.pk),
        "product_id": str(product.id), "line_id": str(line.pk), "unit": line.unit.code,
        "reason_id": str(ReturnReason.objects.filter(company=world.company, archived_at=None)[0].pk),
    })  # fmt: skip
    for path, key in (("returns", "return_id"), ("dispute", "case_id")):
        one = next(one for one in portal_operations() if one.path.endswith(f"/{path}") and one.method == "POST")
        shop.ids[key] = shop.send(one, token=token.text).json()["id"]
    shop.ids["invoice_id"] = str(invoice.pk)
    return shop


def token_of(access_id: UUID, *, may_write: bool = True, days: int = 90) -> Any:
    visitor = visitor_by_access(access_id, at=now())
    return create_token(visitor=visitor, name="Program", may_write=may_write, days=days, at=now())


def opened(world: World) -> None:
    save_settings(
        company_id=world.company.id, is_open=True, shows_credit=False, takes_returns=True, welcome="",
        takes_orders="order", shows_stock=True, by=world.owner, at=now(),
    )  # fmt: skip


def changes(world: World) -> int:
    return AuditEntry.objects.filter(company_id=world.company.id).count()


def fields_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for one in value.values() for name in fields_of(one)}
    return {name for one in value for name in fields_of(one)} if isinstance(value, list) else set()


def test_each_operation_is_for_the_customers_own_token_alone_and_tells_nothing_of_the_house() -> None:
    world = make_world()
    opened(world)
    ours, theirs = open_shop(world, "Aneka"), open_shop(world, "Zamrud")
    expired, revoked = token_of(ours.access_id), token_of(ours.access_id)
    PortalToken.objects.filter(pk=expired.id).update(created_at=now() - timedelta(9), expires_at=now() - timedelta(1))
    revoke_own_token(token_id=revoked.id, visitor=visitor_by_access(ours.access_id, at=now()), at=now())
    office = program(world.owner).defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    marks = {value for name, value in ours.ids.items() if name not in ("unit", "reason_id")} | {ours.customer.name}
    wrong, done = [], 0

    for one in portal_operations():
        before = changes(world)
        for who, token in (("nobody", None), ("office", office), ("expired", expired.text), ("revoked", revoked.text)):
            if (status := ours.send(one, token=token).status_code) != 401:
                wrong.append(f"{one} for {who}: {status}")
        other = ours.send(one, token=theirs.token)
        named = "{" in one.path
        if (named and other.status_code != 404) or (not named and one.method == "POST" and other.status_code != 422):
            wrong.append(f"{one} for another customer: {other.status_code}")
        if found := [mark for mark in marks if mark in other.content.decode(errors="replace")]:
            wrong.append(f"{one} tells another customer {found}")
        if changes(world) != before:
            wrong.append(f"{one}: something changed")
        own = ours.send(one, token=ours.token)
        done += own.status_code in (200, 201)
        if own.status_code not in (200, 201):
            wrong.append(f"{one}: {own.status_code} {own.content[:200]!r}")
        if own["Content-Type"].startswith("application/json"):
            inner = {name for name in fields_of(own.json()) if INNER.search(name)}
            if inner or COST in own.content.decode() or SECRET in own.content.decode():
                wrong.append(f"{one} tells of the house: {inner}")

    assert wrong == []
    assert done == len(list(portal_operations())) > 15


def test_a_customers_token_opens_nothing_of_the_office() -> None:
    world = make_world()
    shop = open_shop(world, "Aneka")
    client = Client(headers={"Authorization": f"Bearer {shop.token}"}, raise_request_exception=False)
    ids = {**dict.fromkeys(re.findall(r"{(\w+)}", " ".join(one.path for one in operations())), shop.ids["order_id"]),
           **shop.ids, "valid_from": "2027-01-01"}  # fmt: skip

    answers = {client.get(one.url(ids)).status_code for one in operations() if one.method == "GET"}
    written = client.post("/api/v1/customers", b'{"name": "Baru"}', content_type="application/json",
                          headers={"Idempotency-Key": "k1"})  # fmt: skip

    assert (answers, written.status_code) == ({401}, 401)


def test_a_token_that_may_only_read_does_nothing() -> None:
    world = make_world()
    opened(world)
    shop = open_shop(world, "Aneka")
    reading, before = token_of(shop.access_id, may_write=False), changes(world)

    statuses = {shop.send(one, token=reading.text).status_code for one in portal_operations() if one.method == "POST"}

    assert statuses == {403}
    assert changes(world) == before


def test_the_same_key_orders_once() -> None:
    world = make_world()
    opened(world)
    shop = open_shop(world, "Aneka")
    (order,) = [one for one in portal_operations() if str(one) == "POST /portal/order-again"]

    first, again = (shop.send(order, token=shop.token, key="po-1") for _turn in range(2))
    other = shop.send(order, token=shop.token, key="po-1", body={**shop.bodies()[str(order)], "reference": "PO-2"})

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert (first.json(), again["Idempotent-Replay"]) == (again.json(), "true")
    assert PortalOrder.objects.count() == 1
    assert PortalOrder.objects.get().order.requested_date == now().date() + timedelta(days=3)


def ask(shop: Shop, path: str) -> Any:
    """The answer to a GET below the portal's door."""
    return Client(raise_request_exception=False).get(
        f"/api/v1/portal/{path}", headers={"Authorization": f"Bearer {shop.token}"}
    )


@pytest.mark.parametrize("period", ["until=0001-01-15", "since=0001-01-01", "since=9999-12-31", "until=9999-12-31"])
def test_a_statement_of_any_days_is_one(period: str) -> None:
    shop = open_shop(make_world(), "Aneka")

    answer = ask(shop, f"statement?{period}")

    assert answer.status_code == 200
    assert answer.json()["since"] <= answer.json()["until"]


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1E+400000", "0.00000001", "-1", "1" * 5000])
def test_no_more_and_nothing_else_than_an_amount_is_objected_to(amount: str) -> None:
    world = make_world()
    shop = open_shop(world, "Aneka")
    (dispute,) = [one for one in portal_operations() if one.path.endswith("/dispute")]
    before = changes(world)

    answer = shop.send(dispute, token=shop.token, body={"reason": "price", "text": "Salah", "amount": amount})

    assert (answer.status_code, changes(world)) == (422, before)


def test_what_the_company_answered_is_told() -> None:
    world = make_world()
    shop = open_shop(world, "Aneka")
    answer_case(case_id=UUID(shop.ids["case_id"]), text="Kami periksa dulu", name="Dewi", by=world.owner, at=now())

    notes = ask(shop, f"cases/{shop.ids['case_id']}").json()["notes"]

    assert [(one["by_customer"], one["text"]) for one in notes] == [(True, "Kurang dua"), (False, "Kami periksa dulu")]


def test_a_program_asks_as_few_statements_however_much_there_is() -> None:
    world = make_world()
    opened(world)
    shop = open_shop(world, "Aneka")
    reads = [one for one in portal_operations() if one.method == "GET" and not one.path.endswith("/pdf")]

    def statements() -> dict[str, int]:
        counts = {}
        for one in reads:
            shop.send(one, token=shop.token)  # what is noted once in ten minutes is noted
            with CaptureQueriesContext(connection) as asked:
                assert shop.send(one, token=shop.token).status_code == 200
            counts[str(one)] = len(asked)
        return counts

    few = statements()
    sold = [LineInput(product_id=make_product(world, stock=50).id, quantity=Decimal(2)) for _turn in range(3)]
    order = make_confirmed_order(world, sold, customer=shop.customer)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=now())
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=now())
    invoices = [make_issued_invoice(world, sold, customer=shop.customer) for _turn in range(2)]
    shop.ids |= {"order_id": str(order.pk), "delivery_id": str(delivery_id), "invoice_id": str(invoices[0].pk)}
    many = statements()

    assert {one: (few[one], many[one]) for one in few if many[one] > few[one]} == {}
    assert max(many.values()) <= MOST


def test_a_token_ends_with_the_access_of_its_person_and_is_counted_by_the_minute() -> None:
    world = make_world()
    shop = open_shop(world, "Aneka")
    (me,) = [one for one in portal_operations() if one.path == "/portal/me"]
    assert shop.send(me, token=shop.token).status_code == 200
    PortalToken.objects.filter(pk=shop.token_id).update(calls=OF_MINUTE, last_used_at=now())

    full = shop.send(me, token=shop.token)
    PortalToken.objects.filter(pk=shop.token_id).update(last_used_at=now() - timedelta(minutes=2))
    later = shop.send(me, token=shop.token)
    revoke_access(access_id=shop.access_id, by=world.owner, at=now())
    gone = shop.send(me, token=shop.token)

    assert (full.status_code, later.status_code, gone.status_code) == (429, 200, 401)
    held = PortalToken.objects.get(pk=shop.token_id)
    assert shop.token.encode() not in bytes(held.token_hash)
    assert PortalAccess.objects.get(pk=shop.access_id).revoked_at is not None
