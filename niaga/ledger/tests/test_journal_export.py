import csv
import io
import random
import tracemalloc
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from niaga.core.clock import now
from niaga.core.errors import Forbidden, Invalid
from niaga.core.models import AuditEntry
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger import errors
from niaga.ledger.models import JournalEntry, JournalExport
from niaga.ledger.queries.journal import trial_balance
from niaga.ledger.queries.journal_export import lines_of_export
from niaga.ledger.services.export_journal import export_journal
from niaga.ledger.tests.test_account_map import choose, sell
from niaga.ledger.tests.test_api import get, post
from niaga.ledger.web import journal_file as files
from niaga.ledger.web.journal_file import journal_file
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.ui.lists import export as writing
from tests.makers import (
    NOW,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def hand_out(world: Any, since: Any = TODAY, until: Any = TODAY) -> JournalExport:
    return export_journal(company_id=world.company.id, since=since, until=until, by=world.owner, at=now())


def content(world: Any, export: JournalExport, kind: str = "csv") -> bytes:
    answer: Any = journal_file(export_id=export.id, kind=kind, by=world.owner)
    return b"".join(answer.streaming_content)


def rows_of(world: Any, export: JournalExport) -> list[dict[str, str]]:
    text = content(world, export).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sums(rows: list[dict[str, str]]) -> dict[str, tuple[Decimal, Decimal]]:
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for row in rows:
        debit, credit = found.get(row["Account code"], (Decimal(0), Decimal(0)))
        found[row["Account code"]] = (debit + Decimal(row["Debit"]), credit + Decimal(row["Credit"]))
    return found


def balance(world: Any, since: Any = TODAY, until: Any = TODAY) -> dict[str, tuple[Decimal, Decimal]]:
    rows = trial_balance(by=world.owner, since=since, upto=until)
    return {row["code"]: (row["debit"], row["credit"]) for row in rows if row["debit"] or row["credit"]}


def draw(world: Any, dice: random.Random) -> None:
    """Some document, as the dice fall: an invoice here or abroad, with its credit note or payments."""
    customer = make_customer(world, currency=dice.choice(["IDR", "USD"]))
    product = make_product(world, kind="service", price=Decimal(dice.randint(1_000, 900_000)))
    line = LineInput(product_id=product.id, quantity=Decimal(dice.randint(1, 9)))
    invoice = make_issued_invoice(world, [line], customer=customer)
    if dice.random() < 0.3:
        note_id = credit_invoice(invoice_id=invoice.id, reason="rusak", by=world.owner, at=NOW)
        issue_invoice(invoice_id=note_id, by=world.owner, at=NOW)
    elif invoice.currency == "IDR":
        payment = make_payment(world, customer.id, dice.randint(1_000, 10**7), invoices=[(invoice.id, None)])
        if dice.random() < 0.4:
            reverse_payment(payment_id=payment.id, reason="salah", by=world.owner, at=NOW)


@pytest.fixture
def english(settings: Any) -> None:
    from django.utils import translation

    translation.activate("en")


@pytest.mark.usefixtures("english")
def test_the_file_of_drawn_documents_adds_up_to_the_trial_balance(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    world, dice = make_world(), random.Random(8152)
    choose_currencies(company_id=world.company.id, currencies=["USD"], rate_days=7, by=world.owner, at=NOW)
    write_exchange_rates(
        company_id=world.company.id, rates=[NewExchangeRate("USD", Decimal(16_333), TODAY)], by=world.owner, at=NOW
    )
    for turn in range(12):
        if turn == 6:
            choose(world, receivable=("1-1", "Piutang"), bank=("1-1", ""), revenue=("4-1", "Omzet"))
        draw(world, dice)

    export = hand_out(world)
    rows = rows_of(world, export)

    assert sums(rows) == balance(world)
    assert len(rows) == export.lines
    assert sum(Decimal(row["Debit"]) for row in rows) == sum(Decimal(row["Credit"]) for row in rows) == export.debit
    entries: dict[str, Decimal] = {}
    for row in rows:
        entries[row["Entry"]] = entries.get(row["Entry"], Decimal(0)) + Decimal(row["Debit"]) - Decimal(row["Credit"])
    assert set(entries.values()) == {Decimal(0)}
    assert {row["Kind of document"] for row in rows} >= {"Invoice", "Credit note", "Payment"}
    assert {row["Currency of the document"] for row in rows} == {"IDR", "USD"}


@pytest.mark.usefixtures("english")
def test_a_line_tells_its_document_account_and_customer() -> None:
    world = make_world()
    customer = make_customer(world, name="Toko Makmur")
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=5).id)], customer=customer)

    export = hand_out(world, since=invoice.date, until=invoice.date)
    row = next(row for row in rows_of(world, export) if row["Account code"] == "1201")

    assert row.pop("Entry")
    assert row == {
        "Date": invoice.date.isoformat(), "Kind of document": "Invoice", "Document": invoice.number,
        "Account code": "1201", "Account name": "Piutang usaha", "Description": f"Invoice {invoice.number}",
        "Debit": "111000", "Credit": "0", "Currency": "IDR", "Amount of the document": "111000",
        "Currency of the document": "IDR", "Customer": "Toko Makmur",
    }  # fmt: skip


def test_a_sheet_holds_the_same_as_text_that_never_runs() -> None:
    world = make_world()
    customer = make_customer(world, name='=HYPERLINK("http://x")')
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=5).id)], customer=customer)
    choose(world, cash=("1101", "=1+1"), receivable=("1-1", "@SUM(A1)"))
    export = hand_out(world, since=invoice.date, until=invoice.date)

    sheet = content(world, export, "xlsx")
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    written = zipfile.ZipFile(io.BytesIO(sheet)).read("xl/worksheets/sheet1.xml")
    text = content(world, export).decode()

    assert sum(row[7] for row in rows) == sum(row[8] for row in rows) == export.debit
    assert {row[12] for row in rows} == {'=HYPERLINK("http://x")'}
    assert (len(head), len(rows), b"<f>" in written) == (13, export.lines, False)
    assert text.count("\"'=HYPERLINK") == export.lines
    assert text.count("=HYPERLINK") == export.lines


def test_an_export_is_noted_and_only_its_days_are_in_it() -> None:
    world = make_world()
    invoice = sell(world)

    export = hand_out(world, since=invoice.date, until=invoice.date)

    assert (export.lines, export.debit) == (3, Decimal(111_000))
    noted = AuditEntry.objects.get(subject_kind="journal_export")
    assert (noted.subject_id, noted.verb, noted.actor_id) == (export.id, "export", world.owner.id)
    with pytest.raises(Invalid):
        hand_out(world, since=invoice.date + timedelta(days=1), until=invoice.date + timedelta(days=9))
    with pytest.raises(Invalid):
        hand_out(world, since=invoice.date, until=invoice.date - timedelta(days=1))
    assert JournalExport.objects.count() == 1


def test_the_file_is_refused_when_something_was_posted_in_its_days_since() -> None:
    world = make_world()
    day = sell(world).date
    export = hand_out(world, since=day, until=day)

    sell(world)

    with pytest.raises(errors.BooksMovedOn):
        content(world, export)
    assert content(world, hand_out(world, since=day, until=day))


def test_more_lines_than_a_sheet_holds_are_told_and_not_cut_off(monkeypatch: Any) -> None:
    world = make_world()
    day = sell(world).date
    export = hand_out(world, since=day, until=day)
    monkeypatch.setattr(files, "MOST_ROWS", 2)

    with pytest.raises(errors.TooLongForASheet):
        content(world, export, "xlsx")
    assert content(world, export)


def test_a_long_file_is_read_chunk_by_chunk(monkeypatch: Any, django_assert_max_num_queries: Any) -> None:
    """Each chunk asks once for customers and once for each kind of document; no line asks."""
    world = make_world()
    for _n in range(4):
        day = sell(world).date
    export = hand_out(world, since=day, until=day)

    with django_assert_max_num_queries(8):
        whole = content(world, export)
    monkeypatch.setattr(writing, "CHUNK", 5)
    with django_assert_max_num_queries(8 + 2 * 2 + 4):
        parts = content(world, export)

    assert parts == whole


def test_a_file_is_not_completed_when_something_is_posted_after_the_look() -> None:
    world = make_world()
    day = sell(world).date
    _export, lines = lines_of_export(export_id=hand_out(world, since=day, until=day).id, by=world.owner)

    sell(world)

    with pytest.raises(errors.BooksMovedOn):
        list(lines.iterator(chunk_size=5))


MORE = """
    WITH e AS (INSERT INTO ledger_journalentry
                      (id, company_id, date, source_kind, source_id, number, currency, posted_at)
               SELECT gen_random_uuid(), e.company_id, e.date, e.source_kind, gen_random_uuid(), e.number, e.currency,
                      e.posted_at FROM ledger_journalentry e, generate_series(1, 5000) WHERE e.id = %s RETURNING id)
    INSERT INTO ledger_journalline (id, entry_id, account_id, role, customer_id, amount)
    SELECT gen_random_uuid(), e.id, l.account_id, l.role, l.customer_id, l.amount
      FROM e, ledger_journalline l WHERE l.entry_id = %s
"""


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_period_takes_little_memory(kind: str) -> None:
    world = make_world()
    invoice = sell(world)
    entry = JournalEntry.objects.get(source_id=invoice.id).id
    with connection.cursor() as cursor:
        cursor.execute(MORE, [entry, entry])
    export = hand_out(world, since=invoice.date, until=invoice.date)

    tracemalloc.start()
    answer: Any = journal_file(export_id=export.id, kind=kind, by=world.owner)
    size = sum(len(part) for part in answer.streaming_content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert export.lines == 15_003
    assert size > 100_000
    assert peak < 9_000_000, peak


def test_who_may_not_export_the_books_makes_none_and_reads_none() -> None:
    world = make_world()
    day = sell(world).date
    export = hand_out(world, since=day, until=day)
    seller = make_user(world.company, "sales_manager")

    with pytest.raises(Forbidden):
        export_journal(company_id=world.company.id, since=day, until=day, by=seller, at=now())
    with pytest.raises(Forbidden):
        journal_file(export_id=export.id, kind="csv", by=seller)

    assert JournalExport.objects.count() == 1


def test_another_companys_export_is_not_there() -> None:
    world, other = make_world(), make_world()
    day = sell(world).date
    export = hand_out(world, since=day, until=day)

    assert get(other.owner, f"journal-exports/{export.id}").status_code == 404
    assert get(other.owner, f"journal-exports/{export.id}/content").status_code == 404


def test_by_the_api_the_journal_is_exported_listed_and_downloaded() -> None:
    world = make_world()
    day = sell(world).date.isoformat()

    made = post(world.owner, "journal-exports", {"since": day, "until": day})
    listed = get(world.owner, "journal-exports").json()["items"]
    file = get(world.owner, f"journal-exports/{made.json()['id']}/content?format=csv")

    assert (made.status_code, made.json()["debit"], made.json()["lines"]) == (201, "111000", 3)
    assert [one["id"] for one in listed] == [made.json()["id"]]
    assert b"".join(file.streaming_content).count(b"\r\n") == 4
    assert get(make_user(world.company, "salesperson"), "journal-exports").status_code == 403


def test_pages_make_an_export_and_offer_its_files(client: Any) -> None:
    world = make_world()
    day = sell(world).date.isoformat()
    client.force_login(world.owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    made = client.post("/books/exports/new", {"since": day, "until": day})
    page = client.get(made["Location"]).content.decode()
    file = client.get(f"{made['Location']}/csv")

    assert (made.status_code, file.status_code) == (303, 200)
    assert f"{made['Location']}/xlsx" in page
    assert client.get("/books/exports").status_code == 200
    assert client.post("/books/exports/new", {"since": day}).status_code == 422
    assert client.get(f"{made['Location']}/pdf").status_code == 404
