"""Finance's whole month at the tax office in a real browser: check, mend, file, serials back, replacement,
cancellation, the buyer's nota retur.

With `NIAGA_PICTURES=docs/screens` the pictures of the docs are drawn on the way.
"""

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from lxml import etree

from niaga.core.clock import now
from niaga.imports.services.run_import import run_import
from niaga.invoicing.models import BuyerReturn, Invoice, TaxFiling, TaxSerial
from niaga.parties.models import Customer
from niaga.parties.services.save_address import save_address
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, make_customer, make_issued_invoice, make_product, make_user, make_world

MONTH = "/tax-invoices/check?month=2026-11"


def picture(page: Any, name: str) -> None:
    folder = os.environ.get("NIAGA_PICTURES")
    if folder:
        page.wait_for_timeout(600)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def bill(world: World, product: Any, quantity: int, customer: Customer) -> Invoice:
    return make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(quantity))], customer=customer)


def buyer(world: World, name: str, **facts: Any) -> Customer:
    customer = make_customer(world, name=name, **facts)
    save_address(
        customer_id=customer.id, label="Kantor", street="Jl. Darmo 12", city="Surabaya", by=world.owner, at=NOW
    )
    return customer


def say(page: Any, dialog: str, **fields: str) -> None:
    """Open a dialog of the page, fill it in and send it."""
    button = page.locator(f"button[data-dialog={dialog}]").first
    if not button.is_visible():
        page.locator(".acts [aria-label=Lainnya]").click()
    button.click()
    inside = page.locator(f"#{dialog}[open]")
    for name, value in fields.items():
        inside.locator(f"[name={name}]").fill(value)
    inside.locator("button[type=submit]").last.click()
    page.wait_for_selector(f"#{dialog}[open]", state="detached")


def bring_in(page: Any, path: Path, by: Any) -> None:
    """Send a file of serial numbers; what a worker does in between is done here."""
    page.set_input_files("input[type=file]", str(path))
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}$"))
    here = page.url
    page.locator("main form[action$='/runs'] button[type=submit].go").last.click()
    for dry_run in (True, False):
        page.wait_for_selector("#import [role=status]")
        run_import(batch_id=UUID(here.rsplit("/", 1)[1]), dry_run=dry_run, by=by, at=now())
        if dry_run:
            page.wait_for_selector("text=Impor sekarang")
            page.locator("text=Impor sekarang").click()
    page.wait_for_selector(".acts a[href='/tax-invoices']")


def test_finance_takes_a_month_to_the_tax_office_and_back(open_page: Any, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    world = make_world(npwp="0012345678901000", name="PT Sumber Rejeki")
    product = make_product(world, kind="service", name="Kopi robusta sangrai 1 kg", price=Decimal(100_277))
    maju = buyer(world, "PT Maju Bersama", tax_id_kind="npwp", tax_id="0098765432101000")
    nobody = buyer(world, "Toko Makmur Jaya")
    invoices = [bill(world, product, quantity, customer) for quantity, customer in ((1, maju), (3, maju), (2, nobody))]
    first, second, third = invoices
    finance = make_user(world.company, "finance", name="Dewi Lestari")

    # the month is checked: two are fit, one buyer has no number
    page = open_page(MONTH, by=finance)
    page.wait_for_selector("text=2 faktur dapat dilaporkan")
    page.wait_for_selector("text=Toko Makmur Jaya belum punya NPWP")
    picture(page, "11-tax-check")

    # it is mended at the customer, and the customer's facts are taken
    page.locator("text=Tulis nomornya di pelanggan").click()
    page.wait_for_url("**/customers/*/edit")
    page.select_option("[name=tax_id_kind]", "nik")
    page.fill("[name=tax_id]", "3578012304850001")
    page.locator("main .form-foot .btn.go").last.click()
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}$"))
    page.goto(page.url.split("/customers/")[0] + MONTH)
    page.locator("button:has-text('Ambil data pelanggan')").click()
    page.wait_for_selector("text=3 faktur dapat dilaporkan")

    # the file
    page.locator("text=Buat berkas Coretax").click()
    page.wait_for_url(re.compile(r"/tax-invoices/files/[0-9a-f-]{36}$"))
    picture(page, "12-tax-file")
    with page.expect_download() as handed_out:
        page.locator("a[download]").click()
    tree = etree.parse(str(handed_out.value.path()))
    taxes = {one.findtext("RefDesc"): Decimal(one.findtext(".//VAT")) for one in tree.iter("TaxInvoice")}
    assert taxes == {one.number: one.tax for one in invoices}
    assert taxes[first.number] == Decimal(11_031)

    # the serial numbers come back
    back = tmp_path / "coretax.csv"
    rows = [f"{one.number},0400260000000010{place},2026-11-26,APPROVED" for place, one in enumerate(invoices, 1)]
    back.write_text("Referensi,Nomor Faktur Pajak,Tanggal Faktur Pajak,Status Faktur\n" + "\n".join(rows) + "\n")
    page.locator("text=Bawa nomor seri masuk").or_(page.locator("a[href*='kind=tax_serials']")).first.click()
    page.wait_for_url("**/imports/new*")
    bring_in(page, back, finance)
    page.goto(page.url.split("/imports/")[0] + "/tax-invoices")
    page.wait_for_selector("text=04.00.26.00000000103")
    picture(page, "13-tax-invoices")
    assert set(TaxFiling.objects.values_list("status", flat=True)) == {"filed"}

    # one is replaced in Coretax, one is cancelled there
    home = page.url.split("/tax-invoices")[0]
    page.goto(f"{home}/invoices/{first.pk}")
    say(page, "tax-serial", serial="04.01.26.00000000101", date="2026-11-27")
    page.wait_for_selector("text=04.01.26.00000000101")
    picture(page, "14-tax-replaced")
    page.goto(f"{home}/invoices/{second.pk}")
    say(page, "tax-cancellation", reason="Pembeli salah")
    page.wait_for_selector("text=Dibatalkan di Coretax")

    # goods of the third come back: our credit note, and the buyer's nota retur
    say(page := open_page(f"/invoices/{third.pk}", by=finance), "credit", reason="Rusak di jalan")
    page.wait_for_url(lambda url: str(third.pk) not in url)
    note_page = page.url
    page.locator(".acts .btn.go:visible").first.click()
    page.locator("dialog[open] button[type=submit]").last.click()
    page.wait_for_selector("text=Nota retur")
    page.goto(f"{home}/tax-invoices/returns")
    page.wait_for_selector("tbody :text('Nota retur belum diterima')")
    page.goto(note_page)
    say(page, "buyer-return", number="NR-0007/XI/2026", date="2026-11-27")
    page.goto(f"{home}/tax-invoices/returns")
    page.wait_for_selector("text=NR-0007/XI/2026")
    picture(page, "15-tax-returns")

    filings = {one.invoice_id: one for one in TaxFiling.objects.all()}
    assert filings[first.pk].serial == "04012600000000101"
    assert (filings[second.pk].status, filings[second.pk].reason) == ("cancelled", "Pembeli salah")
    assert TaxSerial.objects.count() == 4
    assert BuyerReturn.objects.get().number == "NR-0007/XI/2026"
    for one in invoices:
        before = (one.net, one.tax, one.total, one.party)
        one.refresh_from_db()
        assert (one.net, one.tax, one.total, one.party) == before


def test_finance_writes_the_weeks_rates_where_an_invoice_waits_for_them(
    open_page: Any, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    world = make_world(npwp="0012345678901000", currency="USD")
    product = make_product(world, kind="service", price=Decimal("50.125"))
    bill(world, product, 2, buyer(world, "PT Maju Bersama", tax_id_kind="npwp", tax_id="0098765432101000"))
    page = open_page(MONTH, by=make_user(world.company, "finance"), comes_back=True)

    page.locator("text=Tulis kurs minggu itu").click()
    page.wait_for_url("**/tax-invoices/rates/new*")
    assert page.input_value("[name=valid_from]") == "2026-11-18"
    page.fill("[name=rows]", "USD 16.450,55\nXXY 5")
    page.locator("main .form-foot .btn.go").last.click()
    page.wait_for_selector("text=XXY")
    page.fill("[name=rows]", "USD 16.450,55\nEUR 17.900")
    page.locator("main .form-foot .btn.go").last.click()
    page.wait_for_url("**/tax-invoices/rates")
    page.wait_for_selector("text=16.450,55")
    picture(page, "16-tax-rates")
    page.goto(page.url.split("/tax-invoices")[0] + MONTH)

    page.wait_for_selector("text=1 faktur dapat dilaporkan")
    page.wait_for_selector("text=Rp 181.408")
