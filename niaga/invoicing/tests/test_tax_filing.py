"""Issued invoices and the tax office: the file, the serial numbers that come back, what a person says of one."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from lxml import etree

from niaga.catalog.models import TaxCategory, Unit
from niaga.core.errors import Forbidden, Invalid, NotFound, WrongState
from niaga.core.models import AuditEntry
from niaga.documents import store
from niaga.invoicing.errors import NoBuyerFacts, NotFit, ReasonMissing, SerialsRefused
from niaga.invoicing.models import BuyerReturn, Invoice, TaxFile, TaxFiling, TaxSerial
from niaga.invoicing.queries.tax_filings import checked_for_filing, taxed_credit_notes, taxed_invoices
from niaga.invoicing.services.cancel_filing import cancel_filing
from niaga.invoicing.services.forget_tax_serials import forget_tax_serials
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.leave_out_filing import leave_out_filing
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.invoicing.services.record_buyer_return import record_buyer_return
from niaga.invoicing.services.record_tax_serials import SerialsRecorded, TaxSerialTold, record_tax_serials
from niaga.invoicing.services.take_buyer_facts import take_buyer_facts
from niaga.invoicing.services.take_in_filing import take_in_filing
from niaga.invoicing.services.withdraw_tax_file import withdraw_tax_file
from niaga.ledger.models import JournalLine
from niaga.parties.services.save_address import save_address
from niaga.parties.services.update_customer import update_customer
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import (
    NOW,
    World,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_product,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
SERIAL = "040026000000001{:02}"


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.DATA_DIR = tmp_path
    return make_world(npwp="0012345678901000")


def buyer(world: World, **facts: Any) -> Any:
    customer = make_customer(world, **{"tax_id_kind": "npwp", "tax_id": "0098765432101000", **facts})
    save_address(
        customer_id=customer.id, label="Kantor", street="Jl. Darmo 12", city="Surabaya", by=world.owner, at=NOW
    )
    return customer


def billed(world: World, *quantities: int, customer: Any = None, price: int = 100_277) -> list[Invoice]:
    customer = customer or buyer(world)
    product = make_product(world, stock=100, price=Decimal(price))
    return [
        make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(quantity))], customer=customer)
        for quantity in quantities or (1,)
    ]


def file_of(world: World, *invoices: Invoice) -> TaxFile:
    return make_tax_file(company_id=world.company.id, invoice_ids=[one.id for one in invoices], by=world.owner, at=NOW)


def told(world: World, *pairs: tuple[Invoice, str], **more: Any) -> SerialsRecorded:
    return record_tax_serials(
        company_id=world.company.id, told=[TaxSerialTold(one.number or "", serial) for one, serial in pairs],
        by=world.owner, at=NOW, **more,
    )  # fmt: skip


def xml_of(file: TaxFile) -> Any:
    return etree.fromstring(store.path_of(file.file.sha256).read_bytes())


def state(world: World, invoice: Invoice) -> tuple[str, str]:
    found = taxed_invoices(by=world.owner).get(pk=invoice.id)
    return found.tax_state, found.tax_serial


def refused(world: World, *pairs: tuple[Any, str]) -> list[str]:
    with pytest.raises(SerialsRefused) as refusal:
        told(world, *pairs)
    return [f"{one['line']} {one['field']}" for one in refusal.value.lines]


def test_invoice_ledger_and_file_hold_the_same_numbers(world: World) -> None:
    first, second = billed(world, 1, 3)

    file = file_of(world, second, first)

    tree = xml_of(file)
    taxes = {one.findtext("RefDesc"): Decimal(one.findtext(".//VAT")) for one in tree.iter("TaxInvoice")}
    bases = [Decimal(one.findtext("TaxBase")) for one in tree.iter("GoodService")]
    booked = JournalLine.objects.filter(role="tax_payable").values_list("amount", flat=True)
    assert taxes == {first.number: first.tax, second.number: second.tax}
    assert taxes[first.number] == Decimal(11_031)
    assert sorted(taxes.values()) == sorted(-amount for amount in booked)
    assert (sum(bases), file.net, file.tax) == (first.net + second.net, first.net + second.net, first.tax + second.tax)
    assert [one.findtext("RefDesc") for one in tree.iter("TaxInvoice")] == [first.number, second.number]
    assert tree.findtext(".//SellerIDTKU") == "0012345678901000000000"
    assert (tree.findtext(".//BuyerTin"), tree.findtext(".//BuyerAdress")) == (
        "0098765432101000", "Jl. Darmo 12, Surabaya",
    )  # fmt: skip
    assert [state(world, one) for one in (first, second)] == [("exported", "")] * 2


def test_a_file_costs_the_same_statements_for_one_and_for_many(world: World) -> None:
    counts = []
    for quantities in ((1,), (1,) * 12):
        invoices = billed(world, *quantities)
        with CaptureQueriesContext(connection) as asked:
            file_of(world, *invoices)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_what_is_in_a_file_is_in_no_other_until_that_is_withdrawn(world: World) -> None:
    [invoice] = billed(world)
    file = file_of(world, invoice)

    with pytest.raises(WrongState):
        file_of(world, invoice)
    back = withdraw_tax_file(file_id=file.id, by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        withdraw_tax_file(file_id=file.id, by=world.owner, at=NOW)
    again = file_of(world, invoice)

    assert back == 1
    assert state(world, invoice) == ("exported", "")
    assert TaxFiling.objects.get().file_id == again.id
    assert TaxFile.objects.count() == 2


def test_a_fault_of_one_keeps_the_whole_file_back_and_names_it(world: World) -> None:
    [sound] = billed(world)
    [nobody] = billed(world, customer=make_customer(world, name="Toko Tanpa"))

    with pytest.raises(NotFit) as refusal:
        file_of(world, sound, nobody)

    assert {(one["number"], one["code"], one["about"]) for one in refusal.value.lines} == {
        (nobody.number, "buyer_id", "Toko Tanpa"), (nobody.number, "buyer_address", "Toko Tanpa"),
    }  # fmt: skip
    assert TaxFile.objects.count() == 0
    assert [state(world, one)[0] for one in (sound, nobody)] == ["open", "open"]


def test_what_is_learned_of_the_buyer_later_goes_into_the_file_and_not_into_the_invoice(world: World) -> None:
    customer = make_customer(world, name="Toko Tanpa")
    [invoice] = billed(world, customer=customer)

    with pytest.raises(NoBuyerFacts):
        take_buyer_facts(invoice_id=invoice.id, by=world.owner, at=NOW)
    update_customer(customer_id=customer.id, tax_id="3578012304850001", tax_id_kind="nik", by=world.owner, at=NOW)
    save_address(customer_id=customer.id, label="Toko", street="Jl. Melati 5", city="Malang", by=world.owner, at=NOW)
    taken = take_buyer_facts(invoice_id=invoice.id, by=world.owner, at=NOW)
    tree = xml_of(file_of(world, invoice))

    assert (taken["tax_id"], taken["street"], taken["city"]) == ("3578012304850001", "Jl. Melati 5", "Malang")
    assert (tree.findtext(".//BuyerDocument"), tree.findtext(".//BuyerDocumentNumber")) == (
        "National ID", "3578012304850001",
    )  # fmt: skip
    invoice.refresh_from_db()
    assert invoice.party["tax_id"] == ""


def test_the_faults_of_settings_are_found_and_go_when_they_are_mended(world: World) -> None:
    [invoice] = billed(world)
    Unit.objects.filter(company=world.company).update(coretax_code="")
    faults = lambda: [  # noqa: E731
        (str(fault), about)
        for one in checked_for_filing(company_id=world.company.id, invoice_ids=[invoice.id])[1]
        for fault, about in one.faults
    ]

    without = faults()
    Unit.objects.filter(company=world.company).update(coretax_code="UM.0021")

    assert without == [("unit_code", "pcs")]
    assert faults() == []


def test_exempt_goods_need_their_facility(world: World) -> None:
    exempt = TaxCategory.objects.get(company=world.company, code="exempt")
    product = make_product(world, stock=5, tax_category="exempt")
    invoice = make_issued_invoice(world, [LineInput(product_id=product.id)], customer=buyer(world))

    with pytest.raises(NotFit) as refusal:
        file_of(world, invoice)
    exempt.add_info, exempt.facility_stamp = "TD.00501", "TD.01101"
    exempt.save()
    tree = xml_of(file_of(world, invoice))

    assert [one["code"] for one in refusal.value.lines] == ["facility"]
    assert (tree.findtext(".//TrxCode"), tree.findtext(".//AddInfo"), tree.findtext(".//VAT")) == (
        "08",
        "TD.00501",
        "0",
    )


def test_an_invoice_that_takes_a_down_payment_off_is_filed_by_hand(world: World) -> None:
    product = make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(4))], customer=buyer(world))
    down = issue_invoice(
        invoice_id=invoice_down_payment(order_id=order.id, percent=Decimal(30), by=world.owner, at=NOW),
        by=world.owner, at=NOW,
    )  # fmt: skip
    rest = issue_invoice(
        invoice_id=invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW), by=world.owner, at=NOW
    )

    file_of(world, down)
    with pytest.raises(NotFit) as refusal:
        file_of(world, rest)
    told(world, (rest, SERIAL.format(1)))

    assert [one["code"] for one in refusal.value.lines] == ["advance"]
    assert state(world, rest) == ("filed", SERIAL.format(1))


def test_serials_come_back_once_are_replaced_and_all_are_kept(world: World) -> None:
    first, second = billed(world, 1, 2)
    file_of(world, first, second)

    came = told(world, (first, SERIAL.format(1)), (second, "04.00.26-00000000102"))
    again = told(world, (first, SERIAL.format(1)))
    replaced = told(world, (first, "04012600000000101"[:4] + SERIAL.format(1)[4:]))

    assert (came, again, replaced) == (SerialsRecorded(filed=2), SerialsRecorded(same=1), SerialsRecorded(replaced=1))
    assert state(world, first) == ("filed", "0401" + SERIAL.format(1)[4:])
    assert TaxSerial.objects.count() == 3
    assert list(
        AuditEntry.objects.filter(subject_id=first.id, verb__startswith="tax_")
        .order_by("id")
        .values_list("verb", flat=True)
    ) == ["tax_export", "tax_file", "tax_replace"]


def test_serials_that_do_not_fit_are_all_named_and_none_is_recorded(world: World) -> None:
    first, second, third = billed(world, 1, 2, 3)
    told(world, (first, SERIAL.format(1)))
    before = list(TaxFiling.objects.order_by("id").values())

    assert refused(world, (second, SERIAL.format(1))) == ["1 serial"]
    assert refused(world, (first, SERIAL.format(7))) == ["1 serial"]
    assert refused(world, (second, "01" + SERIAL.format(2)[2:])) == ["1 serial"]
    assert refused(world, (second, "123")) == ["1 serial"]
    assert refused(world, (second, SERIAL.format(2)), (third, SERIAL.format(2))) == ["2 serial"]
    assert refused(world, (second, SERIAL.format(2)), (second, SERIAL.format(3))) == ["2 number"]
    assert refused(world, (Invoice(number="INV-1999-00001"), SERIAL.format(4)), (third, "x")) == [
        "1 number",
        "2 serial",
    ]
    assert list(TaxFiling.objects.filter(status="filed").values_list("serial", flat=True)) == [SERIAL.format(1)]
    assert list(TaxFiling.objects.filter(pk__in=[row["id"] for row in before]).order_by("id").values()) == before


def test_an_import_of_serials_taken_back_leaves_what_was_before(world: World) -> None:
    first, second, third = billed(world, 1, 2, 3)
    file_of(world, first, second)
    batch, other = UUID(int=1), UUID(int=2)
    told(world, (first, SERIAL.format(1)), import_batch_id=other)
    replacement = "0401" + SERIAL.format(1)[4:]
    told(world, (first, replacement), (second, SERIAL.format(2)), (third, SERIAL.format(3)), import_batch_id=batch)

    count = forget_tax_serials(company_id=world.company.id, import_batch_id=batch, by=world.owner, at=NOW)

    assert count == 3
    assert [state(world, one) for one in (first, second, third)] == [
        ("filed", SERIAL.format(1)), ("exported", ""), ("open", ""),
    ]  # fmt: skip


def test_a_filing_is_cancelled_left_out_and_taken_in_again_with_a_reason(world: World) -> None:
    first, second = billed(world, 1, 2)
    told(world, (first, SERIAL.format(1)))

    for act in (cancel_filing, leave_out_filing):
        with pytest.raises(ReasonMissing):
            act(invoice_id=first.id, reason=" ", by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        leave_out_filing(invoice_id=first.id, reason="Eceran", by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        cancel_filing(invoice_id=second.id, reason="Salah", by=world.owner, at=NOW)
    cancel_filing(invoice_id=first.id, reason="Pembeli salah", by=world.owner, at=NOW)
    leave_out_filing(invoice_id=second.id, reason="Eceran", by=world.owner, at=NOW)
    stood = [state(world, one)[0] for one in (first, second)]
    for one in (first, second):
        take_in_filing(invoice_id=one.id, by=world.owner, at=NOW)

    assert stood == ["cancelled", "left_out"]
    assert [state(world, one) for one in (first, second)] == [("open", "")] * 2
    assert TaxSerial.objects.count() == 1
    file_of(world, first, second)


def test_the_buyers_return_is_recorded_on_the_credit_note_and_put_right(world: World) -> None:
    [invoice] = billed(world, 2)
    note_id = credit_invoice(invoice_id=invoice.id, reason="Rusak", by=world.owner, at=NOW)
    note = issue_invoice(invoice_id=note_id, by=world.owner, at=NOW)

    waiting = taxed_credit_notes(by=world.owner).get()
    for number in ("NR-001", "NR-002"):
        record_buyer_return(credit_note_id=note.id, number=number, day=date(2026, 11, 25), by=world.owner, at=NOW)
    came = taxed_credit_notes(by=world.owner).get()

    assert (waiting.return_number, came.return_number, came.return_date) == ("", "NR-002", date(2026, 11, 25))
    assert BuyerReturn.objects.count() == 1
    with pytest.raises(NotFound):
        record_buyer_return(credit_note_id=invoice.id, number="NR-3", day=date(2026, 11, 25), by=world.owner, at=NOW)
    with pytest.raises(Invalid):
        record_buyer_return(credit_note_id=note.id, number=" ", day=date(2026, 11, 25), by=world.owner, at=NOW)
    assert [one.id for one in taxed_invoices(by=world.owner)] == [invoice.id]


def test_who_may_not_file_does_not(world: World) -> None:
    [invoice] = billed(world)
    company_id = world.company.id
    seller, auditor = make_user(world.company, "salesperson"), make_user(world.company, "auditor")

    for person in (seller, auditor):
        for deed in (
            lambda by: record_tax_serials(
                company_id=company_id, told=[TaxSerialTold(invoice.number or "", SERIAL.format(1))], by=by, at=NOW
            ),
            lambda by: leave_out_filing(invoice_id=invoice.id, reason="x", by=by, at=NOW),
            lambda by: take_buyer_facts(invoice_id=invoice.id, by=by, at=NOW),
        ):
            with pytest.raises(Forbidden):
                deed(person)
    with pytest.raises(Forbidden):
        make_tax_file(company_id=company_id, invoice_ids=[invoice.id], by=seller, at=NOW)

    assert taxed_invoices(by=seller).count() == 0
    assert taxed_invoices(by=auditor).count() == 1
    assert state(world, invoice) == ("open", "")


def test_the_database_keeps_serials_and_refuses_two_invoices_of_one(world: World) -> None:
    first, second = billed(world, 1, 2)
    told(world, (first, SERIAL.format(1)), (second, SERIAL.format(2)))

    for deed in (
        lambda: TaxSerial.objects.update(serial=SERIAL.format(9)),
        lambda: TaxSerial.objects.all().delete(),
        lambda: TaxFiling.objects.filter(invoice=second).update(serial=SERIAL.format(1)),
        lambda: TaxFiling.objects.filter(invoice=second).update(serial=""),
        lambda: TaxFiling.objects.filter(invoice=second).update(status="exported"),
    ):
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            deed()
