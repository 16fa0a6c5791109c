"""What Coretax exports, brought back: each invoice gets its serial number, all or none, and it can be undone."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from niaga.imports.models import ImportBatch
from niaga.imports.services.import_file import import_file
from niaga.imports.services.undo_import import undo_import
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.tax_filings import taxed_invoices
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, make_issued_invoice, make_product, make_user, make_world

pytestmark = pytest.mark.django_db
HEAD = "Nomor Faktur Pajak;Tanggal Faktur Pajak;Status Faktur;Referensi;NPWP Pembeli\n"


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.DATA_DIR = tmp_path / "data"
    return make_world(npwp="0012345678901000")


def billed(world: World, count: int) -> list[Invoice]:
    product = make_product(world, stock=50)
    return [make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(1))]) for _ in range(count)]


def bring(world: World, path: Path, text: str, **more: Any) -> ImportBatch:
    path.write_text(HEAD + text)
    return import_file(
        path=path, kind="tax_serials", company_id=world.company.id, dry_run=more.pop("dry_run", False), at=NOW,
        by=more.pop("by", world.owner),
    )  # fmt: skip


def states(world: World) -> dict[str, tuple[str, str]]:
    return {row.number: (row.tax_state, row.tax_serial) for row in taxed_invoices(by=world.owner)}


def test_the_list_of_coretax_is_brought_in_as_it_comes_and_taken_back(world: World, tmp_path: Path) -> None:
    first, second, third = billed(world, 3)
    text = (
        f"04002600000000101;26/11/2026;APPROVED;{first.number};0098765432101000\n"
        f"04.00.26-00000000102;26/11/2026;APPROVED;{second.number};\n"
        f"04002600000000103;26/11/2026;CANCELED;{third.number};\n"
    )

    tried = bring(world, tmp_path / "a.csv", text, dry_run=True)
    untouched = states(world)
    done = bring(world, tmp_path / "b.csv", text)
    after = states(world)
    undone = undo_import(batch_id=done.pk, by=world.owner, at=NOW)

    assert (tried.status, set(untouched.values())) == ("checked", {("open", "")})
    assert (done.status, done.counts["created"], done.counts["not_in_force"]) == ("done", 2, 1)
    assert after == {
        first.number: ("filed", "04002600000000101"), second.number: ("filed", "04002600000000102"),
        third.number: ("open", ""),
    }  # fmt: skip
    assert undone.counts["undone"] == 2
    assert set(states(world).values()) == {("open", "")}


def test_a_row_that_does_not_fit_keeps_the_whole_file_back(world: World, tmp_path: Path) -> None:
    [first] = billed(world, 1)

    batch = bring(
        world, tmp_path / "a.csv",
        f"04002600000000101;26/11/2026;APPROVED;{first.number};\n123;26/11/2026;;INV-1999-00001;\n;;;;\n",
    )  # fmt: skip

    assert batch.status == "refused"
    assert {(one["row"], one["column"]) for one in batch.findings} == {(3, "number")}
    assert set(states(world).values()) == {("open", "")}


def test_finance_may_and_the_auditor_may_not(world: World, tmp_path: Path) -> None:
    [first] = billed(world, 1)
    text = f"04002600000000101;26/11/2026;APPROVED;{first.number};\n"

    done = bring(world, tmp_path / "a.csv", text, by=make_user(world.company, "finance"))

    assert done.status == "done"
