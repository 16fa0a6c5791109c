"""Documents taxed by who buys and where the goods go, from the order to the invoice, the ledger and the tax file."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from niaga.catalog.models import TaxCategory
from niaga.catalog.queries.catalog_settings import catalog_settings
from niaga.catalog.rules.tax_rates import NewTaxRate
from niaga.catalog.services.save_tax_category import save_tax_category
from niaga.core.errors import Forbidden, Invalid
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.queries.tax_filings import checked_for_filing, taxed_invoices
from niaga.invoicing.rules.coretax import xml_of
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger.models import JournalLine
from niaga.organization.services.set_fiscal_setting import set_fiscal_setting
from niaga.parties.models import TaxTreatment
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, make_customer, make_order, make_product, make_user, make_world

pytestmark = pytest.mark.django_db
D = Decimal
TIN = "0012345678901000"
FACILITY: dict[str, Any] = {"add_info": "TD.00501", "facility_stamp": "TD.01101"}
BATAM: dict[str, Any] = {
    "is_taxed": False, "transaction_code": "07", **FACILITY, "document": "PPFTZ-01/2026",
    "document_date": date(2026, 3, 1),
}  # fmt: skip


def buyer(world: World, *, city: str = "Surabaya", province: str = "", country: str = "", **facts: Any) -> Any:
    customer = make_customer(world, **{"tax_id_kind": "npwp", "tax_id": "0098765432101000", **facts})
    save_address(
        customer_id=customer.id, street="Jl. Darmo 12", city=city, province=province, country=country, by=world.owner,
        at=NOW,
    )  # fmt: skip
    return customer


def treat(world: World, customer: Any, **facts: Any) -> TaxTreatment:
    return save_tax_treatment(
        customer_id=customer.id, by=world.owner, at=NOW, **{"valid_from": date(2026, 1, 1), **facts}
    )


def issued(world: World, customer: Any, lines: list[LineInput]) -> Invoice:
    order = make_order(world, lines, customer=customer)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    return issue_invoice(
        invoice_id=invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW), by=world.owner, at=NOW
    )


def payable(invoice: Invoice) -> Decimal:
    rows = JournalLine.objects.filter(entry__source_id=invoice.id, role="tax_payable")
    return -sum((row.amount for row in rows), D(0))


def rates_of(world: World, code: str, *rates: NewTaxRate) -> None:
    found = TaxCategory.objects.filter(company=world.company, code=code).first()
    save_tax_category(
        company_id=world.company.id, code=code, name=code, rates=rates, by=world.owner, at=NOW,
        category_id=found.id if found else None,
    )  # fmt: skip


@pytest.mark.parametrize("code", ["02", "03"])
def test_a_collector_is_billed_the_same_tax_under_its_own_code(code: str) -> None:
    world = make_world(npwp=TIN)
    customer = buyer(world)
    treat(world, customer, transaction_code=code)
    product = make_product(world, kind="service", price=D(100277))

    invoice = issued(world, customer, [LineInput(product_id=product.id)])

    line = InvoiceLine.objects.get(invoice=invoice)
    assert (line.tax_code, line.other_tax_base, line.tax) == (code, D(91921), D(11031))
    assert (invoice.net, invoice.tax, invoice.total) == (D(100277), D(11031), D(111308))
    assert payable(invoice) == D(11031)
    seller, (checked,) = checked_for_filing(company_id=world.company.id, invoice_ids=[invoice.id])
    assert not checked.faults
    assert f"<TrxCode>{code}</TrxCode>" in xml_of([checked.facts], seller_tin=seller).decode()


def test_a_free_zone_buyer_is_not_charged_and_the_file_names_the_facility_and_its_paper() -> None:
    world = make_world(npwp=TIN)
    customer = buyer(world, city="Batam", province="Kepulauan Riau")
    treat(world, customer, region="Kepulauan Riau", **BATAM)
    product = make_product(world, kind="service", price=D(100277))

    invoice = issued(world, customer, [LineInput(product_id=product.id)])

    assert (invoice.net, invoice.tax, invoice.total, payable(invoice)) == (D(100277), D(0), D(100277), D(0))
    seller, (checked,) = checked_for_filing(company_id=world.company.id, invoice_ids=[invoice.id])
    assert not checked.faults
    text = xml_of([checked.facts], seller_tin=seller).decode()
    for part in (
        "<TrxCode>07</TrxCode>", "<AddInfo>TD.00501</AddInfo>", "<FacilityStamp>TD.01101</FacilityStamp>",
        "<CustomDoc>PPFTZ-01/2026</CustomDoc>", "<CustomDocMonthYear>032026</CustomDocMonthYear>", "<VAT>0</VAT>",
    ):  # fmt: skip
        assert part in text


def test_a_free_zone_treatment_does_not_follow_goods_that_go_elsewhere() -> None:
    world = make_world(npwp=TIN)
    customer = buyer(world, province="Jawa Timur")
    treat(world, customer, region="Kepulauan Riau", **BATAM)
    product = make_product(world, kind="service", price=D(100000))

    order = make_order(world, [LineInput(product_id=product.id)], customer=customer)

    assert (order.tax, order.tax_treatment) == (D(11000), {})
    assert SalesOrderLine.objects.get(order=order).tax_code == "04"


def test_an_exempt_buyer_pays_a_price_with_tax_in_it_without_the_tax() -> None:
    world = make_world(npwp=TIN, prices_include_tax=True)
    customer = buyer(world)
    treat(world, customer, is_taxed=False, transaction_code="08", **FACILITY)
    product = make_product(world, kind="service", price=D(111000))

    invoice = issued(world, customer, [LineInput(product_id=product.id)])

    assert (invoice.net, invoice.tax, invoice.total) == (D(100000), D(0), D(100000))
    assert InvoiceLine.objects.get(invoice=invoice).tax_code == "08"


def test_an_export_bears_no_tax_and_is_not_filed() -> None:
    world = make_world(npwp=TIN)
    customer = buyer(world, country="SG", tax_id_kind="other", tax_id="201912345K")
    treat(world, customer, is_taxed=False, note="Ekspor, PEB menyusul")
    product = make_product(world, kind="service", price=D(100000))

    invoice = issued(world, customer, [LineInput(product_id=product.id)])

    assert (invoice.tax, invoice.total) == (D(0), D(100000))
    assert taxed_invoices(by=world.owner).count() == 0


def test_a_treatment_holds_between_its_days_and_documents_keep_what_they_froze() -> None:
    world = make_world(npwp=TIN)
    customer = buyer(world)
    past = treat(world, customer, transaction_code="02", valid_until=date(2026, 10, 31))
    product = make_product(world, kind="service", price=D(100000))

    before = make_order(world, [LineInput(product_id=product.id)], customer=customer)
    save_tax_treatment(customer_id=customer.id, treatment_id=past.id, valid_until=None, by=world.owner, at=NOW)
    after = make_order(world, [LineInput(product_id=product.id)], customer=customer)

    codes = [SalesOrderLine.objects.get(order=order).tax_code for order in (before, after)]
    assert codes == ["04", "02"]
    assert SalesOrder.objects.get(pk=before.id).tax_treatment == {}


def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written() -> None:
    world = make_world(npwp=TIN)
    customer = buyer(world)

    for facts, field in (
        ({"transaction_code": "07"}, "transaction_code"),
        ({"is_taxed": False, "transaction_code": "07"}, "add_info"),
        ({"is_taxed": False}, "note"),
        ({"transaction_code": "02", "valid_until": date(2025, 1, 1)}, "valid_until"),
    ):
        with pytest.raises(Invalid) as refusal:
            treat(world, customer, **facts)
        assert refusal.value.field == field
    with pytest.raises(Forbidden):
        save_tax_treatment(
            customer_id=customer.id, valid_from=date(2026, 1, 1), transaction_code="02", at=NOW,
            by=make_user(world.company, "sales_manager"),
        )  # fmt: skip
    assert not TaxTreatment.objects.exists()


def test_a_german_company_bills_home_member_states_and_export_by_one_table() -> None:
    world = make_world(npwp="", currency="EUR", country="DE", zone="Europe/Berlin", language="en")
    start = date(2007, 1, 1)
    note = "Reverse charge: the buyer owes the tax."
    rates_of(
        world, "general", NewTaxRate(start, "", D(19)), NewTaxRate(start, "", D(20), country="FR"),
        NewTaxRate(start, "", D(0), country="FR", with_tax_number=True, note=note),
        NewTaxRate(start, "", D(0), country="*", note="Export"),
    )  # fmt: skip
    product = make_product(world, kind="service", price=D(250))
    line = LineInput(product_id=product.id, quantity=D(4))

    found = {
        name: make_order(world, [line], customer=buyer(world, **place))
        for name, place in {
            "home": {"country": "DE", "tax_id_kind": "other", "tax_id": "DE123456789"},
            "consumer": {"country": "FR", "tax_id_kind": "", "tax_id": ""},
            "business": {"country": "FR", "tax_id_kind": "other", "tax_id": "FR12345678901"},
            "export": {"country": "CH", "tax_id_kind": "", "tax_id": ""},
        }.items()
    }

    assert {name: order.tax for name, order in found.items()} == {
        "home": D(190), "consumer": D(200), "business": D(0), "export": D(0),
    }  # fmt: skip
    assert found["business"].tax_treatment == {"place_notes": [note]}


def test_an_american_order_is_taxed_by_the_state_of_its_delivery_address() -> None:
    world = make_world(npwp="", currency="USD", country="US", zone="America/Los_Angeles", language="en")
    start = date(2017, 1, 1)
    rates_of(
        world, "general", NewTaxRate(start, "", D(0)),
        NewTaxRate(start, "", D("7.25"), country="US", region="CA, California"),
        NewTaxRate(start, "", D("6.25"), country="US", region="TX, Texas"),
    )  # fmt: skip
    product = make_product(world, kind="service", price=D("19.99"))

    taxes = [
        make_order(
            world, [LineInput(product_id=product.id, quantity=D(3))],
            customer=buyer(world, province=state, country="US", tax_id_kind="", tax_id=""),
        ).tax
        for state in ("California", "TX", "Oregon")
    ]  # fmt: skip

    assert taxes == [D("4.35"), D("3.75"), D(0)]


def test_tax_rounded_once_a_document_is_shared_out_over_the_invoices_of_an_order() -> None:
    world = make_world(npwp="", currency="EUR", country="DE", zone="Europe/Berlin", language="en")
    rates_of(world, "general", NewTaxRate(date(2007, 1, 1), "", D(19)))
    set_fiscal_setting(
        company_id=world.company.id, valid_from=date(2026, 1, 1), charges_tax=True, prices_include_tax=False,
        round_total_to=D(0), tax_rounding="document", by=world.owner, at=NOW,
    )  # fmt: skip
    product = make_product(world, kind="service", price=D("0.33"))
    order = make_order(world, [LineInput(product_id=product.id, quantity=D(1))] * 3, customer=make_customer(world))
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    first = SalesOrderLine.objects.filter(order=order).earliest("position")

    parts = [
        issue_invoice(
            invoice_id=invoice_order(order_id=order.id, basis="ordered", quantities=part, by=world.owner, at=NOW),
            by=world.owner, at=NOW,
        )
        for part in ({first.id: D(1)}, None)
    ]  # fmt: skip

    assert (order.net, order.tax, order.total) == (D("0.99"), D("0.19"), D("1.18"))
    assert sum(one.tax for one in parts) == D("0.19")
    assert sum(one.total for one in parts) == order.total
    assert sum(payable(one) for one in parts) == D("0.19")


def test_a_narrower_place_of_a_rate_needs_its_country() -> None:
    world = make_world(npwp=TIN)
    before = catalog_settings(world.company.id).tax_rates

    with pytest.raises(Invalid) as refusal:
        rates_of(world, "general", NewTaxRate(date(2026, 1, 1), "04", D(12), 11, 12, region="Bali"))

    assert refusal.value.field == "rates.0.region"
    assert catalog_settings(world.company.id).tax_rates == before
