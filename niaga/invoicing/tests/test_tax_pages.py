"""The pages around the tax office, as finance meets them."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from niaga.catalog.models import Unit
from niaga.invoicing.models import Invoice, TaxFile, TaxFiling
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.services.create_token import create_token
from niaga.parties.services.save_address import save_address
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from tests.makers import NOW, World, log_in, make_customer, make_issued_invoice, make_product, make_user, make_world

pytestmark = pytest.mark.django_db
MONTH = "2026-11"


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.DATA_DIR = tmp_path
    return make_world(npwp="0012345678901000")


def billed(world: World, *, name: str = "PT Maju", tax_id: str = "0098765432101000", unit: str = "pcs") -> Invoice:
    kind = {"tax_id_kind": "npwp", "tax_id": tax_id} if tax_id else {}
    customer = make_customer(world, name=name, **kind)
    save_address(customer_id=customer.id, label="Kantor", street="Jl. Darmo 12", by=world.owner, at=NOW)
    product = make_product(world, stock=9, unit=unit)
    return make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(2))], customer=customer)


def test_a_month_is_checked_filed_and_gets_its_serials(world: World) -> None:
    finance = log_in(make_user(world.company, "finance"))
    sound, nobody = billed(world), billed(world, name="Toko Tanpa", tax_id="")

    page = finance.get(f"/tax-invoices/check?month={MONTH}").content.decode()
    made = finance.post("/tax-invoices/files/new", {"month": MONTH})
    file = TaxFile.objects.get()
    shown = finance.get(made["Location"]).content.decode()
    content = b"".join(finance.get(f"/tax-invoices/files/{file.pk}/content").streaming_content)
    told = finance.post(f"/invoices/{sound.pk}/tax-serial", {"serial": "04.00.26-00000000101", "date": "2026-11-26"})
    listed = finance.get("/tax-invoices").content.decode()

    assert "1 faktur dapat dilaporkan" in page
    assert "Toko Tanpa belum punya NPWP" in page
    assert (made.status_code, made["Location"]) == (303, f"/tax-invoices/files/{file.pk}")
    assert file.name in shown
    assert [one.findtext("RefDesc") for one in etree.fromstring(content).iter("TaxInvoice")] == [sound.number]
    assert told.status_code == 303
    assert "04.00.26.00000000101" in listed
    assert TaxFiling.objects.get(invoice=sound).status == "filed"
    assert not TaxFiling.objects.filter(invoice=nobody, status="exported").exists()


def test_what_the_settings_lack_is_said_once_for_all_invoices(world: World) -> None:
    Unit.objects.filter(company=world.company).update(coretax_code="")
    for number in range(3):
        billed(world, name=f"PT {number}")

    page = log_in(world.owner).get(f"/tax-invoices/check?month={MONTH}").content.decode()

    assert page.count("Satuan pcs belum punya kode Coretax.") == 1
    assert "3 faktur menunggu ini" in page
    assert 'href="/settings/units"' in page


def test_facts_taken_from_the_customer_lead_back_to_the_month(world: World) -> None:
    client, invoice = log_in(world.owner), billed(world, tax_id="")

    refused = client.post(f"/invoices/{invoice.pk}/tax-facts", {"back": "1", "month": MONTH})
    client.post(
        f"/customers/{invoice.customer_id}/edit",
        {"name": "PT Maju", "tax_id_kind": "npwp", "tax_id": "0098765432101000"},
    )
    taken = client.post(f"/invoices/{invoice.pk}/tax-facts", {"back": "1", "month": MONTH})

    assert refused.status_code == 409
    assert (taken.status_code, taken["Location"]) == (303, f"/tax-invoices/check?month={MONTH}")
    assert "1 faktur dapat dilaporkan" in client.get(taken["Location"]).content.decode()


def test_the_invoices_own_page_says_where_it_stands_and_takes_each_word(world: World) -> None:
    client, invoice = log_in(world.owner), billed(world)
    address = f"/invoices/{invoice.pk}"

    first = client.get(address).content.decode()
    wrong = client.post(f"{address}/tax-serial", {"serial": "123"}, headers={"HX-Request": "true"})
    client.post(f"{address}/tax-exclusion", {"reason": "Digunggung"})
    left_out = client.get(address).content.decode()
    client.post(f"{address}/tax-inclusion")
    client.post(f"{address}/tax-serial", {"serial": "04002600000000101"})
    client.post(f"{address}/tax-cancellation", {"reason": "Pembeli salah"})
    cancelled = client.get(address).content.decode()

    assert "Belum dilaporkan" in first
    assert wrong.status_code == 422
    assert "Dikecualikan" in left_out
    assert "Digunggung" in left_out
    assert "Dibatalkan di Coretax" in cancelled
    assert "Nomor seri faktur pajak dicatat" in cancelled


def test_the_nota_retur_is_recorded_on_the_credit_note(world: World) -> None:
    client, invoice = log_in(world.owner), billed(world)
    note_id = credit_invoice(invoice_id=invoice.id, reason="Rusak", by=world.owner, at=NOW)
    issue_invoice(invoice_id=note_id, by=world.owner, at=NOW)

    waiting = client.get("/tax-invoices/returns").content.decode()
    without = client.post(f"/invoices/{note_id}/buyer-return", {"number": "NR-7"})
    saved = client.post(f"/invoices/{note_id}/buyer-return", {"number": "NR-7", "date": "2026-11-25"})
    page = client.get(f"/invoices/{note_id}").content.decode()

    assert "Nota retur belum diterima" in waiting
    assert (without.status_code, saved.status_code) == (422, 303)
    assert "NR-7" in page


def test_a_file_that_was_not_taken_is_withdrawn(world: World) -> None:
    client, invoice = log_in(world.owner), billed(world)
    made = client.post("/tax-invoices/files/new", {"month": MONTH})

    back = client.post(f"{made['Location']}/withdrawal")
    again = client.post(f"{made['Location']}/withdrawal")
    nothing = client.post("/tax-invoices/files/new", {"month": "2026-01"})

    assert (back.status_code, again.status_code, nothing.status_code) == (303, 409, 422)
    assert TaxFiling.objects.get(invoice=invoice).status == "open"


def test_the_pages_cost_the_same_for_one_invoice_and_for_many(world: World) -> None:
    client, counts = log_in(world.owner), {}
    for number in range(8):
        billed(world, name=f"PT {number}", tax_id="" if number % 2 else "0098765432101000")
        if number in (1, 7):
            for address in ("/tax-invoices", f"/tax-invoices/check?month={MONTH}", "/tax-invoices/returns"):
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(address).status_code == 200
                counts.setdefault(address, []).append(len(asked))

    assert all(few == many for few, many in counts.values())
    assert all(many <= 15 for _few, many in counts.values())


def test_by_the_api_a_month_is_filed_too(world: World) -> None:
    sound, nobody = billed(world), billed(world, name="Toko Tanpa", tax_id="")
    token = create_token(user_id=world.owner.id, name="test", by=world.owner, at=NOW)
    client = log_in(world.owner)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token.text}"

    def send(path: str, body: dict[str, Any]) -> Any:
        return client.post(f"/api/v1/{path}", body, content_type="application/json")

    checked = client.get(f"/api/v1/tax-checks?month={MONTH}").json()
    refused = send("tax-files", {"invoice_ids": [str(sound.id), str(nobody.id)]})
    made = send("tax-files", {"invoice_ids": checked["fit"]})
    content = b"".join(client.get(f"{made['Location']}/content").streaming_content)
    told = send("tax-serials", {"serials": [{"number": sound.number, "serial": "04002600000000101"}]})
    listed = client.get("/api/v1/tax-invoices?state=filed").json()["items"]

    assert (checked["fit"], [one["code"] for one in checked["faults"]]) == ([str(sound.id)], ["buyer_id"])
    assert (refused.status_code, refused.json()["code"], refused.json()["lines"][0]["number"]) == (
        422, "not_fit", nobody.number,
    )  # fmt: skip
    assert (made.status_code, made.json()["invoice_count"], made.json()["tax"]) == (201, 1, "22000")
    assert etree.fromstring(content).findtext(".//VAT") == "22000"
    assert told.json() == {"filed": 1, "replaced": 0, "same": 0}
    assert [(one["number"], one["serial"]) for one in listed] == [(sound.number, "04002600000000101")]
