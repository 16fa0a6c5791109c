"""The currency of customers in files: taken on, put right, taken back; an unknown one is named at its row."""

from pathlib import Path

import pytest

from niaga.imports.services.undo_import import undo_import
from niaga.imports.tests.makers import AT, faults, make_company, run, write
from niaga.organization.access import SYSTEM
from niaga.parties.models import Customer

pytestmark = pytest.mark.django_db

FILE = "kode,nama,mata uang\nA1,Acme Pte Ltd,usd\nA2,Toko Dua,\nA3,Toko Tiga,IDR\n"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path / "data"


def currencies() -> dict[str, str]:
    return dict(Customer.objects.values_list("code", "currency"))


def test_customers_come_in_with_their_currency_and_are_taken_back(tmp_path: Path) -> None:
    company = make_company()

    batch = run(company, write(tmp_path / "a.csv", FILE))

    assert (batch.status, batch.kind, batch.counts) == ("done", "customers", {"created": 3})
    assert currencies() == {"A1": "USD", "A2": "", "A3": "IDR"}

    undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)

    assert currencies() == {}


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_unknown_currency_is_named_at_its_row(tmp_path: Path, dry_run: bool) -> None:
    company = make_company()
    text = FILE + "A4,Toko Empat,Rupiah\nA5,Toko Lima,XYZ\n"

    batch = run(company, write(tmp_path / "a.csv", text), dry_run=dry_run)

    assert (batch.status, faults(batch)) == ("refused", [(5, "currency"), (6, "currency")])
    assert currencies() == {}


def test_an_update_changes_the_currency_that_is_named_and_is_undone(tmp_path: Path) -> None:
    company = make_company()
    run(company, write(tmp_path / "a.csv", FILE))
    text = "kode,nama,mata uang\nA1,Acme Pte Ltd,\nA2,Toko Dua,SGD\nA3,Toko Tiga,EURO\n"

    wrong = run(company, write(tmp_path / "b.csv", text), update=True)
    batch = run(company, write(tmp_path / "c.csv", text.replace("EURO", "EUR")), update=True)

    assert (wrong.status, faults(wrong)) == ("refused", [(4, "currency")])
    assert (batch.status, batch.counts) == ("done", {"created": 0, "changed": 2, "same": 1})
    assert currencies() == {"A1": "USD", "A2": "SGD", "A3": "EUR"}
    assert batch.samples["changes"] == [
        {"row": 3, "code": "A2", "column": "currency", "before": "", "after": "SGD"},
        {"row": 4, "code": "A3", "column": "currency", "before": "IDR", "after": "EUR"},
    ]

    undo_import(batch_id=batch.pk, by=SYSTEM, at=AT)

    assert currencies() == {"A1": "USD", "A2": "", "A3": "IDR"}
