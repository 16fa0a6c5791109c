"""A discount that lessens the tax: a credit note by itself, of which the tax of what remains is the rate times that."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from niaga.core.errors import NotFound
from niaga.core.models import NumberSeries
from niaga.documents.rules.print_payload import print_payload
from niaga.invoicing.errors import SerialsRefused, SettlesAsDiscount
from niaga.invoicing.models import GivenDiscount, Invoice, InvoiceBalance, InvoiceLine, TaxFiling
from niaga.invoicing.queries.paper import invoice_paper
from niaga.invoicing.queries.statement import statement_of
from niaga.invoicing.queries.tax_filings import checked_for_filing, taxed_credit_notes, taxed_invoices
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.invoicing.services.record_buyer_return import record_buyer_return
from niaga.invoicing.services.record_tax_serials import TaxSerialTold, record_tax_serials
from niaga.ledger.models import JournalLine
from niaga.parties.api.schemas import TermOut
from niaga.parties.models import CreditAccount
from niaga.parties.queries.customer_lists import terms_for
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.payments.models import Payment
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.sales.queries.habits import habits_of
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.put_invoice_right import RightDetails, put_invoice_right
from tests.makers import NOW, World, log_in, make_customer, make_issued_invoice, make_product, make_world
from tests.promises import broken_promises
from tests.scenarios.foreign_books import exporter, rated

pytestmark = pytest.mark.django_db

LAST_DAY = NOW + timedelta(days=10)


def make_term(world: World) -> Any:
    return save_payment_term(
        company_id=world.company.id, code="2/10 n/30", name="2/10 n/30", parts=[Part(Decimal(100), 30)],
        discount_percent=Decimal(2), discount_days=10, discount_lessens_tax=True, by=world.owner, at=NOW,
    )  # fmt: skip


def billed(world: World, count: int = 1, **known: Any) -> list[Invoice]:
    """Invoices of 1,110,000 each, with 2/10 n/30."""
    customer = make_customer(world, payment_term_id=make_term(world).id, **known)
    save_address(customer_id=customer.id, street="Jl. Darmo 12", city="Surabaya", by=world.owner, at=NOW)
    product = make_product(world, stock=100)
    lines = [LineInput(product_id=product.id, quantity=Decimal(10))]
    return [make_issued_invoice(world, lines, customer=customer) for _n in range(count)]


def filed(world: World, invoice: Invoice) -> Any:
    return taxed_invoices(by=world.owner).get(pk=invoice.pk)


def pay(world: World, invoice: Invoice, amount: Any, invoices: Any = (), at: Any = LAST_DAY) -> Payment:
    return record_payment(
        customer_id=invoice.customer_id, branch_id=invoice.branch_id, by=world.owner, at=at,
        invoices=[(invoice.id, None)] if invoices == () else invoices,
        details=PaymentDetails(method="transfer", currency=invoice.currency, amount=Decimal(amount)),
    )  # fmt: skip


def open_of(invoice: Invoice) -> Decimal:
    found = InvoiceBalance.objects.get(invoice=invoice)
    return found.total - found.allocated


def books(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company_id=world.company.id)
    return {role: amount for role, amount in rows.values_list("role").annotate(Sum("amount")) if amount}


def test_who_pays_in_time_gets_a_credit_note_that_lessens_base_and_tax() -> None:
    world = make_world()
    [invoice] = billed(world)

    payment = pay(world, invoice, 1_087_800)

    note = Invoice.objects.get(kind="credit_note")
    assert (note.net, note.tax, note.rounding, note.total) == (20_000, 2_200, 0, 22_200)
    assert (note.credits_id, note.status, note.number) == (invoice.id, "issued", "CN-2026-00001")
    assert payment.number in note.reason
    given = GivenDiscount.objects.get()
    assert (given.credit_note_id, given.amount, given.payment_id) == (note.id, 22_200, payment.id)
    assert open_of(invoice) == CreditAccount.objects.get(customer_id=invoice.customer_id).invoices == 0
    told = books(world)
    assert (told["early_discounts"], told["tax_payable"]) == (20_000, -107_800)
    assert "receivable" not in told
    [line] = InvoiceLine.objects.filter(invoice=note)
    assert (line.quantity, line.net, line.other_tax_base, line.tax) == (0, 20_000, 18_334, 2_200)


def test_a_payment_taken_back_claims_it_again_by_a_debit_note() -> None:
    world = make_world()
    [invoice] = billed(world)
    payment = pay(world, invoice, 1_087_800)
    before = Invoice.objects.filter(kind="credit_note").values().get()

    reverse_payment(payment_id=payment.id, reason="Salah", by=world.owner, at=LAST_DAY)

    debit = Invoice.objects.get(kind="debit_note")
    assert (debit.number, debit.total, debit.tax, debit.reason) == ("DN-2026-00001", 22_200, 2_200, "Salah")
    assert (open_of(invoice), open_of(debit)) == (1_110_000, 0)
    assert Invoice.objects.filter(kind="credit_note").values().get() == before
    told = books(world)
    assert (told["receivable"], told["tax_payable"]) == (1_110_000, -110_000)
    assert "early_discounts" not in told
    assert CreditAccount.objects.get(customer_id=invoice.customer_id).invoices == 1_110_000
    pay(world, invoice, 1_087_800)
    assert open_of(invoice) == 0
    assert Invoice.objects.filter(kind="credit_note").count() == 2
    assert broken_promises() == []


def test_it_is_taken_off_only_through_its_discount() -> None:
    world = make_world()
    [invoice, other] = billed(world, count=2)
    pay(world, invoice, 1_087_800)
    note = Invoice.objects.get(kind="credit_note")

    with pytest.raises(SettlesAsDiscount):
        allocate_credit(credit_note_id=note.pk, invoice_id=invoice.pk, amount=Decimal(-1), by=world.owner, at=NOW)
    with pytest.raises(SettlesAsDiscount):
        allocate_credit(credit_note_id=note.pk, invoice_id=other.pk, by=world.owner, at=NOW)

    assert (open_of(invoice), open_of(other)) == (0, 1_110_000)


def test_one_payment_of_several_invoices_makes_a_note_of_each() -> None:
    world = make_world()
    first, second = billed(world, count=2)

    payment = pay(world, first, 2 * 1_087_800, invoices=None)

    assert (open_of(first), open_of(second), payment.allocated) == (0, 0, payment.amount)
    notes = Invoice.objects.filter(kind="credit_note").order_by("number")
    assert [(note.credits_id, note.total) for note in notes] == [(first.id, 22_200), (second.id, 22_200)]
    assert broken_promises() == []


def test_of_what_comes_back_later_the_rest_is_credited_and_not_a_rupiah_more() -> None:
    world = make_world()
    [invoice] = billed(world)
    pay(world, invoice, 1_087_800)
    line = InvoiceLine.objects.get(invoice=invoice)

    notes = []
    for quantity in (3, 7):
        note_id = credit_invoice(
            invoice_id=invoice.id, quantities={line.pk: Decimal(quantity)}, reason="Rusak", by=world.owner, at=LAST_DAY
        )
        notes.append(issue_invoice(invoice_id=note_id, by=world.owner, at=LAST_DAY))

    assert [(note.net, note.tax, note.total) for note in notes] == [
        (294_000, 32_340, 326_340),
        (686_000, 75_460, 761_460),
    ]
    assert [(note.subtotal, note.discount_amount) for note in notes] == [(300_000, 6_000), (700_000, 14_000)]
    assert sum(note.total for note in notes) == 1_087_800
    assert not {role for role in books(world) if role == "tax_payable"}
    assert broken_promises() == []


def test_an_invoice_put_right_gives_its_discount_by_a_note_of_the_new_one() -> None:
    world = make_world()
    [invoice] = billed(world)
    pay(world, invoice, 1_087_800)

    right = put_invoice_right(
        invoice_id=invoice.id, by=world.owner, at=LAST_DAY,
        details=RightDetails(reason="Kurang catatan", note="Kopi", lines={}),
    )  # fmt: skip

    new = InvoiceBalance.objects.get(invoice_id=right.replacement_id)
    assert (new.total, new.allocated) == (1_110_000, 1_110_000)
    assert GivenDiscount.objects.filter(reversal=None).get().invoice_id == right.replacement_id
    told = books(world)
    assert (told["tax_payable"], told["early_discounts"], told["revenue"]) == (-107_800, 20_000, -1_000_000)
    assert broken_promises() == []


def test_prices_with_tax_at_several_rates_are_lessened_each_by_its_own() -> None:
    world = make_world(prices_include_tax=True)
    customer = make_customer(world, payment_term_id=make_term(world).id)
    lines = [
        LineInput(product_id=make_product(world, stock=9, price=Decimal(price), **facts).id, quantity=Decimal(1))
        for price, facts in [(100_277, {}), (5_000, {}), (33_333, {"tax_category": "exempt"})]
    ]
    invoice = make_issued_invoice(world, lines, customer=customer)

    pay(world, invoice, 135_838)

    note = Invoice.objects.get(kind="credit_note")
    assert (invoice.total, note.total, open_of(invoice)) == (138_610, 2_772, 0)
    for line in InvoiceLine.objects.filter(invoice=invoice):
        lost = InvoiceLine.objects.get(credits_line=line)
        other = round((line.net - lost.net) * line.base_numerator / line.base_denominator)
        assert line.tax - lost.tax == round(other * line.tax_rate / 100)
    assert broken_promises() == []


def test_a_collector_pays_less_and_owes_a_smaller_slip() -> None:
    world = make_world(npwp="0012345678901000")
    customer = make_customer(world, tax_id_kind="npwp", tax_id="0098765432101000", payment_term_id=make_term(world).id)
    save_address(customer_id=customer.id, street="Jl. Merdeka 1", city="Bandung", by=world.owner, at=NOW)
    save_tax_treatment(customer_id=customer.id, by=world.owner, at=NOW, valid_from=NOW.date(), transaction_code="02")
    product = make_product(world, stock=10)
    lines = [LineInput(product_id=product.id, quantity=Decimal(10))]
    invoice = make_issued_invoice(world, lines, customer=customer)

    pay(world, invoice, 980_000)

    note = Invoice.objects.get(kind="credit_note")
    assert (note.net, note.tax, note.tax_by_buyer, note.payable) == (20_000, 2_200, 2_200, 20_000)
    assert (open_of(invoice), filed(world, invoice).slip_left) == (0, 107_800)
    assert broken_promises() == []


def test_in_dollars_the_books_hold_nothing_more_once_it_is_taken_back() -> None:
    world = exporter()
    rated(world, ("USD", "16411.37"))
    customer = make_customer(world, currency="USD", payment_term_id=make_term(world).id)
    product = make_product(world, stock=100, price=Decimal(400_000))
    invoice = make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(7))], customer=customer)
    before = books(world)

    payment = pay(world, invoice, invoice.total - round(invoice.total / 50, 2), at=NOW)
    assert open_of(invoice) == 0
    assert "receivable" not in books(world)
    reverse_payment(payment_id=payment.id, reason="Salah", by=world.owner, at=NOW)

    assert books(world) == before
    assert open_of(invoice) == invoice.total
    assert broken_promises() == []


def test_the_tax_file_states_it_and_no_nota_retur_is_waited_for(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    world = make_world(npwp="0012345678901000")
    known = {"tax_id_kind": "npwp", "tax_id": "0098765432101000"}
    early, late = billed(world, count=2, **known)
    pay(world, early, 1_087_800)

    _seller, [found] = checked_for_filing(company_id=world.company.id, invoice_ids=[early.id])

    [line] = found.facts.lines
    assert (line.net, line.other_base, line.tax, found.discount) == (980_000, 898_333, 107_800, 20_000)
    assert not taxed_credit_notes(by=world.owner).exists()
    note = Invoice.objects.get(kind="credit_note")
    with pytest.raises(NotFound):
        record_buyer_return(credit_note_id=note.pk, number="RET-1", day=NOW.date(), by=world.owner, at=NOW)
    assert (filed(world, early).to_replace, filed(world, early).discount_tax) == (False, 2_200)
    make_tax_file(company_id=world.company.id, invoice_ids=[late.id], by=world.owner, at=NOW)
    pay(world, late, 1_087_800)
    assert filed(world, late).to_replace
    listed = log_in(world.owner).get("/tax-invoices?replace=1").content.decode()
    assert (late.number or "?") in listed
    assert (early.number or "?") not in listed
    for serial in ("04002600000000101", "04012600000000101"):  # the upload's answer; then the replacement by hand
        told = TaxSerialTold(late.number or "", serial)
        record_tax_serials(company_id=world.company.id, told=[told], by=world.owner, at=LAST_DAY)
        assert filed(world, late).to_replace == (serial[3] == "0")
    assert TaxFiling.objects.get(invoice=late).discount == 20_000


def test_the_term_says_so_on_its_page_and_by_the_api() -> None:
    world = make_world()
    term = make_term(world)
    browser = log_in(world.owner)

    page = browser.get(f"/settings/payment-terms/{term.pk}").content.decode()
    listed = browser.get("/settings/payment-terms").content.decode()

    assert 'name="discount_lessens_tax"' in page
    assert "dengan nota kredit" in listed
    assert TermOut.from_orm(terms_for(world.owner).get(pk=term.pk)).discount_lessens_tax


def test_pages_papers_and_the_statement_tell_note_and_debit() -> None:
    world = make_world()
    [invoice] = billed(world)
    payment = pay(world, invoice, 1_087_800)
    browser = log_in(world.owner)
    note = Invoice.objects.get(kind="credit_note")

    assert (note.number or "?") in browser.get(f"/invoices/{invoice.pk}").content.decode()
    assert 'name="release"' not in browser.get(f"/invoices/{note.pk}").content.decode()
    reverse_payment(payment_id=payment.id, reason="Salah", by=world.owner, at=LAST_DAY)
    debit = Invoice.objects.get(kind="debit_note")

    page = browser.get(f"/invoices/{debit.pk}").content.decode()
    paper = invoice_paper(subject_id=debit.pk, by=world.owner, language="id", variant="")
    payload = print_payload(kind=paper.kind, document=paper.data, language="id")
    told = statement_of(customer_id=invoice.customer_id, since=NOW.date(), until=LAST_DAY.date(), by=world.owner)
    assert f"Nota debit: menagih kembali yang dilepas karena potongan dari <b>{invoice.number}</b>. Salah" in page
    assert payload["title"] == "Nota Debit"
    assert {line.kind: line.amount for line in told.accounts[0].lines} == {
        "invoice": 1_110_000, "payment": -1_087_800, "credit_note": -22_200, "reversal": 1_087_800,
        "debit_note": 22_200,
    }  # fmt: skip
    assert told.accounts[0].closing == 1_110_000


def test_what_no_line_has_left_to_lessen_is_let_go_at_the_companys_cost() -> None:
    """A draft credits it whole already: the payment counts all the same, and its discount with it."""
    world = make_world()
    [invoice] = billed(world)
    draft_id = credit_invoice(invoice_id=invoice.id, reason="Batal", by=world.owner, at=LAST_DAY)

    payment = pay(world, invoice, 1_087_800)

    given = GivenDiscount.objects.get()
    assert (given.credit_note_id, given.amount, given.payment_id) == (None, 22_200, payment.id)
    assert open_of(invoice) == 0
    assert books(world)["early_discounts"] == 22_200
    issue_invoice(invoice_id=draft_id, by=world.owner, at=LAST_DAY)
    assert Invoice.objects.get(kind="credit_note").total == 1_110_000
    assert broken_promises() == []


def test_a_debit_note_is_no_bill_of_its_own_to_the_tax_office_nor_to_who_judges_a_payer() -> None:
    world = make_world()
    [invoice] = billed(world)
    payment = pay(world, invoice, 1_087_800)
    reverse_payment(payment_id=payment.id, reason="Salah", by=world.owner, at=LAST_DAY)
    debit = Invoice.objects.get(kind="debit_note")

    told = [TaxSerialTold(debit.number or "", "04002600000000001")]
    with pytest.raises(SerialsRefused) as refused:
        record_tax_serials(company_id=world.company.id, told=told, by=world.owner, at=LAST_DAY)
    habits = habits_of(customer_id=invoice.customer_id, since=NOW.date(), today=LAST_DAY.date())

    assert [fault["field"] for fault in refused.value.lines] == ["number"]
    assert (habits.invoices, TaxFiling.objects.count()) == (0, 0)


def test_a_number_that_no_debit_note_has_is_found() -> None:
    world = make_world()
    [invoice] = billed(world)
    payment = pay(world, invoice, 1_087_800)
    reverse_payment(payment_id=payment.id, reason="Salah", by=world.owner, at=LAST_DAY)
    assert broken_promises() == []

    NumberSeries.objects.filter(kind="debit_note").update(last=2)

    assert [one.partition(":")[0] for one in broken_promises()] == ["invoice_numbers_have_no_gap"]
