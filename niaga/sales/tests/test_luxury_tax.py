"""PPnBM beside PPN: from the offer to the invoice, the ledger, the tax file and the credit note."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from lxml import etree

from niaga.catalog.rules.tax_rates import NewTaxRate
from niaga.catalog.services.save_tax_category import save_tax_category
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.queries.tax_filings import checked_for_filing
from niaga.invoicing.rules.coretax import xml_of
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger.models import JournalLine
from niaga.organization.services.set_fiscal_setting import set_fiscal_setting
from niaga.parties.models import CreditAccount
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.sales.models import SalesOrder
from niaga.sales.queries.why import why_invoice_line, why_order_line
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, make_customer, make_order, make_product, make_quotation, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal
TIN = "0012345678901000"


@pytest.fixture
def world() -> World:
    found = make_world(npwp=TIN)
    rate = NewTaxRate(NOW.date().replace(month=1, day=1), "01", D(12), luxury_percent=D("67.5"))
    save_tax_category(company_id=found.company.id, code="ships", name="Kapal", rates=[rate], by=found.owner, at=NOW)
    return found


def buyer(world: World) -> Any:
    customer = make_customer(world, tax_id_kind="npwp", tax_id="0098765432101000")
    save_address(customer_id=customer.id, street="Jl. Darmo 12", city="Surabaya", by=world.owner, at=NOW)
    return customer


def yacht(world: World, price: str) -> Any:
    return make_product(world, kind="service", tax_category="ships", price=D(price))


def ordered(world: World, *lines: LineInput, customer: Any = None, **facts: Any) -> SalesOrder:
    order = make_order(world, list(lines), customer=customer or buyer(world), **facts)
    return confirm_order(order_id=order.id, by=world.owner, at=NOW)


def billed(world: World, order: SalesOrder, quantities: Any = None) -> Invoice:
    draft = invoice_order(order_id=order.id, basis="ordered", quantities=quantities, by=world.owner, at=NOW)
    return issue_invoice(invoice_id=draft, by=world.owner, at=NOW)


def credited(world: World, invoice: Invoice, quantity: Decimal | None) -> Invoice:
    (line,) = InvoiceLine.objects.filter(invoice=invoice)
    named = None if quantity is None else {line.id: quantity}
    note_id = credit_invoice(invoice_id=invoice.id, quantities=named, reason="Retur", by=world.owner, at=NOW)
    return issue_invoice(invoice_id=note_id, by=world.owner, at=NOW)


def books(*invoices: Invoice) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    rows = JournalLine.objects.filter(entry__source_id__in=[one.id for one in invoices])
    for role, amount in rows.values_list("role", "amount"):
        found[role] = found.get(role, D(0)) + amount
    return found


def figures(document: Any) -> tuple[Decimal, ...]:
    return document.net, document.tax, document.luxury_tax, document.rounding, document.total


def test_the_luxury_tax_of_an_offer_comes_through_to_the_invoice_the_books_and_the_tax_file(world: World) -> None:
    quotation = make_quotation(world, [LineInput(product_id=yacht(world, "1000001").id)], customer=buyer(world))
    expected = (D(1000001), D(120000), D(675001), D(0), D(1795002))  # 675,000.675, half up
    assert figures(quotation) == expected

    accept_quotation(quotation_id=quotation.id, name="Ibu Sari", by=world.owner, at=NOW)
    order = SalesOrder.objects.get(quotation=quotation)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    invoice = billed(world, order)

    assert figures(order) == figures(invoice) == expected
    assert books(invoice) == {
        "receivable": D(1795002), "revenue": D(-1000001), "tax_payable": D(-120000), "luxury_tax_payable": D(-675001),
    }  # fmt: skip
    seller, (checked,) = checked_for_filing(company_id=world.company.id, invoice_ids=[invoice.id])
    assert not checked.faults
    good = etree.fromstring(xml_of([checked.facts], seller_tin=seller)).find(".//GoodService")
    told = [good.findtext(name) for name in ("TaxBase", "OtherTaxBase", "VATRate", "VAT", "STLGRate", "STLG")]
    assert told == ["1000001", "1000001", "12", "120000", "67.5", "675001"]


def test_a_price_that_holds_both_taxes_is_parted_to_the_rupiah(world: World) -> None:
    set_fiscal_setting(
        company_id=world.company.id, valid_from=NOW.date(), charges_tax=True, prices_include_tax=True,
        round_total_to=D(0), by=world.owner, at=NOW,
    )  # fmt: skip

    order = ordered(world, LineInput(product_id=yacht(world, "1795000").id))
    odd = ordered(world, LineInput(product_id=yacht(world, "1000").id))

    assert figures(order) == (D(1000000), D(120000), D(675000), D(0), D(1795000))
    assert figures(odd) == (D(557), D(67), D(376), D(0), D(1000))
    assert figures(billed(world, odd)) == figures(odd)


def test_parts_of_an_order_and_their_credit_notes_add_up_to_the_last_rupiah(world: World) -> None:
    order = ordered(world, LineInput(product_id=yacht(world, "33333").id, quantity=D(7)))
    (line,) = order.lines.all()

    first, second = billed(world, order, {line.id: D(3)}), billed(world, order)

    assert (first.net + second.net, first.luxury_tax, second.luxury_tax) == (D(233331), D(67499), D(89999))
    notes = [credited(world, first, D(1)), credited(world, first, D(1)), credited(world, first, None)]
    assert [one.luxury_tax for one in notes] == [D(22500), D(22499), D(22500)]
    assert sum(one.luxury_tax for one in notes) == first.luxury_tax
    assert sum(one.total for one in notes) == first.total
    assert books(first, *notes) == dict.fromkeys(("receivable", "revenue", "tax_payable", "luxury_tax_payable"), D(0))
    credited(world, second, None)
    assert broken_promises() == []
    assert CreditAccount.objects.get(customer=order.customer).invoices == 0


def test_a_down_payment_takes_its_luxury_tax_off_the_last_invoice(world: World) -> None:
    order = ordered(world, LineInput(product_id=yacht(world, "1000001").id, quantity=D(2)))
    paid_down = issue_invoice(
        invoice_id=invoice_down_payment(order_id=order.id, percent=D(30), by=world.owner, at=NOW),
        by=world.owner, at=NOW,
    )  # fmt: skip
    assert figures(paid_down) == (D(600001), D(72000), D(405001), D(0), D(1077002))

    rest = billed(world, order)

    assert figures(rest)[:3] == (D(1400001), D(168000), D(945000))
    assert paid_down.luxury_tax + rest.luxury_tax == order.luxury_tax == D(1350001)
    assert books(paid_down, rest)["luxury_tax_payable"] == D(-1350001)
    assert books(paid_down, rest).get("advances") == 0


def test_who_is_not_charged_pays_no_luxury_tax_and_a_price_is_lessened_by_both(world: World) -> None:
    set_fiscal_setting(
        company_id=world.company.id, valid_from=NOW.date(), charges_tax=True, prices_include_tax=True,
        round_total_to=D(0), by=world.owner, at=NOW,
    )  # fmt: skip
    customer = buyer(world)
    save_tax_treatment(
        customer_id=customer.id, by=world.owner, at=NOW, valid_from=NOW.date(), is_taxed=False, transaction_code="07",
        add_info="TD.00501", facility_stamp="TD.01101",
    )  # fmt: skip

    order = ordered(world, LineInput(product_id=yacht(world, "1795000").id), customer=customer)

    assert figures(order) == (D(1000000), D(0), D(0), D(0), D(1000000))
    (line,) = order.lines.all()
    assert [step["code"] for step in line.steps] == ["list_price", "tax_taken_out", "gross", "tax_included"]
    assert why_order_line(order_id=order.id, line_id=line.id, by=world.owner).agrees


def test_why_this_price_tells_the_luxury_tax_and_proves_it(world: World) -> None:
    order = ordered(world, LineInput(product_id=yacht(world, "1000001").id, quantity=D(2)))
    (line,) = order.lines.all()
    invoice = billed(world, order, {line.id: D(1)})

    why = why_order_line(order_id=order.id, line_id=line.id, by=world.owner)
    (part,) = InvoiceLine.objects.filter(invoice=invoice)

    assert why.agrees
    assert "PPnBM 67" in why.sheet.steps[-1].text
    assert why_invoice_line(invoice_id=invoice.id, line_id=part.id, by=world.owner).agrees
    line.steps[-1]["luxury_tax"] = "1350000"
    line.save(update_fields=["steps"])
    assert not why_order_line(order_id=order.id, line_id=line.id, by=world.owner).agrees


def test_the_database_refuses_luxury_tax_that_its_lines_have_not(world: World) -> None:
    order = make_order(world, [LineInput(product_id=yacht(world, "1000000").id)], customer=buyer(world))
    rows = SalesOrder.objects.filter(pk=order.id)

    for wrong in ({"luxury_tax": D(0)}, {"luxury_tax": D(675001)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(luxury_tax=order.luxury_tax - 1, total=order.total - 1, status="confirmed")
    with pytest.raises(IntegrityError), transaction.atomic():
        order.lines.update(luxury_rate=0)

    assert figures(rows.get()) == (D(1000000), D(120000), D(675000), D(0), D(1795000))
