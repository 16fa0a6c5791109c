"""Files that bring customers and products up to date, and taking that back."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.catalog.models import Product
from niaga.catalog.services.update_product import update_product
from niaga.core.models import AuditEntry
from niaga.imports.errors import BuiltUpon
from niaga.imports.models import ImportChange
from niaga.imports.services.undo_import import undo_import
from niaga.imports.tests.makers import AT, faults, make_company, run, write
from niaga.organization.access import SYSTEM
from niaga.parties.models import Address, Contact, Customer
from niaga.parties.queries.find_customers import find_customers
from niaga.parties.services.archive_customer import archive_customer
from niaga.parties.services.update_customer import update_customer

pytestmark = pytest.mark.django_db

CUSTOMERS = (
    "kode,nama,telepon,limit kredit,kota,nama kontak\n"
    "A1,Toko Satu,0812-3456-7890,1500000,Surabaya,Ibu Sari\n"
    "A2,Toko Dua,,,,\n"
)
PRODUCTS = (
    "sku,name,price,category,barcode,box unit,box factor,box price,weight kg,volume liter,box weight,box volume\n"
    "P1,Kopi,15000,Minuman > Kopi,,box,24,340000,0.26,0.6,6.6,16\n"
    "P2,Teh,8000,Minuman,,,,,,,,\n"
)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path / "data"


def facts_of_customers() -> list[Any]:
    """Everything a person would call the customers' data."""
    return [
        list(Customer.objects.order_by("code").values_list(
            "code", "name", "phone", "email", "tax_id", "tax_id_kind", "group", "note", "credit_account__limit",
        )),
        list(Contact.objects.filter(archived_at=None).order_by("customer__code").values_list("name", "phone")),
        list(Address.objects.filter(archived_at=None).order_by("customer__code").values_list("street", "city")),
    ]  # fmt: skip


def facts_of_products() -> list[Any]:
    return list(
        Product.objects.order_by("sku", "barcodes__code").values_list(
            "sku", "name", "price", "cost", "brand", "category__name", "archived_at", "barcodes__code",
            "units__factor", "units__price", "weight", "volume", "units__weight", "units__volume",
        )
    )  # fmt: skip


def test_an_update_changes_what_the_file_names_and_leaves_what_is_empty(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", CUSTOMERS))
    text = "kode,nama,telepon,limit kredit,kota\nA1,Toko Satu Jaya,,2000000,Malang\nA2,Toko Dua,,,\nA3,Toko Tiga,,,\n"

    batch = run(company, write(tmp_path / "b.csv", text), update=True)

    assert (batch.status, batch.counts) == ("done", {"created": 1, "changed": 1, "same": 1})
    one = Customer.objects.get(code="A1")
    assert (one.name, one.phone, one.version) == ("Toko Satu Jaya", "+6281234567890", 2)
    assert one.credit_account.limit == Decimal(2000000)
    assert one.contacts.get().name == "Ibu Sari"
    assert one.addresses.get().city == "Malang"
    assert [found.code for found in find_customers("jaya", SYSTEM)] == ["A1"]
    assert batch.samples["changes"] == [
        {"row": 2, "code": "A1", "column": "name", "before": "Toko Satu", "after": "Toko Satu Jaya"},
        {"row": 2, "code": "A1", "column": "credit_limit", "before": "1500000", "after": "2000000"},
        {"row": 2, "code": "A1", "column": "city", "before": "Surabaya", "after": "Malang"},
    ]
    trail = AuditEntry.objects.get(subject_id=one.pk)
    assert (trail.verb, trail.note, trail.data["name"]) == ("change", "b.csv", ["Toko Satu", "Toko Satu Jaya"])


def test_a_dry_run_shows_before_and_after_and_changes_nothing(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", CUSTOMERS))
    before = facts_of_customers()

    batch = run(company, write(tmp_path / "b.csv", "kode,nama\nA1,Baru\n"), "customers", dry_run=True, update=True)

    assert (batch.status, batch.counts) == ("checked", {"created": 0, "changed": 1, "same": 0})
    assert batch.samples["changes"] == [
        {"row": 2, "code": "A1", "column": "name", "before": "Toko Satu", "after": "Baru"}
    ]
    assert facts_of_customers() == before
    assert not ImportChange.objects.exists()


def test_to_update_the_key_and_one_column_are_enough(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", PRODUCTS))

    batch = run(company, write(tmp_path / "b.csv", "sku,harga\nP1,16000\nP2,8000.00\n"), "products", update=True)

    assert (batch.status, batch.counts["changed"], batch.counts["same"]) == ("done", 1, 1), batch.findings
    assert list(Product.objects.order_by("sku").values_list("name", "price")) == [
        ("Kopi", Decimal(16000)), ("Teh", Decimal(8000)),
    ]  # fmt: skip


def test_a_row_without_its_key_column_cannot_update(tmp_path: Path) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "b.csv", "nama,kota\nBaru,Solo\n"), "customers", update=True)

    assert batch.status == "failed"
    assert "Code" in batch.failure or "Kode" in batch.failure
    assert not Customer.objects.exists()


def test_one_wrong_row_of_an_update_keeps_every_change_out(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", CUSTOMERS))
    gone = Customer.objects.get(code="A2")
    archive_customer(customer_id=gone.pk, by=SYSTEM, at=AT)
    before = facts_of_customers()
    text = "kode,nama,grup,telepon\nA1,Baru,,\nA1,Lagi,,\nA2,Arsip,,\nA3,Tiga,TIDAKADA,\nA4,Empat,,abc\n"

    batch = run(company, write(tmp_path / "b.csv", text), update=True)

    assert batch.status == "refused"
    assert faults(batch) == [(3, "code"), (4, "code"), (5, "group"), (6, "phone")]
    assert facts_of_customers() == before
    assert not ImportChange.objects.exists()


def test_undoing_an_update_puts_every_value_back(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", CUSTOMERS))
    before = facts_of_customers()
    text = (
        "kode,nama,telepon,email,npwp,limit kredit,kota,alamat,nama kontak,hp kontak,catatan,grup\n"
        "A1,Satu,0813-1111-2222,a@b.co,0012345678901000,5,Solo,Jl. A,Pak Budi,0813-3333-4444,hai,RETAIL\n"
        "A2,Dua,,,,7,Solo,Jl. B,Bu Ani,,,\n"
        "A3,Tiga,,,,,,,,,,\n"
    )
    batch = run(company, write(tmp_path / "b.csv", text), update=True)
    assert (batch.status, batch.counts["changed"]) == ("done", 2), batch.findings
    assert facts_of_customers() != before

    undone = undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)

    assert undone.counts["undone"] == 3
    assert facts_of_customers() == before
    assert find_customers("0813-3333", SYSTEM) == []
    undo_import(batch_id=Customer.objects.get(code="A1").import_batch_id, by=SYSTEM, at=AT)
    assert not Customer.objects.exists()


def test_undoing_an_update_of_products_takes_added_units_and_codes_away(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", PRODUCTS))
    before = facts_of_products()
    text = (
        "sku,name,price,cost,category,barcode,box unit,box factor,box price,archived,merek\n"
        "P1,Kopi Baru,1.5,,Lain > Baru,8991002101234,box,12,,,Tugu\n"
        "P2,,9000,,,INT-9,box,10,85000,ya,\n"
    )
    batch = run(company, write(tmp_path / "b.csv", text.replace("8991002101234", "INT-1")), update=True)
    assert (batch.status, batch.counts["changed"]) == ("done", 2), batch.findings
    assert Product.objects.get(sku="P1").units.get().factor == 12

    undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)

    assert facts_of_products() == before
    assert not type(Product.objects.get(sku="P1").category).objects.filter(name="Baru").exists()


def test_undo_names_row_by_row_what_was_changed_since(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", CUSTOMERS))
    batch = run(company, write(tmp_path / "b.csv", "kode,nama\nA1,Satu\nA2,Dua\nA3,Tiga\n"), "customers", update=True)
    update_customer(customer_id=Customer.objects.get(code="A1").pk, name="Sendiri", by=SYSTEM, at=AT)
    update_customer(customer_id=Customer.objects.get(code="A3").pk, note="penting", by=SYSTEM, at=AT)
    before = facts_of_customers()

    with pytest.raises(BuiltUpon) as refused:
        undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)

    assert [(line["codes"], "Sendiri" in str(line["message"])) for line in refused.value.lines] == [
        (["A3"], False), (["A1"], True),
    ]  # fmt: skip
    assert facts_of_customers() == before


def test_undo_of_products_names_those_changed_since(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", PRODUCTS))
    batch = run(company, write(tmp_path / "b.csv", "sku,harga\nP1,1\nP2,2\n"), "products", update=True)
    update_product(product_id=Product.objects.get(sku="P2").pk, price=Decimal(3), by=SYSTEM, at=AT)

    with pytest.raises(BuiltUpon) as refused:
        undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)

    assert [line["codes"] for line in refused.value.lines] == [["P2"]]
    assert Product.objects.get(sku="P1").price == 1


def test_kind_and_base_unit_of_a_product_stay(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", PRODUCTS))

    batch = run(company, write(tmp_path / "b.csv", "sku,satuan,jenis\nP1,kg,\nP2,pcs,jasa\n"), "products", update=True)

    assert (batch.status, faults(batch)) == ("refused", [(2, "unit"), (3, "kind")])


def test_an_archived_product_changes_only_when_the_file_says_what_becomes_of_it(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "p.csv", "sku,name,archived\nP1,Tanda,ya\nP2,Lain,ya\n"))

    refused = run(company, write(tmp_path / "a.csv", "sku,name\nP1,Kopi\n"), "products", update=True)
    batch = run(company, write(tmp_path / "b.csv", "sku,name,arsip\nP1,Kopi,tidak\nP2,Teh,ya\n"), update=True)

    assert faults(refused) == [(2, "sku")]
    assert (batch.status, batch.counts["changed"]) == ("done", 2), batch.findings
    assert [bool(one) for one in Product.objects.order_by("sku").values_list("archived_at", flat=True)] == [False, True]


def test_new_customers_that_look_like_known_ones_are_named(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", "kode,nama,email,npwp\nA1,Satu,a@b.co,\nA2,Dua,,0012345678901000\n"))
    text = "kode,nama,email,npwp\nB1,Toko A,A@B.co,\nB2,Toko B,,0012345678901000\nB3,Toko C,,\na2,Toko D,,\n"

    batch = run(company, write(tmp_path / "b.csv", text), dry_run=True)

    assert batch.status == "checked"
    assert [(one["code"], one["other"], one["column"]) for one in batch.samples["doubles"]] == [
        ("B1", "A1", "email"), ("B2", "A2", "npwp"), ("a2", "A2", "code"),
    ]  # fmt: skip
    assert batch.samples["doubles_in_all"] == 3


def test_as_many_statements_for_many_changed_rows_as_for_one(tmp_path: Path) -> None:
    company = make_company()
    rows = "".join(f"K{n},Toko {n},Solo\n" for n in range(300))
    run(company, write(tmp_path / "a.csv", "kode,nama,kota\n" + rows))
    counts = []
    for most in (1, 300):
        text = "kode,nama,kota\n" + "".join(f"K{n},Toko {n}-{most},Kudus\n" for n in range(most))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert run(company, write(tmp_path / "b.csv", text), update=True).counts["changed"] == most
        counts.append(len(seen))

    assert counts[0] == counts[1]
