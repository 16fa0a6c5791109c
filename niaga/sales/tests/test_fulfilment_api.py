"""Billing and delivering, as a program does it."""

from decimal import Decimal

import pytest
from django.test import Client

from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.stock.models import Delivery, ProofOfDelivery
from tests.api import Api
from tests.makers import NOW, make_confirmed_order, make_customer, make_issued_invoice, make_product, make_world

pytestmark = pytest.mark.django_db


def test_a_down_payment_is_billed_by_percent_and_never_above_what_is_open():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(2))])
    api = Api(world.owner)
    path = f"orders/{order.id}/down-payments"

    billed = api.send("post", path, {"percent": 30})
    before = SalesOrder.objects.values("exposure", "version").get(pk=order.id)
    both = api.send("post", path, {"percent": 10, "amount": 1000})
    above = api.send("post", path, {"amount": 900_000_000})

    assert (billed.status_code, billed.json()["kind"], billed.json()["net"]) == (201, "down_payment", "60000")
    assert billed["Location"] == f"/api/v1/invoices/{billed.json()['id']}"
    assert (both.status_code, both.json()["field"]) == (422, "percent")
    assert above.json()["code"] == "over_invoicing"
    assert SalesOrder.objects.values("exposure", "version").get(pk=order.id) == before
    assert Invoice.objects.filter(company_id=world.company.id).count() == 1


def test_orders_of_one_customer_go_on_one_invoice_and_of_two_on_none():
    world = make_world()
    product = make_product(world, stock=9)
    customer = make_customer(world)
    lines = [LineInput(product_id=product.id)]
    first, second = (make_confirmed_order(world, lines, customer=customer) for _turn in range(2))
    foreign = make_confirmed_order(world, lines, customer=make_customer(world))
    api = Api(world.owner)

    mixed = api.send("post", "invoices", {"orders": [str(first.id), str(foreign.id)], "basis": "ordered"})
    invoices = Invoice.objects.count()
    joined = api.send("post", "invoices", {"orders": [str(first.id), str(second.id)], "basis": "ordered"})

    assert (mixed.json()["code"], invoices) == ("not_one_invoice", 0)
    assert (joined.status_code, joined.json()["net"]) == (201, "200000")
    assert sorted(joined.json()["source_numbers"]) == sorted([first.number, second.number])
    assert joined["Location"] == f"/api/v1/invoices/{joined.json()['id']}"


def test_a_credit_note_settles_another_invoice_and_is_taken_back():
    world = make_world()
    product = make_product(world, stock=9)
    customer = make_customer(world)
    lines = [LineInput(product_id=product.id)]
    first, second = (make_issued_invoice(world, lines, customer=customer) for _turn in range(2))
    api = Api(world.owner)
    paid = {"amount": str(first.total), "invoice_id": str(first.id)}
    assert api.send("post", "payments", paid).status_code == 201
    note_id = credit_invoice(invoice_id=first.id, reason="Rusak", by=world.owner, at=NOW)
    note = issue_invoice(invoice_id=note_id, by=world.owner, at=NOW)
    path = f"invoices/{note.id}/allocations"

    settled = api.send("post", path, {"invoice_id": str(second.id)})
    allocated = InvoiceBalance.objects.get(invoice_id=second.id).allocated
    excess = api.send("post", path, {"invoice_id": str(second.id), "amount": 1})
    unchanged = InvoiceBalance.objects.get(invoice_id=second.id).allocated
    released = api.send(
        "post", path, {"invoice_id": str(second.id), "amount": str(second.total), "release": True}
    )  # fmt: skip

    assert (settled.status_code, allocated) == (200, second.total)
    assert (excess.json()["code"], unchanged) == ("credit_used_up", second.total)
    assert released.status_code == 200
    assert InvoiceBalance.objects.get(invoice_id=second.id).allocated == 0


def test_a_delivery_is_picked_shipped_in_part_and_proven_by_a_name():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(4))])
    api = Api(world.owner)
    drawn = api.send("post", f"orders/{order.id}/deliveries").json()
    path = f"deliveries/{drawn['id']}"
    line_id = drawn["lines"][0]["id"]

    picked = api.send("post", f"{path}/picking")
    above = api.send("post", f"{path}/shipment", {"lines": [{"line_id": line_id, "quantity": 9}]})
    waiting = Delivery.objects.get(pk=drawn["id"]).status
    shipped = api.send("post", f"{path}/shipment", {"lines": [{"line_id": line_id, "quantity": 3}]})
    arrived = api.send("post", f"{path}/arrival", {"received_by": "Pak Budi"})
    late = api.send("post", f"{path}/cancellation")

    assert picked.json()["status"] == "picking"
    assert (above.status_code, above.json()["lines"][0]["line"], waiting) == (422, 1, "picking")
    assert [line["quantity"] for line in shipped.json()["lines"]] == ["3"]
    assert (arrived.json()["status"], arrived["Location"]) == ("delivered", f"/api/v1/{path}")
    assert ProofOfDelivery.objects.get(delivery_id=drawn["id"]).received_by == "Pak Budi"
    assert (late.status_code, Delivery.objects.get(pk=drawn["id"]).status) == (409, "delivered")


def test_a_delivery_that_is_called_off_gives_its_goods_back_to_the_order():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(4))])
    api = Api(world.owner)
    drawn = api.send("post", f"orders/{order.id}/deliveries").json()

    gone = api.send("post", f"deliveries/{drawn['id']}/cancellation", {"reason": "Truk mogok"})

    assert (gone.status_code, gone.json()["status"]) == (200, "cancelled")
    assert SalesOrderLine.objects.get(order=order).in_delivery == 0


def test_the_page_of_a_confirmed_order_offers_a_down_payment_until_all_is_billed():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(2))])
    client = Client()
    client.force_login(world.owner)

    page = client.get(f"/orders/{order.id}").content.decode()
    client.post(f"/orders/{order.id}/down-payment", {"percent": "100", "amount": ""})
    after = client.get(f"/orders/{order.id}").content.decode()

    assert 'data-dialog="down-payment"' in page
    assert f'action="/orders/{order.id}/down-payment"' in page
    assert Invoice.objects.get(company=world.company).net == 200_000
    assert 'data-dialog="down-payment"' not in after
