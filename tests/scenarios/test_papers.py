"""Every document of the story as a PDF, for who may see it, and files on each."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from niaga.core.errors import Forbidden, NotFound
from niaga.documents.models import IssuedPdf
from niaga.documents.registry import papers, subjects
from niaga.documents.rules.print_payload import print_payload
from niaga.documents.services.attach_file import attach_file
from niaga.documents.services.print_paper import print_paper
from niaga.invoicing.models import Invoice
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.stock.models import Delivery
from tests.makers import (
    NOW,
    World,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def make_story() -> tuple[World, dict[str, Any]]:
    world = make_world()
    customer = make_customer(world, name="Toko Makmur Jaya", email="toko@example.co.id")
    coffee = make_product(world, stock=200, price=D(92_000))
    lines = [
        LineInput(kind="section", description="Bahan pokok"),
        LineInput(sku=coffee.sku, quantity=D(120), discount_percent=D(5)),
        LineInput(kind="note", description="Kirim pagi."),
    ]
    quotation = make_quotation(world, lines, customer=customer)
    invoice = make_issued_invoice(world, lines[1:2], customer=customer)
    payment = make_payment(world, customer.id, 20_000_000)
    return world, {
        "quotation": quotation,
        "order": SalesOrder.objects.get(),
        "delivery": Delivery.objects.get(),
        "invoice": invoice,
        "payment": payment,
    }


def payload_of(kind: str, document: Any, *, language: str = "id", variant: str = "") -> dict[str, Any]:
    source = papers.get(kind)
    assert source is not None
    paper = source(subject_id=document.pk, by=SYSTEM, language=language, variant=variant)
    return print_payload(kind=paper.kind, document=paper.data, language=paper.language)


def test_every_document_prints_in_both_languages() -> None:
    world, documents = make_story()

    for kind, document in documents.items():
        for language in ("id", "en"):
            printed = print_paper(kind=kind, subject_id=document.pk, by=world.owner, at=NOW, language=language)
            with pikepdf.open(io.BytesIO(printed.content)) as pdf:
                assert len(pdf.pages) == 1
            assert printed.name == f"{document.number}.pdf"
    picked = print_paper(
        kind="delivery", subject_id=documents["delivery"].pk, by=world.owner, at=NOW, variant="pick_list"
    )
    assert picked.content.startswith(b"%PDF")


def test_the_paper_says_what_the_document_says() -> None:
    _world, documents = make_story()

    quotation = payload_of("quotation", documents["quotation"])
    assert [row["type"] for row in quotation["rows"]] == ["section", "item", "note"]
    assert [(row["label"], row["value"].replace("\u00a0", " ")) for row in quotation["totals"]] == [
        ("Subtotal", "10.488.000"),
        ("DPP nilai lain (11/12)", "9.614.000"),
        ("PPN 12\u00a0%", "1.153.680"),
        ("Total", "Rp 11.641.680"),
    ]
    invoice = payload_of("invoice", documents["invoice"])
    assert invoice["parties"][0]["name"] == "Toko Makmur Jaya"
    assert invoice["stamp"] == ""
    assert ["No. pesanan", documents["order"].number] in invoice["facts"]
    receipt = payload_of("payment", documents["payment"])
    assert [row["cells"][0]["text"] for row in receipt["rows"]] == [
        documents["invoice"].number,
        "Uang muka (belum dialokasikan)",
    ]
    assert ["Cara bayar", "Transfer bank"] in receipt["facts"]
    picking = payload_of("delivery", documents["delivery"], variant="pick_list")
    assert picking["rows"][0]["cells"][-2]["text"] == "120\u00a0pcs"


def test_the_paper_of_an_issued_invoice_never_changes() -> None:
    world, documents = make_story()
    invoice = documents["invoice"]

    first = print_paper(kind="invoice", subject_id=invoice.pk, by=world.owner, at=NOW).content
    make_payment(world, invoice.customer_id, 1000)
    second = print_paper(kind="invoice", subject_id=invoice.pk, by=world.owner, at=NOW).content

    assert first == second == bytes(IssuedPdf.objects.get().content)
    assert Invoice.objects.get(pk=invoice.pk).number == invoice.number


def test_only_who_may_see_a_document_gets_its_paper(client: Client) -> None:
    world, documents = make_story()
    stranger = make_world().owner

    for kind, document in documents.items():
        with pytest.raises(NotFound):
            print_paper(kind=kind, subject_id=document.pk, by=stranger, at=NOW)
        with pytest.raises(NotFound):
            print_paper(kind=kind, subject_id=document.pk, by=world.owner, at=NOW, variant="nothing")
    url = reverse("documents:paper", args=["invoice", documents["invoice"].pk])
    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    client.force_login(world.owner)
    shown = client.get(url)
    assert (shown.status_code, shown["Content-Type"]) == (200, "application/pdf")
    assert shown["Content-Disposition"].startswith("inline;")


def test_the_api_gives_the_paper_and_takes_files() -> None:
    world, documents = make_story()
    token = create_token(user_id=world.owner.pk, name="t", by=world.owner, at=NOW)
    client = Client(headers={"Authorization": f"Bearer {token.text}"})

    paper = client.get(f"/api/v1/papers/quotation/{documents['quotation'].pk}?language=en")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    upload = io.BytesIO(b"PO 118")
    upload.name = "po.txt"
    facts = {"subject_kind": "quotation", "subject_id": str(documents["quotation"].pk), "file": upload}
    sent = client.post("/api/v1/attachments", facts)
    assert (sent.status_code, sent.json()["name"], sent.json()["shown_inline"]) == (201, "po.txt", False)
    path = sent["Location"]
    listed = client.get(f"/api/v1/attachments?subject_kind=quotation&subject_id={documents['quotation'].pk}").json()
    assert [row["id"] for row in listed["items"]] == [sent.json()["id"]]
    assert b"".join(client.get(f"{path}/content")) == b"PO 118"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_files_go_on_everything_a_person_may_change() -> None:
    world, documents = make_story()
    documents |= {"customer": documents["invoice"].customer, "product": make_product(world)}
    auditor = make_user(world.company, "auditor")

    for kind, document in documents.items():
        assert subjects.get(kind) is not None
        attach_file(subject_kind=kind, subject_id=document.pk, name="a.txt", content=b"a", by=world.owner, at=NOW)
        with pytest.raises((Forbidden, NotFound)):
            attach_file(subject_kind=kind, subject_id=document.pk, name="a.txt", content=b"a", by=auditor, at=NOW)
