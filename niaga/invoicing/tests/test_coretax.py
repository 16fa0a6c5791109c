"""The Coretax file: what it holds of an invoice, to the rupiah, and what it refuses."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from niaga.invoicing.rules.coretax import (
    SCHEMA,
    Serial,
    TaxBuyer,
    TaxFault,
    TaxInvoice,
    TaxLine,
    faults_of,
    in_rupiah,
    price_and_discount,
    read_serial,
    xml_of,
)

D = Decimal
TIN = "0012345678901000"
XSD = etree.XMLSchema(etree.parse(str(SCHEMA)))
BUYER = TaxBuyer("PT Maju <Bersama>", "npwp", "0098765432101000", "Jl. Darmo 12, Surabaya", "a@b.co.id")


def line(**facts: Any) -> TaxLine:
    given = {
        "name": "Kopi & teh", "opt": "A", "unit": "UM.0021", "price": D(100_277), "quantity": D(1), "net": D(100_277),
        "other_base": D(91_921), "rate": D(12), "tax": D(11_031), "code": "04", **facts,
    }  # fmt: skip
    return TaxLine(**given)


def invoice(*lines: TaxLine, **facts: Any) -> TaxInvoice:
    given = {
        "number": "INV-2026-00001", "day": date(2026, 11, 26), "seller_nitku": TIN + "000000", "buyer": BUYER,
        "currency": "IDR", "prices_include_tax": False, "lines": lines or (line(),), **facts,
    }  # fmt: skip
    return TaxInvoice(**given)


def codes(found: TaxInvoice, tin: str = TIN) -> list[TaxFault]:
    return [fault for fault, _about in faults_of(found, seller_tin=tin)]


def test_the_file_has_the_fields_of_the_tax_office_in_their_order() -> None:
    tree = etree.fromstring(xml_of([invoice()], seller_tin=TIN))

    XSD.assertValid(tree)
    [one] = tree.iter("TaxInvoice")
    assert [child.tag for child in one] == [
        "TaxInvoiceDate", "TaxInvoiceOpt", "TrxCode", "AddInfo", "CustomDoc", "CustomDocMonthYear", "RefDesc",
        "FacilityStamp", "SellerIDTKU", "BuyerTin", "BuyerDocument", "BuyerCountry", "BuyerDocumentNumber",
        "BuyerName", "BuyerAdress", "BuyerEmail", "BuyerIDTKU", "ListOfGoodService",
    ]  # fmt: skip
    assert (tree.findtext("TIN"), one.findtext("TaxInvoiceDate"), one.findtext("TrxCode")) == (TIN, "2026-11-26", "04")
    assert (one.findtext("BuyerTin"), one.findtext("BuyerName")) == ("0098765432101000", "PT Maju <Bersama>")
    assert one.findtext("BuyerIDTKU") == "0098765432101000000000"
    [goods] = one.iter("GoodService")
    assert {child.tag: child.text for child in goods} == {
        "Opt": "A", "Code": "000000", "Name": "Kopi & teh", "Unit": "UM.0021", "Price": "100277", "Qty": "1",
        "TotalDiscount": "0", "TaxBase": "100277", "OtherTaxBase": "91921", "VATRate": "12", "VAT": "11031",
        "STLGRate": "0", "STLG": "0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "number", "document"),
    [("nik", "3578012304850001", "National ID"), ("passport", "X1234567", "Passport"), ("other", "K-77", "Other ID")],
)
def test_a_buyer_without_a_tin_has_sixteen_zeros_and_the_number_beside(kind: str, number: str, document: str) -> None:
    buyer = TaxBuyer("Ibu Sari", kind, number, "Jl. Melati 5", country="NLD")

    tree = etree.fromstring(xml_of([invoice(buyer=buyer)], seller_tin=TIN))

    XSD.assertValid(tree)
    [one] = tree.iter("TaxInvoice")
    names = ("BuyerTin", "BuyerDocument", "BuyerDocumentNumber", "BuyerIDTKU", "BuyerCountry")
    assert [one.findtext(name) for name in names] == ["0" * 16, document, number, "000000", "NLD"]


def test_every_fault_is_named() -> None:
    nobody = TaxBuyer("Toko", "", "", " ")
    cases = [
        (invoice(), TIN, []),
        (invoice(), "01.234", [TaxFault.SELLER_TIN]),
        (invoice(buyer=nobody), TIN, [TaxFault.BUYER_ID, TaxFault.BUYER_ADDRESS]),
        (invoice(buyer=TaxBuyer("Toko", "npwp", "123", "Jl. 1")), TIN, [TaxFault.BUYER_ID_FORM]),
        (invoice(line(net=D("0.5")), currency="USD"), TIN, [TaxFault.CURRENCY]),
        (invoice(currency="USD", currency_rate=D(16_450)), TIN, []),
        (invoice(line(), line(code="01")), TIN, [TaxFault.TWO_CODES]),
        (invoice(advances="INV-1"), TIN, [TaxFault.ADVANCE]),
        (invoice(line(net=D(-1))), TIN, [TaxFault.ADVANCE]),
        (invoice(units_without_code=("dus",)), TIN, [TaxFault.UNIT_CODE]),
        (invoice(line(code="08", tax=D(0))), TIN, [TaxFault.FACILITY]),
        (invoice(line(code="07"), add_info="TD.00501", facility_stamp="TD.01101"), TIN, []),
        (invoice(line(net=D("0.5"))), TIN, [TaxFault.NOT_WHOLE]),
    ]  # fmt: skip

    assert [codes(found, tin) for found, tin, _expected in cases] == [expected for _f, _t, expected in cases]


def test_five_thousand_rupiah_with_tax_in_them() -> None:
    """DPP 4,504 and PPN 495 make 4,999: the rupiah is the invoice's rounding, never in the tax."""
    five = line(price=D(5_000), net=D(4_504), other_base=D(4_129), tax=D(495))

    price, discount = price_and_discount(five, prices_include_tax=True)

    assert (price, discount) == (D(4_504), D(0))
    XSD.assertValid(etree.fromstring(xml_of([invoice(five, prices_include_tax=True)], seller_tin=TIN)))


@given(
    price=st.decimals(min_value=0, max_value=10**7, places=4),
    quantity=st.decimals(min_value=D("0.001"), max_value=10**4, places=3),
    share=st.integers(0, 100),
    inclusive=st.booleans(),
)
def test_price_times_quantity_less_discount_is_exactly_the_base(
    price: D, quantity: D, share: int, *, inclusive: bool
) -> None:
    base = (price * quantity * share / 100).quantize(D(1))
    sold = line(price=price, quantity=quantity, net=base)

    shown, discount = price_and_discount(sold, prices_include_tax=inclusive)

    assert shown * quantity - discount == base
    assert shown >= 0
    assert discount >= 0


def test_a_line_in_another_currency_is_turned_into_rupiah_base_first() -> None:
    """USD 100.25 at 16,450.55 is 1,649,167.6375: the base is rounded, then 11/12 of it, then 12 % of that."""
    dollars = line(price=D("50.125"), quantity=D(2), net=D("100.25"), other_base=D("91.90"), tax=D("11.03"))

    rupiah = in_rupiah(dollars, rate=D("16450.55"), numerator=11, denominator=12)
    price, discount = price_and_discount(rupiah, prices_include_tax=False)

    assert (rupiah.net, rupiah.other_base, rupiah.tax) == (D(1_649_168), D(1_511_737), D(181_408))
    assert (rupiah.price, price, discount) == (D("824583.82"), D("824584.00"), D(0))
    XSD.assertValid(
        etree.fromstring(xml_of([invoice(rupiah, currency="USD", currency_rate=D("16450.55"))], seller_tin=TIN))
    )


@given(
    price=st.decimals(min_value=0, max_value=10**5, places=2),
    quantity=st.decimals(min_value=D("0.001"), max_value=10**3, places=3),
    rate=st.decimals(min_value=D("0.01"), max_value=10**5, places=6),
    share=st.integers(0, 100),
    fraction=st.sampled_from([(11, 12), (1, 1)]),
)
def test_whatever_the_rate_the_rupiah_are_whole_and_price_and_discount_give_the_base(
    price: D, quantity: D, rate: D, share: int, fraction: tuple[int, int]
) -> None:
    net = (price * quantity * share / 100).quantize(D("0.01"))
    sold = line(price=price, quantity=quantity, net=net)

    rupiah = in_rupiah(sold, rate=rate, numerator=fraction[0], denominator=fraction[1])
    shown, discount = price_and_discount(rupiah, prices_include_tax=False)

    assert shown * quantity - discount == rupiah.net
    assert abs(rupiah.net - net * rate) <= D("0.5")
    assert codes(invoice(rupiah, currency="USD", currency_rate=rate)) == []
    XSD.assertValid(etree.fromstring(xml_of([invoice(rupiah, currency="USD", currency_rate=rate)], seller_tin=TIN)))


@given(name=st.text(max_size=60), address=st.text(max_size=60))
def test_whatever_is_written_makes_a_file(name: str, address: str) -> None:
    buyer = TaxBuyer(f"x{name}", "npwp", "0098765432101000", f"y{address}")

    tree = etree.fromstring(xml_of([invoice(line(name=f"z{name}"), buyer=buyer)], seller_tin=TIN))

    XSD.assertValid(tree)
    assert len(list(tree.iter("GoodService"))) == 1


def test_a_file_holds_a_thousand_and_not_one_more() -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        xml_of([invoice()] * 1001, seller_tin=TIN)
    with pytest.raises(ValueError, match="not 0"):
        xml_of([], seller_tin=TIN)
    XSD.assertValid(etree.fromstring(xml_of([invoice()] * 1000, seller_tin=TIN)))


@pytest.mark.parametrize(
    "text", ["04002600000000123", "04.00.26-00000000123", "'04002600000000123", "0400 2600 000000123"]
)
def test_a_serial_is_read_however_it_is_written(text: str) -> None:
    serial = read_serial(text)

    assert (serial.digits, serial.code, serial.is_replacement) == ("04002600000000123", "04", False)
    assert str(serial) == "04.00.26.00000000123"
    assert Serial("04012600000000123").own == serial.own


@pytest.mark.parametrize(
    "text", ["", "4002600000000123", "99002600000000123", "0400260000000012x", "٠٤٠٠٢٦٠٠٠٠٠٠٠٠١٢٣"]
)
def test_what_is_no_serial_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_serial(text)
