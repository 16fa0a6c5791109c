"""What goes straight back to the supplier: their answer, what they owe for it, and what the books say."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.analytics.queries.margins import Wanted, margin_sums, margins
from niaga.core.errors import Forbidden
from niaga.documents.services.print_paper import print_paper
from niaga.invoicing.models import Invoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.portal.tests.visits import invited
from niaga.returns.errors import GoesToSupplier, MoreThanAnnounced, MoreThanExpected, ReasonMissing, SupplierUnreachable
from niaga.returns.models import Return, ReturnLine, SupplierAnswer, SupplierCredit, SupplierCreditReceipt
from niaga.returns.queries.paper import return_paper
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.note_supplier_credit import CreditDetails, note_supplier_credit
from niaga.returns.services.receive_return import receive_return
from niaga.returns.services.record_supplier_answer import AnswerItem, record_supplier_answer
from niaga.returns.services.request_return import request_return
from niaga.returns.tests.shop import make_return, reason, settle
from niaga.sales.models import DropShip, SalesOrder
from niaga.sales.services.invoice_order import invoice_order
from niaga.stock.models import StockCost, StockLevel, Supplier
from tests.api import Api
from tests.makers import NOW, World, log_in, make_user, make_world
from tests.promises import broken_promises
from tests.scenarios.test_drop_ship import TODAY, booked, make_asked, make_supplied, make_supplier, sent

pytestmark = pytest.mark.django_db
D = Decimal
ADDRESS = "Jl. Kebun 5\nMalang 65111"


def sold_straight(world: World, quantity: int = 10) -> tuple[SalesOrder, Supplier]:
    """So many of what costs 70,000 went from the supplier to the customer for 100,000 each, and are billed."""
    supplier = make_supplier(world, address=ADDRESS)
    order = make_asked(world, (make_supplied(world, supplier, 70_000), quantity))
    sent(DropShip.objects.get(order=order), world)
    issue_invoice(invoice_id=invoice_order(order_id=order.id, by=world.owner, at=NOW), by=world.owner, at=NOW)
    return order, supplier


def on_its_way(world: World, order: SalesOrder, supplier: Supplier, quantity: int) -> ReturnLine:
    """A return of so many that the customer sends to the supplier."""
    rma = make_return(world, order, quantity)
    authorize_return(return_id=rma.id, supplier_id=supplier.id, by=world.owner, at=NOW)
    return ReturnLine.objects.get(rma=rma)


def answer(world: World, line: ReturnLine, accepted: int, refused: int = 0, **how: Any) -> Return:
    item = AnswerItem(line.id, D(accepted), D(refused), how.pop("amount", None))
    return record_supplier_answer(return_id=line.rma_id, items=[item], by=how.pop("by", world.owner), at=NOW, **how)


def books() -> tuple[Decimal, ...]:
    return tuple(booked(role) for role in ("inventory", "cost_of_sales", "supplier_credits"))


def test_goods_go_straight_back_and_their_cost_comes_back_as_the_supplier_credits_it() -> None:
    world = make_world()
    order, supplier = sold_straight(world)
    line = on_its_way(world, order, supplier, 3)

    answer(world, line, 2, 1, note="Satu kemasan dibuka")

    line.refresh_from_db()
    assert (line.received, line.at_supplier, line.sent_back, line.kept) == (3, 2, 1, 2)
    assert Return.objects.get(pk=line.rma_id).status == "inspected"
    assert (books(), StockLevel.objects.count()) == ((0, 560_000, 140_000), 0)

    settle(world, line.rma)
    assert Invoice.objects.get(kind="credit_note").total == 222_000
    credit = SupplierCredit.objects.get()
    assert (credit.supplier_id, credit.amount, credit.quantity) == (supplier.id, 140_000, 2)

    paid = CreditDetails("money", D(100_000), reference="TRF 881")
    note_supplier_credit(credit_id=credit.id, details=paid, by=world.owner, at=NOW)
    rest = CreditDetails("written_off", note="Ongkir ditanggung kita")
    note_supplier_credit(credit_id=credit.id, details=rest, by=world.owner, at=NOW)

    assert (books(), booked("bank")) == ((0, 600_000, 0), 100_000)
    wanted = Wanted(TODAY, TODAY)
    assert margin_sums(by=world.owner, wanted=wanted) == {"revenue": 800_000, "cost": 600_000}
    (row,) = margins(by=world.owner, group="product", wanted=wanted)
    assert (row.key, row.revenue, row.cost) == (line.product_id, 800_000, 600_000)
    assert broken_promises() == []


def test_what_a_supplier_refuses_comes_to_our_warehouse_and_what_is_faulty_there_goes_to_a_supplier() -> None:
    world = make_world()
    order, supplier = sold_straight(world)
    line = on_its_way(world, order, supplier, 4)

    answer(world, line, 1, 3, refused_to="warehouse", amount=D(65_000))

    assert Return.objects.get(pk=line.rma_id).status == "received"
    level = StockLevel.objects.get()
    assert (level.on_hand, level.reserved, books()) == (3, 3, (210_000, 425_000, 65_000))

    other = make_supplier(world, "PT Pabrik")
    findings = [Finding(line.id, "restock", D(1)), Finding(line.id, "to_supplier", D(2))]
    inspect_return(return_id=line.rma_id, findings=findings, supplier_id=other.id, by=world.owner, at=NOW)

    level.refresh_from_db()
    assert (level.on_hand, level.reserved, StockCost.objects.get().value) == (1, 0, 70_000)
    assert books() == (70_000, 425_000, 205_000)
    owed = SupplierCredit.objects.order_by("amount").values_list("supplier_id", "amount", "quantity")
    assert list(owed) == [(supplier.id, 65_000, 1), (other.id, 140_000, 2)]
    settle(world, line.rma)
    assert Invoice.objects.get(kind="credit_note").total == 444_000
    note = CreditDetails("credit_note", reference="CN-9")
    note_supplier_credit(credit_id=SupplierCredit.objects.get(supplier=other).id, details=note, by=world.owner, at=NOW)
    assert (booked("goods_received"), booked("supplier_credits")) == (-700_000 + 140_000, 65_000)
    assert broken_promises() == []


def test_what_is_answered_in_part_waits_for_the_rest_until_nothing_more_comes() -> None:
    world = make_world()
    order, supplier = sold_straight(world)
    line = on_its_way(world, order, supplier, 4)

    answer(world, line, 1)
    with pytest.raises(MoreThanAnnounced):
        answer(world, line, 4)
    assert (Return.objects.get(pk=line.rma_id).status, SupplierAnswer.objects.count()) == ("authorized", 1)
    record_supplier_answer(return_id=line.rma_id, items=[], is_last=True, by=world.owner, at=NOW)

    line.refresh_from_db()
    assert (line.held, Return.objects.get(pk=line.rma_id).status) == (1, "inspected")
    assert make_return(world, order, 9).status == "requested"
    assert broken_promises() == []


def test_what_cannot_be_is_refused_and_nothing_changes() -> None:
    world = make_world()
    order, supplier = sold_straight(world)
    rma = make_return(world, order, 2)
    with pytest.raises(SupplierUnreachable):
        authorize_return(return_id=rma.id, supplier_id=make_supplier(world, "CV Tanpa Alamat").id, by=SYSTEM, at=NOW)
    authorize_return(return_id=rma.id, supplier_id=supplier.id, by=world.owner, at=NOW)
    line = ReturnLine.objects.get(rma=rma)

    with pytest.raises(GoesToSupplier):
        receive_return(return_id=rma.id, quantities={line.id: D(2)}, by=world.owner, at=NOW)
    with pytest.raises(Forbidden):
        answer(world, line, 2, amount=D(1), by=make_user(world.company, "warehouse", branch_id=world.branch.id))
    assert (SupplierAnswer.objects.count(), books()) == (0, (0, 700_000, 0))

    answer(world, line, 2)
    credit = SupplierCredit.objects.get()
    for details, refusal in (
        (CreditDetails("money", D(140_001)), MoreThanExpected), (CreditDetails("written_off"), ReasonMissing)
    ):  # fmt: skip
        with pytest.raises(refusal):
            note_supplier_credit(credit_id=credit.id, details=details, by=world.owner, at=NOW)
    assert (SupplierCreditReceipt.objects.count(), booked("supplier_credits")) == (0, 140_000)


def test_what_a_supplier_owes_and_no_book_holds_is_found() -> None:
    world = make_world()
    order, supplier = sold_straight(world)
    line = on_its_way(world, order, supplier, 2)
    assert broken_promises() == []

    SupplierCredit.objects.create(
        company=world.company, branch=world.branch, rma_id=line.rma_id, line=line, supplier=supplier, quantity=D(1),
        amount=D(70_000), date=TODAY, at=NOW,
    )  # fmt: skip

    assert [one.partition(":")[0] for one in broken_promises()] == ["returns.suppliers_owe_what_the_books_say"]


def test_the_slip_and_the_customer_s_page_say_where_the_goods_are_sent() -> None:
    world = make_world()
    order, supplier = sold_straight(world)
    line = on_its_way(world, order, supplier, 2)

    paper = return_paper(subject_id=line.rma_id, by=world.owner, language="id", variant="")

    assert paper.data.warehouse == supplier.name
    assert ("Kirim ke", f"{supplier.name}, Jl. Kebun 5, Malang 65111") in paper.data.facts
    assert print_paper(kind="return", subject_id=line.rma_id, by=world.owner, at=NOW, language="id")
    page = invited(world, order.customer).get(f"/portal/returns/{line.rma_id}").content.decode()
    assert f"<b>{supplier.name}, Jl. Kebun 5, Malang 65111</b>" in page
    assert f"Tulis {Return.objects.get(pk=line.rma_id).number} di paket" in page


def test_on_pages_a_return_goes_to_the_supplier_and_what_they_owe_is_listed_with_its_age() -> None:
    world = make_world()
    order, supplier = sold_straight(world)
    rma = make_return(world, order, 3)
    client = log_in(world.owner)
    shown = client.get(f"/returns/{rma.id}").content.decode()
    assert f'value="{supplier.id}"' in shown
    assert "ke gudang kita, atau langsung ke pemasok yang Anda pilih" in shown

    client.post(f"/returns/{rma.id}/authorization", {"supplier": str(supplier.id)})
    line = ReturnLine.objects.get(rma=rma)
    assert f"/returns/{rma.id}/supplier-answer" in client.get(f"/returns/{rma.id}").content.decode()
    told = {
        f"accepted-{line.id}": "2", f"refused-{line.id}": "1", f"amount-{line.id}": "", "refused_to": "customer",
        "note": "Oke",
    }  # fmt: skip
    assert client.get(f"/returns/{rma.id}/supplier-answer").status_code == 200
    too_much = client.post(f"/returns/{rma.id}/supplier-answer", {**told, f"amount-{line.id}": "9" * 30})
    assert (too_much.status_code, SupplierAnswer.objects.count()) == (422, 0)
    assert client.post(f"/returns/{rma.id}/supplier-answer", told).status_code == 303

    credit = SupplierCredit.objects.get()
    listed = client.get("/returns/supplier-credits?age=30").content.decode()
    assert supplier.name in listed
    assert client.get("/returns/supplier-credits?age=older").content.decode().count(str(credit.id)) == 0
    page = client.get(f"/returns/supplier-credits/{credit.id}").content.decode()
    assert "140.000" in page
    sent_in = {"way": "credit_note", "amount": "140.000", "reference": "NK-1"}
    assert client.post(f"/returns/supplier-credits/{credit.id}", sent_in).status_code == 303
    assert SupplierCreditReceipt.objects.get().reference == "NK-1"


def test_by_the_api_it_is_the_same() -> None:
    world = make_world()
    order, supplier = sold_straight(world)
    api = Api(world.owner)
    rma = make_return(world, order, 3)

    made = api.post(f"returns/{rma.id}/authorization", {"supplier_id": str(supplier.id)}).json()
    line = made["lines"][0]
    answered = api.post(
        f"returns/{rma.id}/supplier-answers",
        {"lines": [{"line_id": line["id"], "accepted": "2", "refused": "1"}], "refused_to": "customer"},
    )
    (credit,) = api.get(f"supplier-credits?supplier_id={supplier.id}&is_open=true").json()["items"]
    noted = api.post(f"supplier-credits/{credit['id']}/receipts", {"way": "money", "amount": "40000"}).json()

    assert (made["supplier_id"], answered.status_code) == (str(supplier.id), 200)
    assert (answered.json()["status"], answered.json()["lines"][0]["at_supplier"]) == ("inspected", "2")
    assert (credit["amount"], credit["left"], noted["left"]) == ("140000", "140000", "100000")
    assert [one["amount"] for one in noted["receipts"]] == ["40000"]


def test_an_answer_of_many_lines_costs_as_many_statements_as_of_one() -> None:
    counts = []
    for size in (1, 12):
        world = make_world()
        supplier = make_supplier(world, address=ADDRESS)
        order = make_asked(world, *((make_supplied(world, supplier, 70_000), 1) for _turn in range(size)))
        sent(DropShip.objects.get(order=order), world)
        items = [ReturnItem(one.id, reason(world).id, D(1)) for one in order.lines.all()]
        rma = request_return(order_id=order.id, items=items, by=world.owner, at=NOW)
        authorize_return(return_id=rma.id, supplier_id=supplier.id, by=world.owner, at=NOW)
        told = [AnswerItem(line.id, D(1)) for line in ReturnLine.objects.filter(rma=rma)]

        with CaptureQueriesContext(connection) as asked:
            record_supplier_answer(return_id=rma.id, items=told, by=world.owner, at=NOW)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 20
