"""Tax outside of Indonesia by the same tables: rates with dates, what they are for, and how they are rounded.

Germany: 19 % and 7 %, prices that hold their tax, the half year of lower rates, tax once a document, a business buyer
of another member state and an export without tax. The United States: state and county by where the goods go, prices
without tax, a buyer with a certificate.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from niaga.catalog.models import TaxCategory as Category
from niaga.catalog.queries.catalog_settings import catalog_settings
from niaga.catalog.rules.tax_rates import NewTaxRate
from niaga.catalog.services.save_tax_category import save_tax_category
from niaga.core.errors import Invalid
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.queries.tax_filings import taxed_invoices
from niaga.ledger.models import JournalLine
from niaga.pricing.rules import (
    LineKind,
    LineRequest,
    PricedDocument,
    PriceRequest,
    TaxCategory,
    TaxPolicy,
    TaxRate,
    TaxRounding,
    price_lines,
)
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from tests.makers import NOW, World, make_issued_invoice, make_product, make_world

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 11, 23)
ONCE = (TaxPolicy(TaxRounding.DOCUMENT),)
GERMANY = {
    "full": ("Regelsteuersatz", [(date(2007, 1, 1), "19"), (date(2020, 7, 1), "16"), (date(2021, 1, 1), "19")]),
    "reduced": ("Ermäßigt", [(date(2007, 1, 1), "7"), (date(2020, 7, 1), "5"), (date(2021, 1, 1), "7")]),
    "reverse": ("Steuerschuld des Empfängers", [(date(2007, 1, 1), "0")]),
    "export": ("Ausfuhr", [(date(2007, 1, 1), "0")]),
}
CALIFORNIA = {
    "los-angeles": ("Los Angeles County", [(date(2017, 7, 1), "9.5"), (date(2025, 4, 1), "9.75")]),
    "orange": ("Orange County", [(date(2017, 4, 1), "7.75")]),
    "oregon": ("Oregon, no sales tax", [(date(2017, 1, 1), "0")]),
}


def company(rates: dict[str, Any], **profile: Any) -> tuple[World, dict[str, TaxCategory]]:
    """A company with its country's rates written as a person writes them, and as the price engine takes them."""
    world = make_world(npwp="", **profile)
    for code, (name, rows) in rates.items():
        save_tax_category(
            company_id=world.company.id, code=code, name=name, by=world.owner, at=NOW,
            rates=[NewTaxRate(day, "", D(percent)) for day, percent in rows],
        )  # fmt: skip
    rows = catalog_settings(world.company.id).tax_rates
    made = {
        code: TaxCategory(code, tuple(TaxRate(row.percent, row.valid_from) for row in held))
        for code, held in rows.values()
    }
    return world, {code: made[code] for code in rates}


def germany(**profile: Any) -> tuple[World, dict[str, TaxCategory]]:
    facts = {"currency": "EUR", "country": "DE", "zone": "Europe/Berlin", "language": "en"}
    return company(GERMANY, **{**facts, **profile})


def line(tax: TaxCategory | None, price: str, quantity: str = "1", **facts: Any) -> LineRequest:
    return LineRequest(facts.pop("key", "1"), D(quantity), "pcs", manual_price=D(price), tax=tax, **facts)


def priced(currency: str, *lines: LineRequest, day: date = DAY, **facts: Any) -> PricedDocument:
    numbered = [replace(one, key=str(place)) for place, one in enumerate(lines, 1)]
    return price_lines(PriceRequest(currency, day, tuple(numbered), **facts))


def payable(invoice: Invoice) -> Decimal:
    rows = JournalLine.objects.filter(entry__source_id=invoice.id, role="tax_payable")
    return -sum((row.amount for row in rows), D(0))


# --- Germany ---------------------------------------------------------------------------------------------------------


def test_a_german_shop_with_tax_in_its_prices_bills_nineteen_and_seven_percent() -> None:
    world, _taxes = germany(prices_include_tax=True)
    chair = make_product(world, kind="service", tax_category="full", price=D("119.00"))
    book = make_product(world, kind="service", tax_category="reduced", price=D("9.99"))

    invoice = make_issued_invoice(world, [LineInput(product_id=chair.id), LineInput(product_id=book.id, quantity=D(3))])

    lines = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
    assert [(one.tax_rate, one.net, one.tax) for one in lines] == [
        (D(19), D("100.00"), D("19.00")), (D(7), D("28.01"), D("1.96")),
    ]  # fmt: skip
    assert (invoice.currency, invoice.net, invoice.tax, invoice.rounding) == ("EUR", D("128.01"), D("20.96"), D(0))
    assert invoice.total == D("148.97") == D("119.00") + 3 * D("9.99")
    assert payable(invoice) == invoice.tax


def test_what_has_no_transaction_code_is_not_filed_with_the_indonesian_tax_office() -> None:
    world, _taxes = germany()
    product = make_product(world, kind="service", tax_category="full", price=D(100))

    invoice = make_issued_invoice(world, [LineInput(product_id=product.id)])
    credit_id = credit_invoice(invoice_id=invoice.id, reason="Rusak", by=world.owner, at=NOW)

    assert invoice.tax == D("19.00")
    assert taxed_invoices(by=world.owner).count() == 0
    assert Invoice.objects.get(pk=credit_id).tax == D("19.00")
    home = make_world(npwp="0012345678901000")
    with pytest.raises(Invalid):
        save_tax_category(
            company_id=home.company.id, code="x", name="x", rates=[NewTaxRate(DAY, "", D(11))], by=home.owner, at=NOW
        )
    assert not Category.objects.filter(company=home.company, code="x").exists()


def test_the_half_year_of_lower_rates_holds_on_its_own_days() -> None:
    _world, taxes = germany()

    both = (line(taxes["full"], "1"), line(taxes["reduced"], "1"))
    found = {
        day: [one.tax_rate for one in priced("EUR", *both, day=day).lines]
        for day in (date(2020, 6, 30), date(2020, 7, 1), date(2020, 12, 31), date(2021, 1, 1))
    }  # fmt: skip

    assert found == {
        date(2020, 6, 30): [D(19), D(7)], date(2020, 7, 1): [D(16), D(5)], date(2020, 12, 31): [D(16), D(5)],
        date(2021, 1, 1): [D(19), D(7)],
    }  # fmt: skip


def test_tax_is_rounded_once_a_document_where_that_is_the_custom() -> None:
    """Three times 0.33 at 19 %: 0.06 each is 0.18, once on 0.99 it is 0.19."""
    _world, taxes = germany()
    cheap = [line(taxes["full"], "0.33")] * 3
    mixed = [*cheap, line(taxes["reduced"], "10.07")]

    by_line, once = priced("EUR", *cheap), priced("EUR", *mixed, policies=ONCE)

    assert by_line.tax == D("0.18")
    assert [(group.rate, group.net, group.tax) for group in once.tax_groups] == [
        (D(19), D("0.99"), D("0.19")), (D(7), D("10.07"), D("0.70")),
    ]  # fmt: skip
    assert sum(one.tax for one in once.lines) == once.tax == D("0.89")
    assert once.net + once.tax + once.rounding == once.total


def test_prices_with_tax_in_them_are_kept_when_tax_is_rounded_once() -> None:
    _world, taxes = germany()

    document = priced("EUR", *[line(taxes["full"], "0.99")] * 7, prices_include_tax=True, policies=ONCE)

    assert (document.net, document.tax, document.rounding) == (D("5.82"), D("1.11"), D(0))
    assert document.total == D("6.93") == 7 * D("0.99")


def test_a_business_of_another_member_state_and_an_export_are_billed_without_tax() -> None:
    """The same goods: who buys decides which category is asked for."""
    _world, taxes = germany()

    abroad = priced("EUR", line(taxes["reverse"], "250.00", "4"), policies=ONCE)
    overseas = priced("EUR", line(taxes["export"], "250.00", "4"), policies=ONCE)

    for document, code in ((abroad, "reverse"), (overseas, "export")):
        assert (document.net, document.tax, document.total) == (D(1000), D(0), D(1000))
        assert [group.code for group in document.tax_groups] == [code]


# --- the United States -----------------------------------------------------------------------------------------------


def test_an_american_sale_is_taxed_where_the_goods_go() -> None:
    _world, taxes = company(CALIFORNIA, currency="USD", country="US", zone="America/Los_Angeles", language="en")

    found = {
        place: priced("USD", line(taxes[place], "19.99", "3"), line(taxes[place], "4.25"), policies=ONCE)
        for place in CALIFORNIA
    }

    assert {place: (one.net, one.tax, one.total) for place, one in found.items()} == {
        "los-angeles": (D("64.22"), D("6.26"), D("70.48")),
        "orange": (D("64.22"), D("4.98"), D("69.20")),
        "oregon": (D("64.22"), D("0.00"), D("64.22")),
    }
    before = priced("USD", line(taxes["los-angeles"], "100"), day=date(2025, 3, 31))
    assert (before.tax, before.lines[0].tax_rate) == (D("9.50"), D("9.5"))


def test_a_buyer_with_a_certificate_and_freight_outside_of_tax_pay_none() -> None:
    _world, taxes = company(CALIFORNIA, currency="USD", country="US", zone="America/Los_Angeles", language="en")
    freight = line(None, "15.00", kind=LineKind.CHARGE)

    private = priced("USD", line(taxes["orange"], "100.00"), freight, policies=ONCE)
    school = priced("USD", line(None, "100.00"), freight, policies=ONCE)

    assert (private.net, private.tax, private.total) == (D("115.00"), D("7.75"), D("122.75"))
    assert (school.net, school.tax, school.total) == (D("115.00"), D(0), D("115.00"))


def test_an_american_invoice_goes_the_whole_way_to_the_books() -> None:
    world, _taxes = company(CALIFORNIA, currency="USD", country="US", zone="America/Los_Angeles", language="en")
    product = make_product(world, kind="service", tax_category="los-angeles", price=D("19.99"))

    invoice = make_issued_invoice(world, [LineInput(product_id=product.id, quantity=D(3), discount_percent=D(10))])

    assert (invoice.net, invoice.tax, invoice.total) == (D("53.97"), D("5.26"), D("59.23"))
    assert payable(invoice) == D("5.26")
    assert invoice.date == datetime(2026, 11, 22, tzinfo=UTC).date()
