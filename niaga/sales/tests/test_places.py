"""The person and the places of the customer that a document names."""

import json
from decimal import Decimal

import pytest
from django.test import Client

from niaga.core.errors import NotFound
from niaga.invoicing.models import Invoice
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.parties.models import Address, Contact
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.sales.errors import NotOneInvoice
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.queries.paper import order_paper, quotation_paper
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from niaga.sales.services.duplicate_quotation import duplicate_quotation
from niaga.sales.services.invoice_orders import invoice_orders
from niaga.sales.services.selling_facts import Choice
from niaga.sales.services.update_order import update_order
from niaga.stock.models import Delivery
from niaga.stock.queries.paper import delivery_paper
from tests.makers import NOW, log_in, make_customer, make_product, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    time_machine.move_to(NOW, tick=False)
    return make_world()


def make_buyer(world):
    """A customer with an office, a warehouse, a main contact and another."""
    customer = make_customer(world, name="Toko Makmur Jaya", phone="031 555 0100")
    for label, street, city in (("Kantor", "Jl. Darmo 1", "Surabaya"), ("Gudang", "Jl. Rungkut 9", "Sidoarjo")):
        save_address(customer_id=customer.id, label=label, street=street, city=city, by=world.owner, at=NOW)
    for name, email in (("Ibu Sari", "sari@makmur.example"), ("Pak Budi", "budi@makmur.example")):
        save_contact(customer_id=customer.id, name=name, email=email, by=world.owner, at=NOW)
    return customer


def make_offer(world, customer, **details):
    return draft_quotation(
        customer_id=customer.id, branch_id=world.branch.id, details=QuotationDetails(**details), by=world.owner,
        lines=[LineInput(product_id=make_product(world, stock=50).id, quantity=Decimal(2))], at=NOW,
    )  # fmt: skip


def test_without_a_choice_a_quotation_names_the_main_contact_and_the_first_place_for_goods(world):
    customer = make_buyer(world)

    quotation = make_offer(world, customer)

    quotation.refresh_from_db()
    assert (quotation.contact.name, quotation.billing_address) == ("Ibu Sari", {})
    assert (quotation.delivery_address["street"], quotation.delivery_address["contact"]) == ("Jl. Darmo 1", "Ibu Sari")


def test_what_was_chosen_goes_from_the_offer_to_order_delivery_invoice_and_papers(world):
    customer = make_buyer(world)
    budi, depot = Contact.objects.get(name="Pak Budi"), Address.objects.get(label="Gudang")
    quotation = make_offer(
        world, customer, contact_id=budi.id, delivery_address_id=depot.id, billing_address_id=depot.id
    )

    order = accept_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    invoice_id = invoice_orders(order_ids=[order.id], basis="ordered", by=world.owner, at=NOW)

    assert (order.contact_id, order.delivery_address["city"]) == (budi.id, "Sidoarjo")
    assert Delivery.objects.get(pk=delivery_id).address["street"] == "Jl. Rungkut 9"
    party = Invoice.objects.get(pk=invoice_id).party
    assert (party["street"], party["name"], "id" in party) == ("Jl. Rungkut 9", "Toko Makmur Jaya", False)
    papers = {"by": world.owner, "language": "id", "variant": ""}
    offered = quotation_paper(subject_id=quotation.id, **papers).data
    assert (offered.customer.contact, offered.customer.address[0]) == ("Pak Budi", "Jl. Rungkut 9")
    assert order_paper(subject_id=order.id, **papers).data.deliver_to.address[0] == "Jl. Rungkut 9"
    shipped = delivery_paper(subject_id=delivery_id, **papers).data
    assert (shipped.customer.contact, shipped.customer.address[0]) == ("Pak Budi", "Jl. Rungkut 9")


def test_a_quotation_prints_where_goods_go_only_when_it_is_elsewhere(world):
    customer = make_buyer(world)
    depot = Address.objects.get(label="Gudang")

    near, far = make_offer(world, customer), make_offer(world, customer, delivery_address_id=depot.id)

    papers = {"by": world.owner, "language": "id", "variant": ""}
    assert quotation_paper(subject_id=near.id, **papers).data.deliver_to is None
    assert quotation_paper(subject_id=far.id, **papers).data.deliver_to.address == ("Jl. Rungkut 9", "Sidoarjo")


def test_a_document_keeps_its_places_when_the_customer_moves(world):
    customer = make_buyer(world)
    quotation = make_offer(world, customer)

    save_address(
        customer_id=customer.id, address_id=Address.objects.get(label="Kantor").id, street="Jl. Baru 7",
        by=world.owner, at=NOW,
    )  # fmt: skip

    order = accept_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    assert order.delivery_address["street"] == "Jl. Darmo 1"


@pytest.mark.parametrize("field", ["contact_id", "delivery_address_id", "billing_address_id"])
def test_a_contact_or_place_of_somebody_else_is_refused(world, field):
    customer = make_customer(world, name="Warung Lain")
    stranger = make_buyer(world)
    theirs = {"contact_id": Contact.objects.filter(customer=stranger).first().id}.get(
        field, Address.objects.filter(customer=stranger).first().id
    )

    with pytest.raises(NotFound) as refused:
        make_offer(world, customer, **{field: theirs})

    assert refused.value.field == field
    assert not Quotation.objects.exists()


def test_who_was_put_away_is_refused_anew_but_does_not_hinder_a_copy(world):
    customer = make_buyer(world)
    budi = Contact.objects.get(name="Pak Budi")
    quotation = make_offer(world, customer, contact_id=budi.id)
    save_contact(customer_id=customer.id, contact_id=budi.id, archive=True, by=world.owner, at=NOW)

    with pytest.raises(NotFound):
        make_offer(world, customer, contact_id=budi.id)
    copy = duplicate_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)

    assert copy.contact_id == Contact.objects.get(name="Ibu Sari").id
    assert Quotation.objects.count() == 2


def test_a_draft_order_takes_other_places_and_a_promise_another_by_amendment(world):
    customer = make_buyer(world)
    office, depot = Address.objects.get(label="Kantor"), Address.objects.get(label="Gudang")
    product = make_product(world, stock=50)
    lines = [LineInput(product_id=product.id, quantity=Decimal(2))]
    order = draft_order(
        customer_id=customer.id, branch_id=world.branch.id, lines=lines, details=OrderDetails(), by=world.owner, at=NOW
    )

    order = update_order(
        order_id=order.id, version=1, lines=lines, details=OrderDetails(delivery_address_id=depot.id), by=world.owner,
        at=NOW,
    )  # fmt: skip
    assert order.delivery_address["city"] == "Sidoarjo"
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    kept = amend_order(order_id=order.id, version=None, lines=lines, by=world.owner, at=NOW)
    assert kept.delivery_address["city"] == "Sidoarjo"
    amended = amend_order(
        order_id=order.id, version=None, lines=lines, choice=Choice(delivery_address_id=office.id), by=world.owner,
        at=NOW,
    )  # fmt: skip

    amended.refresh_from_db()
    assert (amended.delivery_address["city"], amended.delivery_address["contact"]) == ("Surabaya", "Ibu Sari")


def test_orders_billed_to_different_places_do_not_stand_on_one_invoice(world):
    customer = make_buyer(world)
    depot = Address.objects.get(label="Gudang")
    orders = []
    for place in (None, depot.id):
        quotation = make_offer(world, customer, billing_address_id=place)
        order = accept_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
        confirm_order(order_id=order.id, by=world.owner, at=NOW)
        orders.append(order.id)

    with pytest.raises(NotOneInvoice):
        invoice_orders(order_ids=orders, basis="ordered", by=world.owner, at=NOW)

    assert not Invoice.objects.exists()


def test_the_form_offers_the_customers_people_and_places_and_saves_what_is_chosen(world):
    customer = make_buyer(world)
    product = make_product(world)
    budi, depot = Contact.objects.get(name="Pak Budi"), Address.objects.get(label="Gudang")
    client = log_in(world.owner)

    page = client.get(f"/orders/new?customer={customer.id}").content.decode()
    assert page.index("Ibu Sari") < page.index("Pak Budi")
    assert "Gudang · Jl. Rungkut 9, Sidoarjo" in page
    client.post(
        "/orders/new",
        {"customer": customer.id, "contact": budi.id, "delivery_address": depot.id, "lines": json.dumps(
            [{"key": "n", "kind": "item", "product": str(product.id), "quantity": "1"}])},
    )  # fmt: skip

    order = SalesOrder.objects.get()
    assert (order.contact_id, order.delivery_address["id"]) == (budi.id, str(depot.id))
    shown = client.get(f"/orders/{order.id}").content.decode()
    assert "budi@makmur.example" in shown
    assert "Gudang · Jl. Rungkut 9, Sidoarjo" in shown


def test_a_contact_and_an_address_are_added_without_leaving_the_form(world):
    customer = make_buyer(world)
    client = log_in(world.owner)

    added = client.post(
        "/sales/customers/people", {"customer": customer.id, "person_name": "Bu Tini", "person_email": "t@m.example"}
    )
    placed = client.post(
        "/sales/customers/places", {"customer": customer.id, "place_street": "Jl. Kenjeran 3", "place_city": "Surabaya"}
    )

    tini, place = Contact.objects.get(name="Bu Tini"), Address.objects.get(street="Jl. Kenjeran 3")
    assert f'value="{tini.id}" selected' in added.content.decode()
    assert f'value="{place.id}" selected' in placed.content.decode()
    assert not place.for_billing
    nameless = client.post(
        "/sales/customers/people", {"customer": customer.id, "person_name": ""}, headers={"HX-Request": "true"}
    )
    assert json.loads(nameless["HX-Trigger"])["refused"]["field"] == "person_name"
    assert Contact.objects.count() == 3


def test_people_of_a_customer_one_may_not_see_are_not_offered(world):
    other = make_world()
    make_buyer(other)
    theirs = Contact.objects.first()
    client = log_in(world.owner)

    page = client.get(f"/sales/customers/fields?customer={theirs.customer_id}").content.decode()

    assert "Ibu Sari" not in page


def test_the_api_takes_and_answers_contact_and_places(world):
    customer = make_buyer(world)
    product = make_product(world)
    budi, depot = Contact.objects.get(name="Pak Budi"), Address.objects.get(label="Gudang")
    token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=NOW)
    client = Client(headers={"Authorization": f"Bearer {token.text}"})
    body = {"customer_id": str(customer.id), "contact_id": str(budi.id), "delivery_address_id": str(depot.id),
            "lines": [{"product_id": str(product.id)}]}  # fmt: skip

    for kind in ("quotations", "orders"):
        answer = client.post(f"/api/v1/{kind}", json.dumps(body), content_type="application/json")
        told = answer.json()
        assert answer.status_code == 201, told
        assert (told["contact_id"], told["delivery_address"]["city"]) == (str(budi.id), "Sidoarjo")
        refused = client.post(
            f"/api/v1/{kind}", json.dumps({**body, "contact_id": str(depot.id)}), content_type="application/json"
        )
        assert refused.status_code == 404
