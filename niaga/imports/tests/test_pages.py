"""The pages of imports, through the browser's door: who may, what they show, and what they cost."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.imports.models import ImportBatch
from niaga.imports.services.run_import import run_import
from niaga.imports.services.undo_import import undo_import
from niaga.imports.tests.makers import AT, make_company, run, write
from niaga.organization.access import SYSTEM
from niaga.organization.models import Company
from niaga.organization.tests.makers import make_user
from niaga.parties.models import Customer
from niaga.parties.services.update_customer import update_customer
from tests.makers import log_in

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 15
CUSTOMERS = b"kode,nama,kota\nA1,Toko Satu,Solo\nA2,Toko Dua,\n"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path / "data"


def upload(client: Client, content: bytes, name: str = "a.csv", **more: str) -> Any:
    return client.post("/imports/new", {"file": SimpleUploadedFile(name, content), **more})


def chosen(**more: str) -> dict[str, str]:
    """The form of the columns as a browser sends it."""
    return {"has_mapping": "1", "map-code": "kode", "map-name": "nama", "map-city": "kota", "kind": "customers", **more}


def work(company: Company) -> ImportBatch:
    """What the worker would do with the last import."""
    batch = ImportBatch.objects.filter(company=company).latest("id")
    return run_import(batch_id=batch.pk, dry_run=batch.dry_run, by=SYSTEM, at=AT)


def test_a_file_goes_from_the_upload_through_the_check_to_the_import_and_back(settings: Any) -> None:
    company = make_company()
    client = log_in(make_user(company))

    sent = upload(client, CUSTOMERS)
    here = sent["Location"]
    page = client.get(here).content.decode()
    assert "Toko Satu · Toko Dua" in page
    assert 'name="update"' in page
    client.post(f"{here}/runs", chosen(dry_run="1", update="0"))
    assert (
        "Menunggu gilirannya" in client.get(here).content.decode()
        or "tidak berjalan" in client.get(here).content.decode()
    )
    work(company)
    assert "Impor sekarang" in client.get(here).content.decode()
    assert not Customer.objects.exists()
    client.post(f"{here}/runs", {"dry_run": "0"})
    work(company)
    assert Customer.objects.count() == 2
    client.post(f"{here}/undo")

    assert ImportBatch.objects.get().status == "undone"
    assert not Customer.objects.exists()


def test_the_check_of_an_update_shows_before_and_after(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", CUSTOMERS.decode()))
    client = log_in(make_user(company))
    here = upload(client, b"kode,nama,kota\nA1,Toko Baru,\nA3,Toko Tiga,\n")["Location"]

    client.post(f"{here}/runs", chosen(dry_run="1", update="1"))
    batch = work(company)

    page = client.get(here).content.decode()
    assert (batch.status, batch.counts) == ("checked", {"created": 1, "changed": 1, "same": 0})
    assert "Yang akan berubah" in page
    assert ">Toko Satu</td>" in page
    assert ">Toko Baru</td>" in page
    assert Customer.objects.get(code="A1").name == "Toko Satu"


def test_what_stands_against_undoing_is_shown_row_by_row(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", CUSTOMERS.decode()))
    batch = run(company, write(tmp_path / "b.csv", "kode,nama\nA1,Baru\n"), "customers", update=True)
    update_customer(customer_id=Customer.objects.get(code="A1").pk, name="<b>Sendiri</b>", by=SYSTEM, at=AT)
    client = log_in(make_user(company))

    answer = client.post(f"/imports/{batch.pk}/undo")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "&lt;b&gt;Sendiri&lt;/b&gt;" in page
    assert ">A1</td>" in page
    assert Customer.objects.get(code="A1").name == "<b>Sendiri</b>"


def test_wrong_rows_are_shown_and_come_as_a_workbook_to_correct() -> None:
    company = make_company()
    client = log_in(make_user(company))
    here = upload(client, b"kode,nama,kota\nA1,,Solo\nA2,Dua,\n")["Location"]
    client.post(f"{here}/runs", chosen(dry_run="0"))
    work(company)

    page = client.get(here).content.decode()
    errors = client.get(f"{here}/errors")
    corrected = SimpleUploadedFile("b.csv", b"Baris,Kode,Nama\n2,A1,Toko Satu\n")
    client.post(f"{here}/runs", {"dry_run": "0", "corrections": corrected})

    assert "1 baris salah" in page
    assert errors["Content-Disposition"].startswith("attachment")
    assert b"".join(errors.streaming_content).startswith(b"PK")
    assert work(company).status == "done"
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "kosong"), (b"%PDF-1.7", "a.pdf", "bukan tabel"), (b"PK\x03\x04rusak", "a.xlsx", "rusak"),
        (b"foo,bar\n1,2\n", "a.csv", "judul"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_beside_its_field(content: bytes, name: str, said: str) -> None:
    client = log_in(make_user(make_company()))

    answer = upload(client, content, name)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_cut_off_import_says_what_to_do_and_offers_to_check_again(tmp_path: Path) -> None:
    company = make_company()
    batch = run(company, write(tmp_path / "a.csv", CUSTOMERS.decode()), dry_run=True)
    ImportBatch.objects.filter(pk=batch.pk).update(status="failed", failure="cut_off")

    page = log_in(make_user(company)).get(f"/imports/{batch.pk}").content.decode()

    assert "Impor ini terputus" in page
    assert "Periksa lagi" in page


@pytest.mark.parametrize(
    ("role", "sees", "sends"),
    [
        ("owner", True, True), ("administrator", True, True), ("sales_admin", True, True),
        ("auditor", True, False), ("salesperson", False, False), ("sales_manager", False, False),
        ("warehouse", False, False), ("cashier", False, False),
    ],
)  # fmt: skip
def test_only_who_may_import_sees_and_sends(tmp_path: Path, role: str, sees: bool, sends: bool) -> None:
    company = make_company()
    batch = run(company, write(tmp_path / "a.csv", CUSTOMERS.decode()), dry_run=True)
    client = log_in(make_user(company, role))

    listed = client.get("/imports")
    shown = client.get(f"/imports/{batch.pk}")
    sent = upload(client, CUSTOMERS)
    queued = client.post(f"/imports/{batch.pk}/runs", {"dry_run": "0"})

    assert (batch.file_name in listed.content.decode()) == sees
    assert shown.status_code == (200 if sees else 404)
    assert sent.status_code == (302 if sends else 403)
    assert queued.status_code == (302 if sends else 422 if sees else 404)
    assert ImportBatch.objects.get(pk=batch.pk).status == ("queued" if sends else "checked")
    assert ImportBatch.objects.count() == (2 if sends else 1)


def test_finance_brings_serial_numbers_in_and_is_offered_nothing_else_that_it_may_not(tmp_path: Path) -> None:
    company = make_company()
    client = log_in(make_user(company, "finance"))

    page = client.get("/imports/new").content.decode()
    sent = upload(client, CUSTOMERS, kind="customers")
    batch = ImportBatch.objects.get()
    queued = client.post(f"/imports/{batch.pk}/runs", {"dry_run": "0", "kind": "customers"})

    assert "Nomor seri faktur pajak" in page
    assert "Nama, telepon, alamat" not in page
    assert (sent.status_code, queued.status_code) == (302, 422)
    batch.refresh_from_db()
    assert batch.status == "mapping"


def test_a_sales_admin_cannot_undo_and_a_stranger_sees_nothing(tmp_path: Path) -> None:
    company = make_company()
    batch = run(company, write(tmp_path / "a.csv", CUSTOMERS.decode()))
    other = make_user(make_company(code="LAIN", name="PT Lain"))

    undone = log_in(make_user(company, "sales_admin")).post(f"/imports/{batch.pk}/undo")
    paths = [f"/imports/{batch.pk}", f"/imports/{batch.pk}/errors"]
    answers = [log_in(other).get(path).status_code for path in paths]
    answers += [log_in(other).post(f"/imports/{batch.pk}/{verb}").status_code for verb in ("runs", "undo")]

    assert undone.status_code == 403
    assert answers == [404, 404, 404, 404] or answers == [404, 404, 404, 403]
    assert [Client().get(path).status_code for path in ("/imports", *paths)] == [302, 302, 302]
    assert Customer.objects.filter(company=company).count() == 2


@pytest.mark.parametrize("kind", ["branches", "customers", "products", "prices", "stock", "sales"])
def test_every_template_downloads_and_an_unknown_one_is_not_there(kind: str) -> None:
    client = log_in(make_user(make_company()))

    assert client.get(f"/imports/templates/{kind}.xlsx").content.startswith(b"PK")
    assert client.get("/imports/templates/secrets.xlsx").status_code == 404


def test_no_page_of_imports_needs_many_statements(tmp_path: Path) -> None:
    company = make_company()
    batch = run(company, write(tmp_path / "a.csv", CUSTOMERS.decode()))
    for place in range(6):
        run(company, write(tmp_path / f"{place}.csv", f"kode,nama\nA1,Baru {place}\n"), "customers", update=True)
    last = ImportBatch.objects.latest("id")
    client = log_in(make_user(company))
    client.get("/imports")
    spent = {}

    for path in ("/imports", "/imports/new", f"/imports/{batch.pk}", f"/imports/{last.pk}"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        spent[path] = len(seen)

    assert max(spent.values()) <= MOST_STATEMENTS, spent


def test_undoing_twice_is_refused_by_the_page(tmp_path: Path) -> None:
    company = make_company()
    batch = run(company, write(tmp_path / "a.csv", CUSTOMERS.decode()))
    undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)

    answer = log_in(make_user(company)).post(f"/imports/{batch.pk}/undo")

    assert answer.status_code == 409
    assert ImportBatch.objects.get().status == "undone"
