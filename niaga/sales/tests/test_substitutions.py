"""What a picker cannot find is replaced by what the customer agreed to: on the order, in stock and in the delivery."""

from decimal import Decimal
from uuid import UUID, uuid4

import orjson
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError
from django.test.utils import CaptureQueriesContext

from niaga.catalog.rules.product import NewPacking, NewSubstitute
from niaga.catalog.services.save_substitutes import save_substitutes
from niaga.core.audit import AuditEntry
from niaga.core.errors import Forbidden, Invalid, NotFound, WrongState
from niaga.invoicing.models import InvoiceLine
from niaga.messaging.models import Notice
from niaga.sales.errors import CannotSubstitute, DecidedAlready, NotAgreed, NothingShort
from niaga.sales.models import SalesOrder, SalesOrderLine, Substitution
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.cancel_order_delivery import cancel_order_delivery
from niaga.sales.services.decide_substitution import decide_substitution
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.plan_deliveries import plan_deliveries
from niaga.sales.services.save_substitution_rule import save_substitution_rule
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.substitute_pick import substitute_pick
from niaga.stock.errors import NotYourLine, OutOfStock
from niaga.stock.models import Delivery, DeliveryLine, PickLine, PickList, StockLevel, Warehouse
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.take_lines import take_lines
from tests.api import Api
from tests.makers import NOW, World, make_bundle, make_confirmed_order, make_product, make_user, make_world, signed_in
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


def agree(world: World, agreement: str = "ahead", customer_id: UUID | None = None) -> None:
    save_substitution_rule(
        company_id=world.company.id, customer_id=customer_id, agreement=agreement, by=world.owner, at=NOW
    )


def replaceable(world: World, *, price: str = "as_ordered", ratio: str = "1", stock: int = 9, **facts):
    """Goods, and what goes in their place."""
    tea = make_product(world, stock=20, name="Teh A", **facts)
    other = make_product(world, stock=stock, name="Teh B", price=Decimal(120_000))
    save_substitutes(
        product_id=tea.id, substitutes=[NewSubstitute(product_id=other.id, ratio=Decimal(ratio), price=price)],
        by=world.owner, at=NOW,
    )  # fmt: skip
    return tea, other


def short(world: World, product, *, found: int, order: SalesOrder | None = None, **line) -> PickLine:
    """A line of five in the owner's hands, of which only so much was found."""
    if order is None:
        make_confirmed_order(world, [LineInput(product_id=product.id, **{"quantity": Decimal(5), **line})])
    home = Warehouse.objects.get(company=world.company)
    plan = plan_deliveries(warehouse_id=home.id, date=NOW.date(), by=world.owner, at=NOW)
    take_lines(pick_list_id=plan.list_ids[0], by=world.owner, at=NOW)
    one = PickLine.objects.get(pick_list_id=plan.list_ids[0], product=product)
    record_pick(key=uuid4(), line_id=one.id, quantity=Decimal(found), reason="Kosong", by=world.owner, at=NOW)
    return one


def swap(world: World, pick: PickLine, other, quantity: int | str, *, key: UUID | None = None, by=None) -> Substitution:
    return substitute_pick(
        key=key or uuid4(), pick_line_id=pick.id, substitute_id=other.id, quantity=Decimal(quantity),
        by=by or world.owner, at=NOW,
    )  # fmt: skip


def test_an_agreed_substitute_becomes_a_line_of_its_own_at_the_price_that_was_promised():
    world = make_world()
    agree(world)
    tea, other = replaceable(world)
    pick = short(world, tea, found=3, discount_percent=Decimal(10))

    made = swap(world, pick, other, 2)

    order = SalesOrder.objects.get()
    old, new = order.lines.order_by("position")
    assert (old.quantity, old.in_delivery, old.amount) == (3, 3, 270_000)
    assert (new.product_id, new.quantity, new.in_delivery) == (other.id, 2, 2)
    assert (new.unit_price, new.discount_percent, new.amount) == (100_000, 10, 180_000)
    assert new.description == "Teh B (pengganti Teh A)"
    assert (order.subtotal, order.total) == (450_000, 499_500)  # as it was promised, with its PPN
    assert (made.state, made.quantity, made.new_line_id) == ("made", 2, new.id)
    assert list(DeliveryLine.objects.order_by("position").values_list("product_id", "quantity")) == [
        (tea.id, 3), (other.id, 2),
    ]  # fmt: skip
    assert list(PickLine.objects.order_by("position").values_list("quantity", "picked")) == [(3, 3), (2, 2)]
    assert StockLevel.objects.get(product=tea).reserved == 3
    assert StockLevel.objects.get(product=other).reserved == 2
    story = AuditEntry.objects.filter(subject_id=order.id, verb="amend").get()
    assert (story.note, story.actor_id) == ("Teh B (pengganti Teh A). Kosong", world.owner.id)
    assert broken_promises() == []


def test_what_was_replaced_ships_and_is_billed_as_it_left():
    world = make_world()
    agree(world)
    tea, other = replaceable(world)
    swap(world, short(world, tea, found=0), other, 5)  # all of it
    order = SalesOrder.objects.get()

    ship_order_delivery(delivery_id=Delivery.objects.get().id, by=world.owner, at=NOW)
    invoice_order(order_id=order.id, by=world.owner, at=NOW)

    order.refresh_from_db()
    assert (order.delivery_progress, order.invoice_progress) == ("done", "done")
    assert list(order.lines.values_list("product_id", "shipped", "invoiced")) == [(other.id, 5, 5)]
    line = InvoiceLine.objects.get()
    assert (line.description, line.quantity, line.amount) == ("Teh B (pengganti Teh A)", 5, 500_000)
    assert StockLevel.objects.get(product=other).on_hand == 4
    assert StockLevel.objects.get(product=tea).reserved == 0
    assert broken_promises() == []


@pytest.mark.parametrize(("price", "paid"), [("as_ordered", 100_000), ("own", 120_000), ("cheaper", 100_000)])
def test_the_customer_pays_by_the_policy_of_the_list(price, paid):
    world = make_world()
    agree(world)
    tea, other = replaceable(world, price=price)

    swap(world, short(world, tea, found=4), other, 1)

    assert SalesOrderLine.objects.get(product=other).amount == paid


def test_a_ratio_and_a_box_are_reckoned_in_base_units():
    world = make_world()
    agree(world)
    tea, other = replaceable(world, ratio="2", stock=99, units=(NewPacking(unit="box", factor=Decimal(6)),))
    pick = short(world, tea, found=6, quantity=Decimal(3), unit="box")

    with pytest.raises(Invalid):
        swap(world, pick, other, 5)  # no whole box
    with pytest.raises(NothingShort):
        swap(world, pick, other, 36)  # three boxes, and two are missing
    swap(world, pick, other, 24)

    old, new = SalesOrderLine.objects.order_by("position")
    assert (old.quantity, new.quantity, new.amount) == (1, 24, 1_200_000)


def test_who_wants_to_be_asked_is_asked_through_the_seller_and_the_pick_goes_on():
    world = make_world()
    agree(world, "never")
    tea, other = replaceable(world)
    seller = make_user(world.company, "salesperson")
    order = make_confirmed_order(world, [LineInput(product_id=tea.id, quantity=Decimal(5))], by=seller)
    agree(world, "ask", order.customer_id)
    pick = short(world, tea, found=3, order=order)

    asked = swap(world, pick, other, 2)

    assert (asked.state, order.lines.count(), PickList.objects.get().status) == ("asked", 1, "done")
    assert Notice.objects.get(user_id=seller.id).facts["substitute"] == "Teh B"
    made = decide_substitution(substitution_id=asked.id, approved=True, by=seller, at=NOW)
    new = order.lines.get(product=other)
    assert (made.state, made.decided_by, new.quantity) == ("made", seller.id, 2)
    assert PickList.objects.get().status == "open"  # somebody has to fetch it
    fetched = PickLine.objects.get(product=other)
    assert (fetched.picked, fetched.picker_id) == (None, None)
    with pytest.raises(DecidedAlready):
        decide_substitution(substitution_id=asked.id, approved=False, by=seller, at=NOW)
    assert broken_promises() == []


def test_a_no_changes_nothing_and_an_answer_that_comes_too_late_is_refused():
    world = make_world()
    agree(world, "ask")
    tea, other = replaceable(world)
    pick = short(world, tea, found=3)
    first, second = swap(world, pick, other, 1), swap(world, pick, other, 2)

    declined = decide_substitution(substitution_id=first.id, approved=False, note="Tidak mau", by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=Delivery.objects.get().id, by=world.owner, at=NOW)
    with pytest.raises(NothingShort):
        decide_substitution(substitution_id=second.id, approved=True, by=world.owner, at=NOW)

    assert (declined.state, declined.note) == ("declined", "Tidak mau")
    assert SalesOrderLine.objects.get().quantity == 5
    assert Substitution.objects.get(pk=second.id).state == "asked"
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Substitution.objects.filter(pk=first.id).update(note="anders")


def test_what_a_phone_sends_twice_is_replaced_once():
    world = make_world()
    agree(world)
    tea, other = replaceable(world)
    pick, key = short(world, tea, found=0), uuid4()

    swap(world, pick, other, 5, key=key)
    again = swap(world, pick, other, 5, key=key)  # the line of the list is gone by now

    assert again.state == "made"
    assert SalesOrderLine.objects.get().quantity == 5


def test_what_cannot_be_replaced_is_refused_and_nothing_changes():
    world = make_world()
    agree(world)
    tea, other = replaceable(world)
    stranger = make_product(world, stock=9)
    order = make_confirmed_order(world, [LineInput(product_id=tea.id, quantity=Decimal(5))])
    pick = short(world, tea, found=3, order=order)
    agree(world, "never", order.customer_id)
    with pytest.raises(NotAgreed):
        swap(world, pick, other, 1)
    agree(world, "", order.customer_id)
    with pytest.raises(CannotSubstitute):
        swap(world, pick, stranger, 1)
    with pytest.raises(Invalid):
        swap(world, pick, other, "0.5")
    with pytest.raises(NothingShort):
        swap(world, pick, other, 3)
    with pytest.raises(NotYourLine):
        swap(world, pick, other, 1, by=make_user(world.company, "owner"))
    with pytest.raises(Forbidden):
        swap(world, pick, other, 1, by=make_user(world.company, "salesperson"))

    assert not Substitution.objects.exists()
    assert (order.lines.get().quantity, DeliveryLine.objects.get().quantity) == (5, 5)
    invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
    with pytest.raises(CannotSubstitute) as refused:
        swap(world, pick, other, 1)
    assert refused.value.facts["why"] == "fixed"


def test_a_part_of_a_bundle_is_not_replaced():
    world = make_world()
    agree(world)
    tea, other = replaceable(world)
    pick = short(world, tea, found=3, order=make_confirmed_order(
        world, [LineInput(product_id=make_bundle(world, {tea.id: 1}).id, quantity=Decimal(5))]
    ))  # fmt: skip

    with pytest.raises(CannotSubstitute) as refused:
        swap(world, pick, other, 1)

    assert refused.value.facts["why"] == "bundle"


def test_the_last_of_a_substitute_goes_to_one_line_only():
    world = make_world()
    agree(world)
    tea, other = replaceable(world, stock=2)
    first = make_confirmed_order(world, [LineInput(product_id=tea.id, quantity=Decimal(5))])
    second = make_confirmed_order(world, [LineInput(product_id=tea.id, quantity=Decimal(5))])
    home = Warehouse.objects.get(company=world.company)
    plan = plan_deliveries(warehouse_id=home.id, date=NOW.date(), by=world.owner, at=NOW)
    take_lines(pick_list_id=plan.list_ids[0], by=world.owner, at=NOW)
    picks = list(PickLine.objects.all())
    for one in picks:
        record_pick(key=uuid4(), line_id=one.id, quantity=Decimal(3), reason="Kosong", by=world.owner, at=NOW)

    swap(world, picks[0], other, 2)
    with pytest.raises(OutOfStock):
        swap(world, picks[1], other, 1)

    lines = SalesOrderLine.objects.filter(order__in=(first.id, second.id))
    assert sorted(lines.values_list("quantity", flat=True)) == [2, 3, 5]
    assert StockLevel.objects.get(product=other).reserved == 2


def test_a_line_of_which_an_earlier_delivery_was_called_off_can_be_replaced_whole():
    world = make_world()
    agree(world)
    tea, other = replaceable(world)
    order = make_confirmed_order(world, [LineInput(product_id=tea.id, quantity=Decimal(5))])
    called_off = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    cancel_order_delivery(delivery_id=called_off, by=world.owner, at=NOW)

    swap(world, short(world, tea, found=0, order=order), other, 5)

    assert order.lines.get().product_id == other.id


def test_a_substitution_is_as_many_statements_for_a_long_order_as_for_a_short_one():
    world = make_world()
    agree(world)
    tea, other = replaceable(world, stock=50)
    further = [make_product(world, stock=50) for _turn in range(12)]

    def statements(more) -> int:
        lines = [LineInput(product_id=one.id, quantity=Decimal(1)) for one in more]
        order = make_confirmed_order(world, [LineInput(product_id=tea.id, quantity=Decimal(5)), *lines])
        pick = short(world, tea, found=4, order=order)
        for one in PickLine.objects.filter(picker_id=world.owner.id, picked=None):
            record_pick(key=uuid4(), line_id=one.id, quantity=one.quantity, by=world.owner, at=NOW)
        with CaptureQueriesContext(connection) as told:
            swap(world, pick, other, 1)
        return len(told)

    assert statements(further[:1]) == statements(further[:8])


def test_a_list_of_substitutes_names_other_goods_of_the_company_once():
    world = make_world()
    tea, other = replaceable(world)
    service = make_product(world, kind="service")
    foreign = make_product(make_world())
    for bad in ([tea], [other, other], [service], [foreign]):
        with pytest.raises(Invalid):
            save_substitutes(
                product_id=tea.id, substitutes=[NewSubstitute(product_id=one.id) for one in bad], by=world.owner, at=NOW
            )
    with pytest.raises(WrongState):
        save_substitutes(product_id=service.id, substitutes=[], by=world.owner, at=NOW)

    assert [one.substitute_id for one in tea.substitutes.all()] == [other.id]


def test_by_the_phone_and_the_api_a_substitute_is_offered_and_answered():
    world = make_world()
    agree(world, "ask")
    tea, other = replaceable(world)
    make_confirmed_order(world, [LineInput(product_id=tea.id, quantity=Decimal(5))])
    home = Warehouse.objects.get(company=world.company)
    plan = plan_deliveries(warehouse_id=home.id, date=NOW.date(), by=world.owner, at=NOW)
    take_lines(pick_list_id=plan.list_ids[0], by=world.owner, at=NOW)
    pick, client, api, key = PickLine.objects.get(), signed_in(world), Api(world.owner), str(uuid4())

    phone = client.get(f"/picking/{plan.list_ids[0]}/walk").content.decode()
    (offer,) = api.get(f"pick-lists/{plan.list_ids[0]}/substitutes").json()["offers"]
    record_pick(key=uuid4(), line_id=pick.id, quantity=Decimal(4), reason="Kosong", by=world.owner, at=NOW)
    told = client.post(
        f"/picking/lines/{pick.id}/substitution", {"key": key, "substitute": str(other.id), "quantity": "1"},
        content_type="application/json",
    ).json()  # fmt: skip
    order = SalesOrder.objects.get()
    page = client.get(f"/orders/{order.id}").content.decode()
    waiting = api.get("substitutions?waiting=true").json()["items"]
    answer = api.post(f"substitutions/{key}/approval").json()

    assert "Teh B" in phone
    assert (offer["name"], offer["free"], offer["step"], offer["agreement"]) == ("Teh B", "9", "1", "ask")
    assert told == {"id": key, "state": "asked"}
    assert f"/substitutions/{key}/approval" in page
    assert [one["id"] for one in waiting] == [key]
    assert (answer["state"], order.lines.get(product=other).quantity) == ("made", 1)
    assert "Teh B (pengganti Teh A)" in client.get(f"/deliveries/{Delivery.objects.get().id}").content.decode()
    assert client.get("/substitutions").status_code == 200


def test_the_page_of_a_product_keeps_its_substitutes_in_order_and_says_what_is_wrong():
    world = make_world()
    tea, other = replaceable(world)
    third, client = make_product(world), signed_in(world)
    address = f"/products/{tea.id}/substitutes"
    form = {"substitute_text": ["x", "y"], "ratio": ["1", "2,5"], "price": ["own", "cheaper"]}

    bad = client.post(address, {**form, "substitute": [str(third.id), str(third.id)]})
    good = client.post(address, {**form, "substitute": [str(third.id), str(other.id)]})

    assert bad.status_code == 422
    assert good.status_code == 303
    assert list(tea.substitutes.order_by("position").values_list("substitute_id", "ratio", "price")) == [
        (third.id, 1, "own"), (other.id, Decimal("2.5"), "cheaper"),
    ]  # fmt: skip
    body = Api(world.owner).get(f"products/{tea.id}/substitutes").json()
    assert [one["product_id"] for one in body["substitutes"]] == [str(third.id), str(other.id)]


@pytest.mark.parametrize("quantity", ["1e30", "1e999999", "-1", "0", "0.5", "NaN"])
def test_a_figure_that_is_no_quantity_is_refused_and_nothing_is_replaced(quantity: str):
    world = make_world()
    agree(world)
    tea, other = replaceable(world)
    pick = short(world, tea, found=3)

    answer = phone(world, f"/picking/lines/{pick.id}/substitution", substitute=str(other.id), quantity=quantity)

    assert answer.status_code in (409, 422), answer.content
    assert not Substitution.objects.exists()


def test_what_another_said_with_the_same_key_is_not_told():
    world = make_world()
    agree(world)
    tea, other = replaceable(world)
    key = uuid4()
    swap(world, short(world, tea, found=3), other, 2, key=key)
    elsewhere = make_world()
    agree(elsewhere)
    tea, other = replaceable(elsewhere)
    pick = short(elsewhere, tea, found=3)

    with pytest.raises(NotFound):
        swap(elsewhere, pick, other, 2, key=key)


def phone(world: World, url: str, **told):
    return signed_in(world).post(
        url, orjson.dumps({"key": str(uuid4()), **told}), content_type="application/json",
        headers={"Accept": "application/json"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "told", [{"quantity": "1e999999"}, {"quantity": "1", "reason": "Ko\0song"},
             {"quantity": "1", "reason": "K", "lots": [{"number": "A\0", "quantity": "9e999999"}] * 2}],
)  # fmt: skip
def test_a_pick_with_signs_and_figures_nobody_types_is_no_fault_of_the_server(told):
    world = make_world()
    tea = make_product(world, stock=20)
    pick = short(world, tea, found=3)

    answer = phone(world, f"/picking/lines/{pick.id}", **told)

    assert answer.status_code in (200, 409, 422), answer.content
