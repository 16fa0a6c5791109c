"""Drawn invoices through the tax file: invoice, ledger and XML hold the same rupiah.

Two ways, from one seed. `NIAGA_ISSUED` invoices go the whole way through the services: order, confirmation, bill (some
in two parts), issue, check, file; the file is read back from the store and compared with the rows of the database.
`NIAGA_TAX_INVOICES` more are drawn through the pure functions that make those rows (`price_lines`, `bill_part`,
`invoice_postings`, `xml_of`), in files of a thousand. `make test` runs small counts; `make soak` the full ones.

Drawn are all that changes what is filed: goods with PPnBM, exempt goods, collectors (02, 03), buyers to whom nothing is
charged (07, 08), and buyers abroad, whose invoices have no code and are in no file.
"""

import os
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum
from lxml import etree

from niaga.catalog.models import TaxCategory as Category
from niaga.catalog.rules.tax_rates import INDONESIA, NewTaxRate
from niaga.catalog.services.save_tax_category import save_tax_category
from niaga.core.money import round_amount
from niaga.documents import store
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.queries.tax_filings import checked_for_filing, taxed_invoices
from niaga.invoicing.rules.coretax import MOST, SCHEMA, TaxBuyer, TaxFault, TaxInvoice, TaxLine, faults_of, xml_of
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.ledger.models import JournalLine
from niaga.ledger.rules.postings import invoice_postings
from niaga.organization.services.set_fiscal_setting import set_fiscal_setting
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.pricing.rules import LineKind, LineRequest, PriceRequest, TaxCategory, TaxPolicy, TaxRate, price_lines
from niaga.sales.models import SalesOrderLine
from niaga.sales.rules.billing import FrozenLine, Part, bill_part
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, make_customer, make_order, make_product, make_world

SEED = int(os.environ.get("NIAGA_SEED", "20261126"))
ISSUED = int(os.environ.get("NIAGA_ISSUED", "40"))
DRAWN = int(os.environ.get("NIAGA_TAX_INVOICES", "2000"))
SHOPS = ((False, 0), (True, 0), (False, 100), (True, 100))
"""Whether prices hold their tax, and to what the total is rounded."""
SHARES = 2
"""So that two processes share the work."""
TIN = "0012345678901000"
D = Decimal
NOUGHT = D(0)
PPNBM = "ppnbm"
CATEGORIES = {**INDONESIA, PPNBM: (NewTaxRate(date(2010, 4, 1), "01", D(12), luxury_percent=D("67.5")),)}
"""Those that a company starts with, and goods with PPnBM."""
TREATMENTS: dict[str, dict[str, Any]] = {
    "02": {}, "03": {}, **{code: {"is_taxed": False, "add_info": "TD.00501", "facility_stamp": "TD.01101"}
                           for code in ("07", "08")},
}  # fmt: skip
ABROAD = "abroad"
XSD = etree.XMLSchema(etree.parse(str(SCHEMA)))
STAMPED = ("exempt", "not_collected")
FACILITY = ("TD.00501", "TD.01101")
GROSS_WITHOUT_BASE = (5_000, 15_000, 25_000)
"""Prices with tax in them that no whole base gives back: the rupiah is rounding, never tax."""


@dataclass(frozen=True)
class Booked:
    """An invoice as its own row, or its pure making, has it."""

    net: D
    tax: D
    luxury_tax: D
    rounding: D
    total: D
    lines: Sequence[tuple[D, D, D, D, D]]
    """Quantity, net, other base, tax and luxury tax of each."""
    payable: D
    """PPN in the ledger."""
    luxury_payable: D
    revenue: D


FIELDS = ("Qty", "TaxBase", "OtherTaxBase", "VAT", "STLG")


def compare(content: bytes, booked: dict[str, Booked]) -> None:
    """Read the file back and hold each of its figures against the invoice's and the ledger's."""
    tree = etree.fromstring(content)
    XSD.assertValid(tree)
    met = set()
    for one in tree.iter("TaxInvoice"):
        number = one.findtext("RefDesc")
        own = booked[number]
        met.add(number)
        goods = list(one.iter("GoodService"))
        figures = [tuple(D(each.findtext(name)) for name in FIELDS) for each in goods]
        assert figures == [tuple(line) for line in own.lines], number
        base, tax, luxury = (sum(row[place] for row in figures) for place in (1, 3, 4))
        assert (base, tax, luxury) == (own.net, own.tax, own.luxury_tax), number
        assert (base, tax, luxury) == (own.revenue, own.payable, own.luxury_payable), number
        assert base + tax + luxury + own.rounding == own.total, number
        for each, (quantity, net, *_rest) in zip(goods, figures, strict=True):
            price, discount = D(each.findtext("Price")), D(each.findtext("TotalDiscount"))
            assert price * quantity - discount == net, number
            rate, other, vat = (D(each.findtext(name)) for name in ("VATRate", "OtherTaxBase", "VAT"))
            assert vat == round_amount(other * rate / 100, "IDR"), number
            assert D(each.findtext("STLG")) == round_amount(net * D(each.findtext("STLGRate")) / 100, "IDR"), number
    assert met == set(booked)


# --- what is drawn ---------------------------------------------------------------------------------------------------


def price_of(dice: random.Random) -> D:
    return D(
        dice.choice(
            (dice.choice(GROSS_WITHOUT_BASE), dice.randrange(1, 2_000), dice.randrange(1_000, 5_000_000),
             dice.randrange(10**8, 10**9))
        )
    )  # fmt: skip


def line_discount(dice: random.Random, amount: D) -> dict[str, D]:
    kind = dice.random()
    if kind < 0.25:
        return {"discount_percent": D(dice.randrange(1, 10_000)) / 100}
    if kind < 0.4:
        return {"discount_amount": D(dice.randrange(0, int(amount) + 1))}
    return {}


def document_discount(dice: random.Random, amount: D) -> dict[str, D]:
    kind = dice.random()
    if kind < 0.2:
        return {"discount_percent": D(dice.randrange(1, 5_000)) / 100}
    if kind < 0.35:
        return {"discount_amount": D(dice.randrange(0, int(amount) // 3 + 1))}
    return {}


def quantity_of(dice: random.Random, digits: int) -> D:
    return D(dice.randrange(1, 500)) if not digits else D(dice.randrange(1, 500_000)) / 1_000


# --- the whole way ---------------------------------------------------------------------------------------------------


@dataclass
class Shop:
    world: World
    customers: dict[str, Any]
    """By how they are treated; empty: as everybody."""
    products: dict[str, list[tuple[Any, int]]]
    """By tax category: products with the decimals of their unit."""
    charges: dict[str, Any]


def make_shop(*, inclusive: bool, step: int) -> Shop:
    world = make_world(npwp=TIN)
    company: dict[str, Any] = {"company_id": world.company.id, "by": world.owner, "at": NOW}
    set_fiscal_setting(
        **company, valid_from=date(2026, 1, 1), charges_tax=True, prices_include_tax=inclusive, round_total_to=D(step),
    )  # fmt: skip
    held = {one.code: one.id for one in Category.objects.filter(company=world.company)}
    for code, rates in CATEGORIES.items():
        stamps = {"add_info": FACILITY[0], "facility_stamp": FACILITY[1]} if code in STAMPED else {}
        away = NewTaxRate(date(2010, 4, 1), "", NOUGHT, country="*", note="Ekspor")
        save_tax_category(
            **company, code=code, name=code, rates=[*rates, away], category_id=held.get(code), **stamps,
        )  # fmt: skip
    customers = {}
    for code in ("", *TREATMENTS, ABROAD):
        customer = customers[code] = make_customer(world, tax_id_kind="npwp", tax_id="0098765432101000")
        country = "SG" if code == ABROAD else "ID"
        save_address(customer_id=customer.id, label="Kantor", street="Jl. Darmo 12", country=country, by=world.owner,
                     at=NOW)  # fmt: skip
        if code in TREATMENTS:
            save_tax_treatment(
                customer_id=customer.id, by=world.owner, at=NOW, valid_from=date(2026, 1, 1), transaction_code=code,
                **TREATMENTS[code],
            )  # fmt: skip
    products = {
        code: [
            (make_product(world, kind="service", tax_category=code, unit=unit), digits)
            for unit, digits in (("pcs", 0), ("kg", 3))
        ]
        for code in CATEGORIES
    }
    charges = {code: make_product(world, kind="charge", tax_category=code) for code in CATEGORIES}
    return Shop(world, customers, products, charges)


def draw_issued(dice: random.Random, shop: Shop) -> list[Invoice]:
    """An order by drawn figures, billed whole or in two parts, and issued."""
    codes = codes_of(dice)
    lines, amount = [], NOUGHT
    for _n in range(dice.randrange(1, 6)):
        product, digits = dice.choice(shop.products[dice.choice(codes)])
        price, quantity = price_of(dice), quantity_of(dice, digits)
        gross = round_amount(price * quantity, "IDR")
        less = line_discount(dice, gross)
        lines.append(LineInput(product_id=product.id, quantity=quantity, unit_price=price, **less))
        amount += gross - less.get("discount_amount", NOUGHT)
        amount -= round_amount(gross * less.get("discount_percent", NOUGHT) / 100, "IDR")
    if dice.random() < 0.3:
        product = shop.charges[codes[0]]
        lines.append(LineInput(kind="charge", product_id=product.id, unit_price=D(dice.randrange(1_000, 90_000))))
    by: dict[str, Any] = {"by": shop.world.owner, "at": NOW}
    customer = shop.customers[dice.choice(("", "", "", *TREATMENTS, ABROAD))]
    order = make_order(shop.world, lines, customer=customer, **document_discount(dice, amount))
    confirm_order(order_id=order.id, **by)
    parts: list[dict[UUID, D] | None] = [None]
    key, whole = SalesOrderLine.objects.filter(order_id=order.id).values_list("id", "quantity")[0]
    if dice.random() < 0.3 and whole > 1:
        parts = [{key: D(dice.randrange(1, int(whole) + 1) if whole == int(whole) else int(whole))}, None]
        if len(lines) == 1 and parts[0] == {key: whole}:
            parts = [None]
    return [
        issue_invoice(invoice_id=invoice_order(order_id=order.id, basis="ordered", quantities=part, **by), **by)
        for part in parts
    ]


def booked_rows(invoices: Sequence[Invoice]) -> dict[str, Booked]:
    """What the database holds of them, ledger and all."""
    ids = [one.id for one in invoices]
    lines = defaultdict(list)
    rows = InvoiceLine.objects.filter(invoice_id__in=ids).exclude(tax_code="").order_by("invoice_id", "position")
    for row in rows.values_list("invoice_id", "quantity", "net", "other_tax_base", "tax", "luxury_tax"):
        lines[row[0]].append(row[1:])
    posted = JournalLine.objects.filter(entry__source_id__in=ids).values_list("entry__source_id", "role")
    ledger = {(source, role): -amount for source, role, amount in posted.annotate(sum=Sum("amount"))}
    return {
        one.number or "": Booked(
            one.net, one.tax, one.luxury_tax, one.rounding, one.total, lines[one.id],
            *(ledger.get((one.id, role), NOUGHT) for role in ("tax_payable", "luxury_tax_payable", "revenue")),
        )
        for one in Invoice.objects.filter(pk__in=ids)
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("inclusive", "step"), SHOPS, ids=["without", "with tax", "to a hundred", "with tax, to a hundred"]
)
def test_drawn_invoices_go_the_whole_way_with_the_same_rupiah_in_invoice_ledger_and_file(
    settings: Any, tmp_path: Any, inclusive: bool, step: int
) -> None:
    settings.DATA_DIR = tmp_path
    dice = random.Random(f"{SEED} {inclusive} {step}")
    shop = make_shop(inclusive=inclusive, step=step)
    wanted = -(-ISSUED // len(SHOPS))
    filed = 0
    while filed < wanted:
        # An order is billed in two parts at most, so half a file of orders is never too many.
        invoices = [one for _n in range(min(wanted - filed, MOST // 2)) for one in draw_issued(dice, shop)]
        coded = set(taxed_invoices(by=shop.world.owner).values_list("id", flat=True))
        for one in invoices:
            if one.id not in coded:  # abroad
                assert (one.tax, one.luxury_tax, one.net + one.rounding) == (NOUGHT, NOUGHT, one.total)
        ids = [one.id for one in invoices if one.id in coded]
        _seller, checked = checked_for_filing(company_id=shop.world.company.id, invoice_ids=ids)
        two = {one.id for one in checked if len({line.code for line in one.facts.lines}) > 1}
        assert {one.id for one in checked if one.faults} == two
        assert all(fault is TaxFault.TWO_CODES for one in checked for fault, _about in one.faults)
        fit = [one for one in invoices if one.id in coded and one.id not in two]
        if not fit:
            continue
        file = make_tax_file(
            company_id=shop.world.company.id, invoice_ids=[one.id for one in fit], by=shop.world.owner, at=NOW
        )
        compare(store.path_of(file.file.sha256).read_bytes(), booked_rows(fit))
        filed += len(fit)

    assert filed >= wanted


# --- by the functions that make the rows ----------------------------------------------------------------------------

RATES = {
    code: TaxCategory(
        code,
        tuple(
            TaxRate(
                rate.percent,
                rate.valid_from,
                None,
                rate.base_numerator,
                rate.base_denominator,
                rate.transaction_code,
                rate.luxury_percent,
            )
            for rate in rates
        ),
    )
    for code, rates in CATEGORIES.items()
}


def treated(category: TaxCategory, code: str) -> TaxCategory:
    """As a buyer with this code is taxed."""
    if not code or not category.rates[-1].charges:
        return category
    if not TREATMENTS[code].get("is_taxed", True):
        return TaxCategory(category.code, (TaxRate(NOUGHT, transaction_code=code),), "buyer")
    rates = tuple(replace(rate, transaction_code=code) for rate in category.rates)
    return TaxCategory(category.code, rates, "buyer")


BUYERS = (
    TaxBuyer("PT Maju & Rekan", "npwp", "0098765432101000", "Jl. Darmo 12", "a@b.co.id"),
    TaxBuyer("Ibu Sari", "nik", "3578012304850001", "Jl. Melati 5"),
    TaxBuyer("Jan <de> Vries", "passport", "X1234567", "Keizersgracht 1", country="NLD"),
)
DAYS = (
    date(2015, 3, 31),
    date(2022, 3, 31),
    date(2022, 4, 1),
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2026, 11, 26),
)
"""Around every change of the rate."""


def codes_of(dice: random.Random) -> list[str]:
    """Mostly one way of being taxed; sometimes two, which no tax invoice may have."""
    if dice.random() < 0.08:
        return dice.sample(list(CATEGORIES), 2)
    return dice.choices(list(CATEGORIES), weights=[6, 2, 1, 1, 3])


def drawn_request(dice: random.Random) -> PriceRequest:
    codes = codes_of(dice)
    taxes = {code: treated(RATES[code], buyer) for buyer in [dice.choice(("", "", *TREATMENTS))] for code in RATES}
    lines, amount = [], NOUGHT
    for place in range(dice.randrange(1, 6)):
        price, quantity = price_of(dice), quantity_of(dice, dice.choice((0, 3)))
        gross = round_amount(price * quantity, "IDR")
        less = line_discount(dice, gross)
        kind = LineKind.CHARGE if place and dice.random() < 0.1 else LineKind.GOODS
        lines.append(
            LineRequest(
                str(place), quantity, "pcs", manual_price=price, kind=kind, tax=taxes[dice.choice(codes)], **less
            )
        )
        if kind is LineKind.GOODS:
            amount += gross - less.get("discount_amount", NOUGHT)
            amount -= round_amount(gross * less.get("discount_percent", NOUGHT) / 100, "IDR")
    step = dice.choice((None, None, D(100)))
    return PriceRequest(
        "IDR", dice.choice(DAYS), tuple(lines), dice.random() < 0.5, policies=(TaxPolicy(total_step=step),),
        **document_discount(dice, amount),
    )  # fmt: skip


def drawn_invoice(dice: random.Random, number: str) -> tuple[TaxInvoice, Booked]:
    """An order priced, billed whole or in part as the services do it, posted, and put into the file's shape."""
    request = drawn_request(dice)
    priced = price_lines(request)
    inclusive = request.prices_include_tax
    fractions = {(group.code, group.rate): group for group in priced.tax_groups}
    in_parts = dice.random() < 0.3
    parts: list[tuple[Part, D]] = []
    lines: list[TaxLine] = []
    for asked, one in zip(request.lines, priced.lines, strict=True):
        group = fractions[one.tax_code, one.tax_rate]
        frozen = FrozenLine(
            asked.quantity, one.amount, one.discount_amount, one.document_discount, one.tax_rate, group.base_numerator,
            group.base_denominator, luxury_rate=one.luxury_rate,
        )  # fmt: skip
        taken = asked.quantity * dice.randrange(1, 10) / 10 if in_parts else asked.quantity
        part = bill_part(
            frozen, already=NOUGHT, quantity=taken, currency="IDR", prices_include_tax=inclusive
        )  # fmt: skip
        if not in_parts:
            assert (part.net, part.other_tax_base, part.tax) == (one.net, one.other_tax_base, one.tax)
            assert part.luxury_tax == one.luxury_tax
        parts.append((part, taken))
        lines.append(
            TaxLine(
                f"Kopi {one.key}", "A", "UM.0021", one.unit_price, taken, part.net, part.other_tax_base, one.tax_rate,
                part.tax, one.transaction_code, one.luxury_rate, part.luxury_tax,
            )
        )  # fmt: skip
    net, tax, luxury, rounding = (
        sum((getattr(part, name) for part, _q in parts), NOUGHT) for name in ("net", "tax", "luxury_tax", "rounding")
    )
    if not in_parts:
        rounding = priced.rounding
    total = net + tax + luxury + rounding
    postings = invoice_postings(net=net, tax=tax, luxury_tax=luxury, rounding=rounding, total=total)
    posted = {line.role: -line.amount for line in postings}
    invoice = TaxInvoice(
        number, request.on_date, TIN + "000000", dice.choice(BUYERS), "IDR", inclusive, lines, add_info=FACILITY[0],
        facility_stamp=FACILITY[1],
    )  # fmt: skip
    own = [(taken, part.net, part.other_tax_base, part.tax, part.luxury_tax) for part, taken in parts]
    return invoice, Booked(
        net, tax, luxury, rounding, total, own,
        *(posted.get(role, NOUGHT) for role in ("tax_payable", "luxury_tax_payable", "revenue")),
    )  # fmt: skip


@pytest.mark.parametrize("share", range(SHARES))
def test_drawn_invoices_come_back_from_the_file_to_the_rupiah(share: int) -> None:
    dice = random.Random(f"{SEED} {share}")
    drawn = refused = no_base = luxury = 0
    seen = set()
    while drawn * SHARES < DRAWN:
        invoices: list[TaxInvoice] = []
        booked: dict[str, Booked] = {}
        while len(invoices) < min(MOST, -(-DRAWN // SHARES) - drawn):
            invoice, own = drawn_invoice(dice, f"INV-{share}-{drawn + len(invoices):06}")
            faults = [fault for fault, _about in faults_of(invoice, seller_tin=TIN)]
            if len({line.code for line in invoice.lines}) > 1:
                assert faults == [TaxFault.TWO_CODES]
                refused += 1
                continue
            assert faults == []
            invoices.append(invoice)
            booked[invoice.number] = own
            no_base += bool(own.rounding)
            luxury += bool(own.luxury_tax)
            seen.add(invoice.lines[0].code)
        compare(xml_of(invoices, seller_tin=TIN), booked)
        drawn += len(invoices)

    assert drawn * SHARES >= DRAWN
    assert no_base
    assert luxury
    assert seen == {"01", "02", "03", "04", "07", "08"}
