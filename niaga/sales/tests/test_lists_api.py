"""Reading and noting through the API: lists, timelines, history, search, figures, the drafts of invoices."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from niaga.core.clock import now
from niaga.messaging.models import Email
from niaga.organization.access import SYSTEM
from niaga.organization.models import User
from niaga.organization.services.create_token import create_token
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import (
    NOW,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_order,
    make_payment,
    make_product,
    make_quotation,
    make_shipped_order,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
JSON: dict[str, Any] = {"content_type": "application/json"}


def program(user: User) -> Client:
    token = create_token(user_id=user.id, name="test", by=SYSTEM, at=now())
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def ids(api: Client, path: str) -> list[str]:
    return [row["id"] for row in api.get(f"/api/v1/{path}").json()["items"]]


def test_lists_are_narrowed_by_number_customer_state_and_days():
    world = make_world()
    lines = [LineInput(product_id=make_product(world, stock=9).id)]
    customer = make_customer(world)
    quotation = make_quotation(world, lines, customer=customer)
    draft, confirmed = make_order(world, lines), make_confirmed_order(world, lines, customer=customer)
    api = program(world.owner)
    tomorrow = confirmed.date + timedelta(days=1)

    assert ids(api, f"quotations?number={quotation.number}&status=draft") == [str(quotation.id)]
    assert ids(api, "quotations?status=sent") == []
    assert ids(api, f"orders?customer_id={customer.id}") == [str(confirmed.id)]
    assert ids(api, "orders?status=draft") == [str(draft.id)]
    assert ids(api, f"orders?since={tomorrow}") == []
    assert api.get("/api/v1/orders?status=lost").status_code == 422


def test_invoices_and_payments_are_narrowed_by_kind_and_method():
    world = make_world()
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=9).id)])
    payment = make_payment(world, invoice.customer_id, 111_000)
    api = program(world.owner)

    assert ids(api, f"invoices?kind=invoice&number={invoice.number}&payment_state=paid") == [str(invoice.id)]
    assert ids(api, "invoices?kind=credit_note") == []
    assert ids(api, f"payments?method=transfer&status=recorded&number={payment.number}") == [str(payment.id)]
    assert ids(api, "payments?method=cash") == []


def test_a_note_stands_on_the_timeline_with_who_wrote_it():
    world = make_world()
    lines = [LineInput(product_id=make_product(world).id)]
    quotation, order = make_quotation(world, lines), make_order(world, lines)
    api = program(world.owner)

    for many, document in (("quotations", quotation), ("orders", order)):
        noted = api.post(f"/api/v1/{many}/{document.id}/notes", {"text": "Minta kirim pagi"}, **JSON)
        told = api.get(f"/api/v1/timelines/{many[:-1]}/{document.id}?limit=1").json()["items"][0]

        assert noted.status_code == 200
        assert (told["verb"], told["note"], told["actor"]) == ("note", "Minta kirim pagi", world.owner.name)


def test_the_timeline_of_what_one_may_not_see_is_not_there():
    world = make_world()
    quotation = make_quotation(world, [LineInput(product_id=make_product(world).id)])
    other = program(make_user(world.company, "salesperson"))

    assert other.get(f"/api/v1/timelines/quotation/{quotation.id}").status_code == 404
    assert other.post(f"/api/v1/quotations/{quotation.id}/notes", {"text": "x"}, **JSON).status_code == 404
    assert program(world.owner).get(f"/api/v1/timelines/nonsense/{quotation.id}").status_code == 404


def test_search_finds_what_the_person_may_see():
    world = make_world()
    customer = make_customer(world, name="Toko Zamrud Lestari")
    stranger = program(make_world().owner)

    found = program(world.owner).get("/api/v1/search?q=zamrud").json()["items"]

    assert (found[0]["kind"], found[0]["id"], found[0]["title"]) == ("customer", str(customer.id), customer.name)
    assert stranger.get("/api/v1/search?q=zamrud").json()["items"] == []


def test_figures_are_those_of_ones_role():
    world = make_world()
    make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=9).id)])

    owner = program(world.owner).get("/api/v1/figures").json()
    warehouse = program(make_user(world.company, "warehouse", branch_id=world.branch.id)).get("/api/v1/figures").json()

    assert (owner["currency"], owner["quotations_awaiting"]["number"]) == ("IDR", 0)
    assert set(owner["invoiced"]) == {"today", "month", "number", "before", "change"}
    assert (warehouse["invoiced"], warehouse["collected"], warehouse["quotations_awaiting"]) == (None, None, None)
    assert warehouse["orders_to_ship"] == {"number": 0, "total": None}


def test_a_draft_invoice_is_changed_and_a_stale_save_is_refused():
    world = make_world()
    order = make_shipped_order(world, [LineInput(product_id=make_product(world, stock=9).id)])
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
    api = program(world.owner)
    path = f"/api/v1/invoices/{invoice_id}"

    changed = api.patch(path, {"note": "Terima kasih"}, **JSON)
    stale = api.patch(path, {"note": "lain"}, headers={"If-Match": '"1"'}, **JSON)
    other = api.patch(path, {"customer_reference": "PO-9"}, headers={"If-Match": changed["ETag"]}, **JSON)

    assert (changed.json()["note"], changed["ETag"]) == ("Terima kasih", '"2"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert other.json()["note"] == "Terima kasih"


def test_an_issued_invoice_is_mailed_and_linked_and_a_draft_is_not():
    world = make_world()
    lines = [LineInput(product_id=make_product(world, stock=9).id)]
    invoice = make_issued_invoice(world, lines)
    draft_id = invoice_order(order_id=make_shipped_order(world, lines).id, by=world.owner, at=NOW)
    api = program(world.owner)

    sent = api.post(f"/api/v1/invoices/{invoice.id}/sending", {"to": ["sari@example.com"]}, **JSON)
    link = api.post(f"/api/v1/invoices/{invoice.id}/links", {}, **JSON)
    refused = [
        api.post(f"/api/v1/invoices/{draft_id}/sending", {"to": ["sari@example.com"]}, **JSON),
        api.post(f"/api/v1/invoices/{draft_id}/links", {}, **JSON),
    ]

    assert (sent.status_code, link.status_code) == (200, 201)
    assert "/l/" in link.json()["url"]
    assert [answer.json()["code"] for answer in refused] == ["wrong_state", "wrong_state"]
    assert list(Email.objects.filter(subject_id=invoice.id).values_list("to", flat=True)) == [["sari@example.com"]]
    assert ids(api, f"emails?subject_id={draft_id}") == []
