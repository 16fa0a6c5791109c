"""Collectors (codes 02, 03) pay the tax to the state: what waits for money, what waits for a slip, and the slips."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from niaga.catalog.rules.tax_rates import NewTaxRate
from niaga.catalog.services.save_tax_category import save_tax_category
from niaga.core.errors import Forbidden, Invalid, NotFound, Refusal, WrongState
from niaga.core.models import AuditEntry
from niaga.invoicing.errors import NoTaxByBuyer, ReasonMissing, SlipNumberTaken, SlipTooLarge
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceDue, TaxSlip
from niaga.invoicing.queries.invoices import get_invoice
from niaga.invoicing.queries.tax_filings import taxed_invoices
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.record_tax_slip import record_tax_slip
from niaga.invoicing.services.reverse_tax_slip import reverse_tax_slip
from niaga.ledger.models import JournalLine
from niaga.parties.models import CreditAccount
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import (
    NOW,
    World,
    log_in,
    make_confirmed_order,
    make_customer,
    make_payment,
    make_product,
    make_user,
    make_world,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = NOW.date()
ALL = {"receivable": D(0), "revenue": D(0), "tax_payable": D(0), "tax_by_buyer": D(0)}


@pytest.fixture
def world() -> World:
    return make_world(npwp="0012345678901000")


def collector(world: World, code: str = "02") -> Any:
    customer = make_customer(world, tax_id_kind="npwp", tax_id="0098765432101000")
    save_address(customer_id=customer.id, street="Jl. Merdeka 1", city="Bandung", by=world.owner, at=NOW)
    save_tax_treatment(
        customer_id=customer.id, by=world.owner, at=NOW, valid_from=date(2026, 1, 1), transaction_code=code
    )
    return customer


def ordered(world: World, customer: Any = None, quantity: int = 1, **facts: Any) -> Any:
    product = make_product(world, **{"kind": "service", "price": D(1000000), **facts})
    line = LineInput(product_id=product.id, quantity=D(quantity))
    return make_confirmed_order(world, [line], customer=customer or collector(world))


def billed(world: World, order: Any) -> Invoice:
    draft = invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
    return issue_invoice(invoice_id=draft, by=world.owner, at=NOW)


def recorded(world: World, invoice: Invoice, number: str = "NTPN-1", **facts: Any) -> TaxSlip:
    return record_tax_slip(
        invoice_id=invoice.id, number=number, **{"day": TODAY, "by": world.owner, "at": NOW, **facts}
    )


def books() -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for role, amount in JournalLine.objects.values_list("role", "amount"):
        found[role] = found.get(role, D(0)) + amount
    return found


def slip(world: World, invoice: Invoice) -> tuple[Decimal, str]:
    found = taxed_invoices(by=world.owner).get(pk=invoice.id)
    return found.slip_left, found.slip_state


@pytest.mark.parametrize("code", ["02", "03"])
def test_only_what_a_collector_pays_to_us_waits_as_money_and_its_tax_as_a_slip(world: World, code: str) -> None:
    customer = collector(world, code)

    invoice = billed(world, ordered(world, customer))

    assert (invoice.net, invoice.tax, invoice.total) == (D(1000000), D(110000), D(1110000))
    assert (invoice.tax_by_buyer, invoice.payable) == (D(110000), D(1000000))
    assert InvoiceBalance.objects.get().total == InvoiceDue.objects.get().amount == D(1000000)
    account = CreditAccount.objects.get(customer=customer)
    assert (account.orders, account.invoices) == (D(0), D(1000000))
    assert books() == {
        "receivable": D(1000000), "tax_by_buyer": D(110000), "revenue": D(-1000000), "tax_payable": D(-110000),
    }  # fmt: skip
    assert slip(world, invoice) == (D(110000), "missing")
    assert broken_promises() == []


def test_money_settles_what_is_ours_and_the_slip_the_tax(world: World) -> None:
    customer = collector(world)
    invoice = billed(world, ordered(world, customer))
    make_payment(world, customer.id, D(1000000), invoices=[(invoice.id, None)])
    paid = get_invoice(invoice_id=invoice.id, by=world.owner, today=TODAY + timedelta(days=400))

    made = recorded(world, invoice)

    assert (paid.payment_state, paid.open) == ("paid", D(0))
    assert (made.amount, made.luxury_tax) == (D(110000), D(0))
    assert books() == {**ALL, "revenue": D(-1000000), "bank": D(1000000)}
    assert slip(world, invoice) == (D(0), "complete")
    assert CreditAccount.objects.get(customer=customer).invoices == D(0)
    assert AuditEntry.objects.filter(subject_id=invoice.id, verb="tax_slip").count() == 1
    assert broken_promises() == []


def test_a_slip_may_come_in_parts_and_a_wrong_one_is_taken_back(world: World) -> None:
    invoice = billed(world, ordered(world))
    first = recorded(world, invoice, amount=D(40000))
    assert slip(world, invoice) == (D(70000), "missing")
    recorded(world, invoice, "NTPN-2")

    reverse_tax_slip(slip_id=first.id, reason="Nomor salah", by=world.owner, at=NOW)

    assert slip(world, invoice) == (D(40000), "missing")
    assert books()["tax_payable"] == D(-40000)
    with pytest.raises(WrongState):
        reverse_tax_slip(slip_id=first.id, reason="Lagi", by=world.owner, at=NOW)
    recorded(world, invoice, "NTPN-1")  # the right one may have the number again
    assert (slip(world, invoice)[1], books()["tax_payable"]) == ("complete", D(0))
    assert broken_promises() == []


def test_a_credit_note_takes_its_part_of_the_tax_from_the_slip_that_is_waited_for(world: World) -> None:
    customer = collector(world)
    invoice = billed(world, ordered(world, customer, quantity=3))
    (line,) = invoice.lines.all()

    for quantity in (D(1), None):
        named = None if quantity is None else {line.id: quantity}
        note_id = credit_invoice(invoice_id=invoice.id, quantities=named, reason="Retur", by=world.owner, at=NOW)
        note = issue_invoice(invoice_id=note_id, by=world.owner, at=NOW)
        if quantity:
            assert (note.total, note.tax_by_buyer) == (D(1110000), D(110000))
            assert InvoiceBalance.objects.get(invoice=invoice).allocated == D(1000000)
            assert slip(world, invoice) == (D(220000), "missing")

    assert slip(world, invoice) == (D(0), "complete")
    assert books() == ALL
    assert CreditAccount.objects.get(customer=customer).invoices == D(0)
    assert broken_promises() == []


def test_a_down_payment_has_a_slip_of_its_own(world: World) -> None:
    order = ordered(world, quantity=2)
    down = issue_invoice(
        invoice_id=invoice_down_payment(order_id=order.id, percent=D(30), by=world.owner, at=NOW),
        by=world.owner, at=NOW,
    )  # fmt: skip

    rest = billed(world, order)

    assert (down.payable, down.tax_by_buyer) == (D(600000), D(66000))
    assert (rest.payable, rest.tax_by_buyer) == (D(1400000), D(154000))
    for invoice in (down, rest):
        recorded(world, invoice, str(invoice.number))
    assert books()["tax_payable"] == 0
    assert broken_promises() == []


def test_the_slip_of_luxury_goods_settles_both_taxes(world: World) -> None:
    rate = NewTaxRate(date(2026, 1, 1), "01", D(12), luxury_percent=D(75))
    save_tax_category(company_id=world.company.id, code="ships", name="Kapal", rates=[rate], by=world.owner, at=NOW)
    invoice = billed(world, ordered(world, tax_category="ships"))

    first = recorded(world, invoice, amount=D(200000))
    second = recorded(world, invoice, "NTPN-2")

    assert (invoice.total, invoice.payable) == (D(1870000), D(1000000))
    assert [(one.amount, one.luxury_tax) for one in (first, second)] == [(D(200000), D(80000)), (D(670000), D(670000))]
    assert {role: amount for role, amount in books().items() if amount} == {
        "receivable": D(1000000), "revenue": D(-1000000),
    }  # fmt: skip


def test_what_cannot_be_is_refused_by_name_and_changes_nothing(world: World) -> None:
    invoice = billed(world, ordered(world))
    plain = billed(world, ordered(world, make_customer(world)))
    recorded(world, invoice, "A", amount=D(10000))
    seller = make_user(world.company, "salesperson")
    before = (books(), TaxSlip.objects.count(), AuditEntry.objects.count())
    cases: list[tuple[Any, dict[str, Any], type[Refusal], str]] = [
        (plain, {}, NoTaxByBuyer, ""), (invoice, {"amount": D(100001)}, SlipTooLarge, "amount"),
        (invoice, {"amount": D("0.5")}, Invalid, "amount"), (invoice, {"amount": D(-1)}, Invalid, "amount"),
        (invoice, {"number": " "}, Invalid, "number"), (invoice, {"number": "x" * 41}, Invalid, "number"),
        (invoice, {"number": "A"}, SlipNumberTaken, "number"),
        (invoice, {"day": TODAY - timedelta(days=1)}, Invalid, "date"),
        (invoice, {"day": TODAY + timedelta(days=1)}, Invalid, "date"),
        (invoice, {"by": seller}, Forbidden, ""),
    ]  # fmt: skip
    for about, facts, error, field in cases:
        with pytest.raises(error) as refusal:
            recorded(world, about, **{"number": "B", **facts})
        assert getattr(refusal.value, "field", "") in (field, None) if not field else refusal.value.field == field
    with pytest.raises(NotFound):
        record_tax_slip(invoice_id=world.company.id, number="A", day=TODAY, by=world.owner, at=NOW)
    with pytest.raises(ReasonMissing):
        reverse_tax_slip(slip_id=TaxSlip.objects.get().id, reason=" ", by=world.owner, at=NOW)

    assert (books(), TaxSlip.objects.count(), AuditEntry.objects.count()) == before


def test_the_database_keeps_slips_as_they_are(world: World) -> None:
    recorded(world, billed(world, ordered(world)))

    for change in ({"amount": D(1)}, {"number": "X"}):
        with pytest.raises((IntegrityError, ProgrammingError, Exception)), transaction.atomic():
            TaxSlip.objects.update(**change)
    with pytest.raises(Exception, match="annot delete"), transaction.atomic():
        TaxSlip.objects.all().delete()

    assert TaxSlip.objects.get().amount == D(110000)


def test_the_page_shows_what_is_ours_takes_the_slip_and_takes_it_back(world: World) -> None:
    invoice = billed(world, ordered(world))
    client: Client = log_in(world.owner)
    page = f"/invoices/{invoice.id}"

    before = client.get(page).content.decode()
    refused = client.post(f"{page}/tax-slips", {"number": "NTPN-1", "date": TODAY.isoformat(), "amount": "110.001"})
    client.post(f"{page}/tax-slips", {"number": "NTPN-1", "date": TODAY.isoformat(), "amount": "110.000"})
    after = client.get(page).content.decode()
    listed = client.get("/tax-invoices?slip=complete").content.decode()
    made = TaxSlip.objects.get()
    client.post(f"/tax-slips/{made.id}/reversal", {"reason": "Salah"})

    assert "1.000.000" in before
    assert "tax-slip" in before
    assert refused.status_code == 422
    assert "NTPN-1" in after
    assert str(invoice.number) in listed
    assert TaxSlip.objects.get().reversed_at is not None
    assert str(invoice.number) in client.get("/tax-invoices?slip=missing").content.decode()
