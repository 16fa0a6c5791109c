"""Goods of which nobody knows the sale: with a yes, at the lowest price that was paid, without touching tax."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.approvals.models import ApprovalRequest
from niaga.approvals.services.decide_approval import decide_approval
from niaga.core.errors import WrongState
from niaga.documents.queries.attachments import attachments_of
from niaga.documents.tests.test_cleaning import picture
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger.models import JournalLine
from niaga.parties.models import Customer
from niaga.payments.errors import NothingToPayOut
from niaga.payments.models import CreditRefund, Refund
from niaga.payments.tests.test_asked_refunds import with_rule
from niaga.returns.errors import (
    BadReturnLines,
    NoPriceKnown,
    NotOfThisOrder,
    OutsidePolicy,
    OverReturn,
    OwnReturn,
    PriceNotYours,
    ReasonMissing,
    ReturnNeedsApproval,
)
from niaga.returns.models import Return, ReturnLine
from niaga.returns.services.ask_return_approval import ask_return_approval
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.check_undocumented import UndocumentedItem
from niaga.returns.services.decide_as_approved import decide_as_approved
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.link_return import link_return
from niaga.returns.services.receive_return import receive_return
from niaga.returns.services.reject_return import reject_return
from niaga.returns.services.request_undocumented import request_undocumented
from niaga.returns.tests.shop import make_return, make_sold_order, reason, settle
from niaga.returns.tests.test_lots import make_milk
from niaga.returns.tests.test_returns import make_costed
from niaga.sales.models import SalesOrder
from niaga.sales.queries import bought, ordered_before
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.stock.errors import OtherLot
from niaga.stock.models import LotLevel, StockCost, StockLevel
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods
from tests.api import Api
from tests.makers import (
    NOW,
    World,
    log_in,
    make_bundle,
    make_customer,
    make_payment,
    make_product,
    make_user,
    make_world,
    signed_in,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal


def shopper(world: World) -> Customer:
    """The world's first customer."""
    return Customer.objects.filter(company=world.company).order_by("code", "id").first() or make_customer(world)


def bring(world: World, product: Any, quantity: int = 1, *, price: int | None = None, **facts: Any) -> Return:
    """Written by a salesperson who has the whole company, unless somebody else is named."""
    facts.setdefault("by", world.owner)
    item = UndocumentedItem(
        product.id, facts.pop("reason_id", None) or reason(world).id, D(quantity),
        price=None if price is None else D(price),
    )  # fmt: skip
    return request_undocumented(
        customer_id=(facts.pop("customer", None) or shopper(world)).id, branch_id=world.branch.id, items=[item],
        why=facts.pop("why", "Nota hilang"), at=facts.pop("at", NOW), **facts,
    )  # fmt: skip


def take_in(world: World, rma: Return, outcome: str = "restock", **facts: Any) -> Return:
    """Let by by somebody else, received whole and inspected to one outcome."""
    authorize_return(return_id=rma.id, note="Pelanggan lama", by=make_user(world.company, "administrator"), at=NOW)
    lines = list(ReturnLine.objects.filter(rma=rma))
    came = {line.id: line.quantity for line in lines}
    receive_return(return_id=rma.id, quantities=came, by=world.owner, at=NOW, **facts)
    findings = [Finding(line.id, outcome, line.quantity) for line in lines]
    return inspect_return(return_id=rma.id, findings=findings, by=world.owner, at=NOW)


def sold(world: World, product: Any, quantity: int, **facts: Any) -> SalesOrder:
    line = LineInput(sku=product.sku, quantity=D(quantity), **facts)
    return make_sold_order(world, [line], customer=shopper(world))


def test_goods_without_a_document_are_credited_at_the_lowest_price_without_touching_tax() -> None:
    world = make_world()
    coffee = make_costed(world, 60_000, 10)
    sold(world, coffee, 2)
    sold(world, coffee, 3, discount_percent=D(20))
    receive_goods(
        branch_id=world.branch.id, by=world.owner, at=NOW,
        items=[ReceiptItem(D(5), product_id=coffee.id, unit_cost=D(80_000))],
    )  # fmt: skip

    rma = bring(world, coffee, 2)
    line = ReturnLine.objects.get()
    assert (rma.status, rma.order_id, rma.outside_policy, rma.currency) == ("requested", None, True, "IDR")
    assert (line.unit_price, line.price_basis["basis"], line.price_basis["number"]) == (80_000, "own", "INV-2026-00002")
    assert (line.verdict["bought"], line.verdict["returned"], line.verdict["enough"]) == ("5.000000", "0", True)
    take_in(world, rma)
    cost = StockCost.objects.get(product=coffee)
    assert (cost.quantity, cost.value, cost.average) == (12, 840_000, 70_000)
    rma = settle(world, rma)
    note = Invoice.objects.get(kind="credit_note")
    balance = InvoiceBalance.objects.get(invoice=note)

    assert (rma.number, rma.status, rma.settlement.way) == ("RMA-2026-00001", "settled", "credit")
    assert (note.status, note.credits_id, note.net, note.tax, note.total) == ("issued", None, 160_000, 0, 160_000)
    assert "PPN" in note.reason
    assert (balance.total, balance.allocated) == (160_000, 0)
    assert {one.tax_code for one in note.lines.all()} == {""}
    entry = JournalLine.objects.filter(entry__source_id=note.id)
    assert {(one.role, one.amount) for one in entry} == {("receivable", -160_000), ("revenue", 160_000)}
    assert (StockLevel.objects.get(product=coffee).on_hand, StockLevel.objects.get(product=coffee).reserved) == (12, 0)
    assert broken_promises() == []

    invoice = Invoice.objects.get(number="INV-2026-00001")
    used = allocate_credit(credit_note_id=note.id, invoice_id=invoice.id, by=world.owner, at=NOW)
    assert used == 160_000
    assert broken_promises() == []


def test_a_price_that_was_credited_again_whole_is_not_the_lowest_that_was_paid() -> None:
    world = make_world()
    coffee = make_costed(world, 60_000, 10)
    sold(world, coffee, 2)
    sold(world, coffee, 3, discount_percent=D(90))
    wrong = Invoice.objects.get(kind="invoice", net=30_000)
    note = credit_invoice(invoice_id=wrong.id, reason="Salah harga", by=world.owner, at=NOW)
    assert bring(world, coffee).lines.get().unit_price == 10_000

    issue_invoice(invoice_id=note, by=world.owner, at=NOW)

    assert bring(world, coffee).lines.get().unit_price == 100_000


def test_of_a_customer_with_many_orders_the_newest_are_looked_at_and_of_named_goods_all(monkeypatch: Any) -> None:
    world = make_world()
    coffee, tea = make_costed(world, 60_000, 10), make_costed(world, 20_000, 10)
    sold(world, tea, 1)
    sold(world, coffee, 2)
    sold(world, coffee, 3)
    facts = {"company_id": world.company.id, "customer_id": shopper(world).id}
    for module in (bought, ordered_before):
        monkeypatch.setattr(module, "NEWEST", 2)

    newest = [(one.sku, one.shipped, one.orders) for one in bought.goods_bought(**facts)]
    ever = [(one.sku, one.shipped) for one in bought.goods_bought(products=[tea.id], **facts)]
    again = [(one.sku, one.quantity, one.orders) for one in ordered_before.ordered_before(most=9, **facts)]

    assert (newest, ever, again) == ([(coffee.sku, 5, 2)], [(tea.sku, 1)], [(coffee.sku, 3, 2)])


def test_without_own_purchases_the_lowest_that_anybody_paid_is_proposed_and_whose_it_was_is_not_told() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    sold(world, coffee, 1, discount_percent=D(10))
    stranger = make_customer(world, name="Toko Baru")

    bring(world, coffee, customer=stranger)
    line = ReturnLine.objects.get()

    assert (line.unit_price, line.price_basis["basis"], line.price_basis["number"]) == (90_000, "anyone", "")
    assert line.verdict["enough"] is False


def test_another_price_is_typed_only_by_who_may() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    sold(world, coffee, 1)
    clerk = make_user(world.company, "sales_admin")

    with pytest.raises(PriceNotYours):
        bring(world, coffee, price=120_000, by=clerk)
    with pytest.raises(NoPriceKnown):
        bring(world, coffee, at=NOW + timedelta(days=400), by=clerk)
    assert not Return.objects.exists()

    bring(world, coffee, price=50_000)
    line = ReturnLine.objects.get()
    assert (line.unit_price, line.price_basis["basis"], line.price_basis["proposed"]) == (
        50_000, "typed", "100000.000000",
    )  # fmt: skip


def test_what_can_never_be_right_is_answered_and_nothing_is_written() -> None:
    world = make_world()
    cup = make_product(world, stock=1)
    sold(world, cup, 1)
    bundle = make_bundle(world, {cup.id: D(1)})

    with pytest.raises(BadReturnLines):
        bring(world, bundle)
    with pytest.raises(BadReturnLines):
        bring(world, cup, 0)
    with pytest.raises(BadReturnLines):
        bring(world, cup, 10**9, price=10**9)
    with pytest.raises(ReasonMissing):
        bring(world, cup, why="  ")

    assert not Return.objects.exists()


def test_nobody_lets_their_own_by_and_it_takes_a_word_why() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    sold(world, coffee, 1)
    rma = bring(world, coffee)
    boss = make_user(world.company, "administrator")

    with pytest.raises(OwnReturn):
        authorize_return(return_id=rma.id, note="Baik", by=world.owner, at=NOW)
    with pytest.raises(OutsidePolicy):
        authorize_return(return_id=rma.id, by=boss, at=NOW)
    assert Return.objects.get().status == "requested"

    assert authorize_return(return_id=rma.id, note="Baik", by=boss, at=NOW).status == "authorized"


def test_where_a_rule_asks_the_last_yes_authorizes_and_a_no_rejects() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    sold(world, coffee, 2)
    boss = with_rule(world, 50_000, "undocumented_return")
    other = make_user(world.company, "administrator")

    rma = bring(world, coffee)
    asked = ApprovalRequest.objects.get()
    assert (asked.amount, asked.facts["undocumented_return"], asked.waits_for) == (100_000, "100000", [boss.id])
    with pytest.raises(ReturnNeedsApproval):
        authorize_return(return_id=rma.id, note="Baik", by=other, at=NOW)
    decide_approval(request_id=asked.id, approved=True, facts_hash=asked.facts_hash, by=boss, at=NOW)
    assert decide_as_approved(request_id=asked.id, at=NOW)
    assert not decide_as_approved(request_id=asked.id, at=NOW)
    rma.refresh_from_db()
    assert (rma.status, rma.number) == ("authorized", "RMA-2026-00001")

    second = bring(world, coffee)
    again = ApprovalRequest.objects.get(subject_id=second.id)
    decide_approval(
        request_id=again.id, approved=False, reason="Bukan dari kami", facts_hash=again.facts_hash, by=boss, at=NOW
    )
    assert decide_as_approved(request_id=again.id, at=NOW)
    assert Return.objects.get(pk=second.id).status == "rejected"
    assert broken_promises() == []


def test_a_request_that_was_rejected_by_hand_waits_for_nobody_and_one_taken_back_is_asked_again() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    sold(world, coffee, 2)
    with_rule(world, 50_000, "undocumented_return")
    rma = bring(world, coffee)

    reject_return(return_id=rma.id, reason="Tidak jadi", by=world.owner, at=NOW)
    assert ApprovalRequest.objects.get().status == "withdrawn"

    other = bring(world, coffee)
    ApprovalRequest.objects.filter(subject_id=other.id).update(status="withdrawn", waits_for=[])
    asked = ask_return_approval(return_id=other.id, by=world.owner, at=NOW)
    assert ApprovalRequest.objects.get(pk=asked).status == "waiting"


def test_an_order_that_is_found_before_settling_makes_it_a_return_of_it_with_its_tax() -> None:
    world = make_world()
    coffee = make_costed(world, 60_000, 10)
    order = sold(world, coffee, 4)
    with_rule(world, 50_000, "undocumented_return")
    rma = bring(world, coffee, 3)

    link_return(return_id=rma.id, order_id=order.id, by=world.owner, at=NOW)
    rma.refresh_from_db()
    line = ReturnLine.objects.get()
    assert (rma.order_number, rma.outside_policy, line.order_line_id) == (order.number, False, order.lines.get().id)
    assert line.verdict["why"] == "no_rule"
    assert ApprovalRequest.objects.get().status == "withdrawn"
    with pytest.raises(OverReturn):
        make_return(world, order, 2)
    with pytest.raises(WrongState):
        link_return(return_id=rma.id, order_id=order.id, by=world.owner, at=NOW)
    take_in(world, rma)
    settle(world, rma)
    note = Invoice.objects.get(kind="credit_note")

    assert (note.credits_id is not None, note.net, note.tax, note.total) == (True, 300_000, 33_000, 333_000)
    assert broken_promises() == []


def test_an_order_that_does_not_hold_it_is_refused() -> None:
    world = make_world()
    coffee, tea = make_product(world, stock=9), make_product(world, stock=5)
    order = sold(world, coffee, 2)
    other = sold(world, tea, 5)
    stranger = make_customer(world, name="Toko Lain")
    rma, theirs = bring(world, coffee, 3), bring(world, coffee, 1, customer=stranger)

    for found, order_id in ((rma, order.id), (rma, other.id), (theirs, order.id)):
        with pytest.raises(NotOfThisOrder):
            link_return(return_id=found.id, order_id=order_id, by=world.owner, at=NOW)

    assert set(Return.objects.values_list("order_id", flat=True)) == {None}
    assert broken_promises() == []


def test_a_restocking_fee_is_kept_and_what_is_sent_back_is_not_credited() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    sold(world, coffee, 5)
    changed = reason(world, "CHANGED")
    changed.fee_percent = D(10)
    changed.save()

    settle(world, take_in(world, bring(world, coffee, 2, reason_id=changed.id)))
    note = Invoice.objects.get(kind="credit_note")
    assert [line.net for line in note.lines.order_by("position")] == [200_000, -20_000]

    back = settle(world, take_in(world, bring(world, coffee, 1), "send_back"))
    assert back.settlement.way == "nothing"
    assert Invoice.objects.filter(kind="credit_note").count() == 1
    assert broken_promises() == []


def test_an_exchange_is_written_at_the_prices_of_today() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    sold(world, coffee, 2, discount_percent=D(50))

    rma = settle(world, take_in(world, bring(world, coffee, 2)), way="exchange")
    new = SalesOrder.objects.get(pk=rma.settlement.order_id)

    assert Invoice.objects.get(kind="credit_note").total == 100_000
    assert (new.status, new.net, new.total, new.customer_reference) == ("draft", 200_000, 222_000, rma.number)


def test_money_goes_back_only_as_far_as_the_customer_ever_paid() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    sold(world, coffee, 2)
    invoice = Invoice.objects.get()
    rma = take_in(world, bring(world, coffee, 1))

    with pytest.raises(NothingToPayOut):
        settle(world, rma, way="refund")
    assert Return.objects.get().status == "inspected"

    make_payment(world, shopper(world).id, 60_000, invoices=[(invoice.id, D(60_000))])
    settle(world, rma, way="refund", refund_way="cash")
    note = Invoice.objects.get(kind="credit_note")

    assert (Refund.objects.get().amount, CreditRefund.objects.get().credit_note_id) == (60_000, note.id)
    assert InvoiceBalance.objects.get(invoice=note).allocated == 60_000
    assert InvoiceBalance.objects.get(invoice=invoice).allocated == 60_000
    assert broken_promises() == []


def test_the_lot_is_named_of_those_that_ever_were() -> None:
    world = make_world()
    milk = make_milk(world)
    rma = bring(world, milk, 1, price=10_000)
    authorize_return(return_id=rma.id, note="Baik", by=make_user(world.company, "administrator"), at=NOW)
    line = ReturnLine.objects.get()

    for named in ({}, {line.id: "Z-9"}):
        with pytest.raises(OtherLot):
            receive_return(return_id=rma.id, quantities={line.id: D(1)}, lots=named, by=world.owner, at=NOW)
    receive_return(return_id=rma.id, quantities={line.id: D(1)}, lots={line.id: "B"}, by=world.owner, at=NOW)

    assert StockLevel.objects.get(product=milk).on_hand == 11
    assert LotLevel.objects.get(lot__number="B").on_hand == 9
    assert broken_promises() == []


def test_on_pages_it_is_written_with_a_photograph_let_by_and_named() -> None:
    world = make_world()
    coffee, tea = make_product(world, stock=5), make_product(world, stock=5)
    order = sold(world, coffee, 3)
    sold(world, tea, 1)
    browser, who = signed_in(world), shopper(world)
    key, why = f"{coffee.id}.{coffee.unit.code}", str(reason(world).id)

    page = browser.get(f"/returns/without-document?customer={who.id}").content.decode()
    assert coffee.name in page
    assert order.number in page
    sent = {
        f"line-{key}": "2", f"reason-{key}": why, "further-0-product": str(tea.id), "further-0-quantity": "1",
        "further-0-reason": why, "note": "Nota <b>hilang</b>",
    }  # fmt: skip
    assert browser.post(f"/returns/without-document?customer={who.id}", {**sent, "note": ""}).status_code == 422
    photo = SimpleUploadedFile("rusak.png", picture())
    asked = browser.post(f"/returns/without-document?customer={who.id}", {**sent, "files": photo})
    rma = Return.objects.get()

    assert (asked.status_code, asked["Location"]) == (303, f"/returns/{rma.id}")
    assert [line.quantity for line in rma.lines.order_by("position")] == [2, 1]
    assert len(attachments_of(kind="return", ids=[rma.id])[rma.id]) == 1
    shown = browser.get(f"/returns/{rma.id}").content.decode()
    assert "&lt;b&gt;hilang" in shown
    assert browser.post(f"/returns/{rma.id}/authorization", {"note": "Baik"}).status_code == 403
    assert order.number not in browser.get(f"/returns/{rma.id}/order").content.decode()

    single = bring(world, coffee, 1)
    assert order.number in browser.get(f"/returns/{single.id}/order").content.decode()
    browser.post(f"/returns/{single.id}/order/link", {"order": str(order.id)})
    assert Return.objects.get(pk=single.id).order_number == order.number


def test_by_the_api_it_is_the_same_and_what_was_bought_is_told() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    order = sold(world, coffee, 3)
    api, who = Api(world.owner), shopper(world)
    line = {"product_id": str(coffee.id), "reason_id": str(reason(world).id), "quantity": "2"}
    body = {"customer_id": str(who.id), "branch_id": str(world.branch.id), "why": "Nota hilang", "lines": [line]}

    (bought,) = api.get(f"customers/{who.id}/bought-goods").json()["items"]
    made = api.post("undocumented-returns", body)
    named = api.post(f"returns/{made.json()['id']}/order", {"order_id": str(order.id)}).json()

    assert (bought["shipped"], bought["returned"], bought["price"], bought["number"]) == (
        "3", "0", "100000", order.number,
    )  # fmt: skip
    assert (made.status_code, made.json()["order_id"]) == (201, None)
    assert made.json()["lines"][0]["unit_price"] == "100000"
    assert (named["order_id"], named["lines"][0]["order_line_id"]) == (str(order.id), str(order.lines.get().id))
    assert api.post(f"returns/{made.json()['id']}/approval").status_code == 409
    wanted = {"price_days": 30, "mails_slip": False, "gifts": "charge", "coupons": "ask"}
    assert api.send("put", "return-settings", wanted).json() == wanted
    assert api.send("put", "return-settings", {**wanted, "price_days": 0}).status_code == 422


def test_who_decides_sees_why_and_what_was_ever_bought() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    sold(world, coffee, 1)
    boss = with_rule(world, 50_000, "undocumented_return")
    bring(world, coffee, 2)
    asked = ApprovalRequest.objects.get()

    page = log_in(boss).get(f"/approvals/{asked.id}", headers={"accept-language": "en"}).content.decode()

    assert "Nota hilang" in page
    assert "200.000" in page
    assert "INV-2026-00001" in page


def test_many_lines_cost_as_many_statements_as_one() -> None:
    world = make_world()
    goods = [make_product(world, stock=3) for _n in range(12)]
    order = make_sold_order(
        world, [LineInput(product_id=one.id, quantity=D(3)) for one in goods], customer=shopper(world)
    )
    boss, why = make_user(world.company, "administrator"), reason(world).id

    def spent(count: int) -> list[int]:
        items = [UndocumentedItem(one.id, why, D(1)) for one in goods[:count]]
        found = []
        with CaptureQueriesContext(connection) as asked:
            rma = request_undocumented(
                customer_id=order.customer_id, branch_id=world.branch.id, items=items, why="Nota hilang",
                by=world.owner, at=NOW,
            )  # fmt: skip
        found.append(len(asked))
        authorize_return(return_id=rma.id, note="Baik", by=boss, at=NOW)
        lines = list(ReturnLine.objects.filter(rma=rma))
        with CaptureQueriesContext(connection) as received:
            came = {line.id: line.quantity for line in lines}
            receive_return(return_id=rma.id, quantities=came, by=world.owner, at=NOW)
        found.append(len(received))
        findings = [Finding(line.id, "restock", line.quantity) for line in lines]
        inspect_return(return_id=rma.id, findings=findings, by=world.owner, at=NOW)
        with CaptureQueriesContext(connection) as settled:
            settle(world, rma)
        return [*found, len(settled)]

    spent(1)  # what is looked up once
    assert spent(12) == spent(1)
