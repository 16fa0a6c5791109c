import csv
import io
import random
import tracemalloc
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from niaga.core.clock import now
from niaga.core.errors import Forbidden, Invalid, NotFound
from niaga.core.models import AuditEntry
from niaga.ledger import errors
from niaga.ledger.models import JournalEntry, JournalProfile
from niaga.ledger.rules.import_template import Level, UnreadableTemplate, read_template
from niaga.ledger.rules.journal_columns import fault_of, propose
from niaga.ledger.services.add_journal_profile import add_journal_profile
from niaga.ledger.services.change_journal_profile import change_journal_profile, remove_journal_profile
from niaga.ledger.tests.test_account_map import choose, sell
from niaga.ledger.tests.test_journal_export import MORE, balance, draw, hand_out
from niaga.ledger.web.profile_file import profile_file
from niaga.organization.access import SYSTEM
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.create_token import create_token
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, make_customer, make_issued_invoice, make_product, make_user, make_world

FLAT = b"*Tgl Transaksi;No Transaksi;*Kode Akun;Nama Akun;Deskripsi;Debit;Kredit;Tag;Lampiran\r\n"


def book(*rows: tuple[str, ...], sheet: str = "Jurnal") -> bytes:
    file = io.BytesIO()
    made = Workbook(file)
    page = made.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    made.close()
    return file.getvalue()


TWO = book(
    ("Template Jurnal Umum",),
    ("HEADER", "No Bukti", "Tanggal", "Catatan"),
    ("ACCOUNT", "No Akun", "Nama Akun", "Nilai", "Nama Departemen"),
)


def add(world: Any, content: bytes = FLAT, name: str = "Program") -> JournalProfile:
    return add_journal_profile(company_id=world.company.id, name=name, chunks=[content], by=world.owner, at=now())


def change(world: Any, profile: JournalProfile, **other: Any) -> JournalProfile:
    asked = {"name": profile.name, "columns": profile.columns, "dates": "%d/%m/%Y", "decimal": "."}
    return change_journal_profile(profile_id=profile.pk, **(asked | other), by=world.owner, at=now())


def content(world: Any, export: Any, profile: JournalProfile) -> bytes:
    answer: Any = profile_file(export_id=export.id, profile_id=profile.pk, by=world.owner)
    return b"".join(answer.streaming_content)


def program(world: Any, user: Any = None) -> Client:
    token = create_token(user_id=(user or world.owner).id, name="test", by=SYSTEM, at=now())
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def test_headings_of_a_text_file_are_known_in_both_languages() -> None:
    read = read_template(b"\xef\xbb\xbfTransaction Date,Journal Number,Account Code,Memo,Debit (IDR),Credit,Amount\n")

    assert (read.kind, read.delimiter, read.mark, read.above) == ("csv", ",", True, ())
    assert propose(read.levels) == [["date", "number", "code", "description", "debit", "credit", ""]]
    assert propose(read_template(FLAT).levels) == [
        ["date", "number", "code", "account", "description", "debit", "credit", "branch", ""]
    ]


def test_two_rows_of_headings_belong_together() -> None:
    read = read_template(TWO)

    assert (read.kind, read.sheet, read.above) == ("xlsx", "Jurnal", (("Template Jurnal Umum",),))
    assert [level.tag for level in read.levels] == ["HEADER", "ACCOUNT"]
    assert propose(read.levels) == [["", "number", "date", "description"], ["", "code", "account", "amount", "branch"]]


def macros() -> bytes:
    file = io.BytesIO(TWO)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("reason", "file"),
    [
        ("empty", lambda: b" \n"),
        ("too_large", lambda: b"a;b;c\n" * 400_000),
        ("old_excel", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600),
        ("damaged", lambda: b"PK\x03\x04" + b"x" * 100),
        ("damaged", lambda: TWO[:-400]),
        ("macros", macros),
        ("bomb", bomb),
        ("too_wide", lambda: ";".join("k" for _n in range(10_000)).encode()),
        ("too_wide", lambda: book(tuple("k" for _n in range(10_000)))),
        ("too_large", lambda: book(("a", "b", "c"), *[("1",)] * 20_100)),
        ("no_headings", lambda: b"one\ntwo\n"),
        ("no_headings", lambda: (b"x" * 200 + b";") * 3),
        ("no_text", lambda: b"\x89PNG\x00\x01\x02;;;"),
    ],
)
def test_a_file_that_is_no_template_is_refused(reason: str, file: Any) -> None:
    with pytest.raises(UnreadableTemplate) as refused:
        read_template(file())

    assert refused.value.reason == reason


def test_whatever_the_bytes_are_reading_ends_in_a_template_or_a_refusal() -> None:
    dice = random.Random(4)
    for _turn in range(300):
        broken = bytearray(TWO if dice.random() < 0.7 else FLAT)
        for _hit in range(dice.randint(1, 12)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            assert read_template(bytes(broken)).levels
        except UnreadableTemplate:
            pass


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ([["date", "code", "debit", "credit"]], None),
        ([["", "number", "date"], ["", "account", "amount"]], None),
        ([["date", "code", "amount", "side"]], None),
        ([["code", "debit", "credit"]], "missing"),
        ([["date", "debit", "credit"]], "missing"),
        ([["date", "code", "debit"]], "missing"),
        ([["date", "code"]], "missing"),
        ([["date", "code", "debit", "credit"], ["", "code"]], "missing"),
        ([["date", "code", "debit", "debit", "credit"]], "twice"),
        ([["date", "code", "debit", "credit", "amount"]], "mixed"),
    ],
)
def test_columns_hold_the_journal_with_each_amount_once(columns: list[list[str]], reason: str | None) -> None:
    fault = fault_of(columns)

    assert (fault.reason if fault else None) == reason


def test_an_amount_beside_debit_and_credit_is_not_proposed() -> None:
    assert propose([Level("", ("Tanggal", "Akun", "Nilai", "Debet", "Kredit"))]) == [
        ["date", "account", "", "debit", "credit"]
    ]


@pytest.mark.django_db
def test_the_file_in_a_programs_columns_adds_up_to_the_trial_balance(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    world, dice = make_world(), random.Random(11)
    choose_currencies(company_id=world.company.id, currencies=["USD"], rate_days=7, by=world.owner, at=NOW)
    write_exchange_rates(
        company_id=world.company.id, rates=[NewExchangeRate("USD", Decimal(16_333), NOW.date())], by=world.owner, at=NOW
    )
    for _turn in range(6):
        draw(world, dice)
    day = NOW.date()
    flat, two = change(world, add(world), decimal=","), add(world, TWO, "Dua")
    export = hand_out(world)

    head, *rows = csv.reader(io.StringIO(content(world, export, flat).decode()), delimiter=";")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content(world, export, two))).get_sheet_by_name("Jurnal")
    above, *levels = sheet.to_python()

    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for row in rows:
        debit, credit = sums.get(row[2], (Decimal(0), Decimal(0)))
        sums[row[2]] = (debit + Decimal(row[5].replace(",", ".")), credit + Decimal(row[6].replace(",", ".")))
    assert sums == balance(world)
    assert ";".join(head).encode() + b"\r\n" == FLAT
    assert {row[0] for row in rows} == {day.strftime("%d/%m/%Y")}
    assert {(len(row), row[7], row[8]) for row in rows} == {(9, world.branch.name, "")}
    assert len(rows) == export.lines
    assert above[0] == "Template Jurnal Umum"
    assert [row[0] for row in levels[:2]] == ["HEADER", "ACCOUNT"]
    written = levels[2:]
    assert sum(row[0] == "HEADER" for row in written) == JournalEntry.objects.filter(date=day).count()
    assert sum(row[0] == "ACCOUNT" for row in written) == export.lines
    signed: dict[str, Decimal] = {}
    for row in written:
        if row[0] == "ACCOUNT":
            signed[row[1]] = signed.get(row[1], Decimal(0)) + Decimal(str(row[3]))
    assert signed == {code: debit - credit for code, (debit, credit) in balance(world).items()}


@pytest.mark.django_db
def test_text_that_a_spreadsheet_would_run_never_runs() -> None:
    world = make_world()
    customer = make_customer(world, name='=HYPERLINK("http://x")')
    day = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=5).id)], customer=customer).date
    choose(world, receivable=("1-1", "@SUM(A1)"))
    make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=5).id)], customer=customer)
    heads = ("=cmd|calc", "Tanggal", "Akun", "Debit", "Kredit", "Pelanggan")
    export = hand_out(world, since=day, until=day)

    text = content(world, export, add(world, ",".join(heads).encode(), "Teks")).decode()
    sheet = content(world, export, add(world, book(heads), "Lembar"))

    assert text.startswith("'=cmd|calc,")
    assert text.count("\"'=HYPERLINK") == text.count("=HYPERLINK") == export.lines
    assert text.count("'@SUM") == text.count("@SUM") == 1
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(sheet)).read("xl/worksheets/sheet1.xml")


@pytest.mark.django_db
def test_a_profile_is_changed_noted_and_removed() -> None:
    world = make_world()
    profile = add(world, b"Kapan,Akun,Debet,Kredit\n")
    day = sell(world).date
    export = hand_out(world, since=day, until=day)

    with pytest.raises(errors.ProfileNotReady):
        content(world, export, profile)
    changed = change(world, profile, name="Accurate", columns=[["date", "account", "debit", "credit"]], dates="day")
    change(world, changed, dates="day")

    assert content(world, export, changed).decode().splitlines()[1].startswith(day.isoformat())
    with pytest.raises(Invalid):
        change(world, changed, columns=[["date", "account", "debit", "debit"]])
    with pytest.raises(Invalid):
        change(world, changed, columns=[["date", "account", "debit"]])
    with pytest.raises(Invalid):
        change(world, changed, columns=[["date", "account", "debit", "__class__"]])
    with pytest.raises(Invalid):
        change(world, changed, name=" ")
    with pytest.raises(Invalid):
        add(world, name="Accurate")
    changed.refresh_from_db()
    assert (changed.name, changed.columns) == ("Accurate", [["date", "account", "debit", "credit"]])
    remove_journal_profile(profile_id=changed.pk, by=world.owner, at=now())
    noted = AuditEntry.objects.filter(subject_kind="journal_profile").order_by("id").values_list("verb", flat=True)
    assert list(noted) == ["create", "change", "remove"]
    assert not JournalProfile.objects.exists()


@pytest.mark.django_db
def test_others_neither_see_nor_change_a_profile() -> None:
    world, other = make_world(), make_world()
    profile = add(world)
    seller = make_user(world.company, "sales_manager")

    with pytest.raises(Forbidden):
        add_journal_profile(company_id=world.company.id, name="x", chunks=[FLAT], by=seller, at=now())
    with pytest.raises(NotFound):
        change(other, profile)
    with pytest.raises(NotFound):
        remove_journal_profile(profile_id=profile.pk, by=other.owner, at=now())
    day = sell(other).date
    with pytest.raises(NotFound):
        profile_file(export_id=hand_out(other, since=day, until=day).id, profile_id=profile.pk, by=other.owner)

    assert JournalProfile.objects.get() == profile


@pytest.mark.django_db
@pytest.mark.parametrize("template", [FLAT, TWO])
def test_a_long_period_in_a_profile_takes_little_memory(template: bytes) -> None:
    world = make_world()
    invoice = sell(world)
    entry = JournalEntry.objects.get(source_id=invoice.id).id
    with connection.cursor() as cursor:
        cursor.execute(MORE, [entry, entry])
    export = hand_out(world, since=invoice.date, until=invoice.date)
    profile = add(world, template)

    tracemalloc.start()
    answer: Any = profile_file(export_id=export.id, profile_id=profile.pk, by=world.owner)
    size = sum(len(part) for part in answer.streaming_content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert export.lines == 15_003
    assert size > 100_000
    assert peak < 9_000_000, peak


@pytest.mark.django_db
def test_by_the_api_a_template_is_sent_pointed_at_filled_and_removed() -> None:
    world = make_world()
    day = sell(world).date
    api = program(world)
    export = hand_out(world, since=day, until=day)

    sent = SimpleUploadedFile("jurnal.csv", b"Kapan,Akun,Debet,Kredit\n", "text/csv")
    made = api.post("/api/v1/journal-profiles", {"name": "Jurnal", "file": sent})
    address = f"/api/v1/journal-profiles/{made.json()['id']}"
    asked = {"name": "Jurnal", "columns": [["date", "account", "debit", "credit"]]}
    put = api.put(address, asked, content_type="application/json")
    file: Any = api.get(f"/api/v1/journal-exports/{export.id}/content?journal_profile_id={made.json()['id']}")

    assert (made.status_code, made.json()["ready"], made["Location"]) == (201, False, address)
    assert made.json()["columns"] == [["", "account", "debit", "credit"]]
    assert (put.status_code, put.json()["ready"], put.json()["format"]) == (200, True, "csv")
    assert len(b"".join(file.streaming_content).splitlines()) == 1 + export.lines
    assert [one["id"] for one in api.get("/api/v1/journal-profiles").json()["items"]] == [made.json()["id"]]
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


@pytest.mark.django_db
def test_pages_take_a_template_show_its_columns_and_offer_its_file(client: Any) -> None:
    world = make_world()
    day = sell(world).date
    export = hand_out(world, since=day, until=day)
    client.force_login(world.owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    none = client.post("/books/profiles", {"name": "Accurate"})
    bad = client.post("/books/profiles", {"name": "Accurate", "file": SimpleUploadedFile("a.xlsx", macros())})
    made = client.post("/books/profiles", {"name": "Accurate", "file": SimpleUploadedFile("a.xlsx", TWO)})
    page = client.get(made["Location"]).content.decode()
    offered = client.get(f"/books/exports/{export.id}").content.decode()
    profile = JournalProfile.objects.get()
    fields = {f"column_{n}_{m}": one for n, row in enumerate(profile.columns) for m, one in enumerate(row)}
    saved = client.post(made["Location"], {**fields, "name": "Accurate", "dates": "day", "decimal": ".", "seen": ""})
    wrong = client.post(made["Location"], {**fields, "column_0_2": "", "name": "x", "dates": "day", "decimal": "."})
    file = client.get(f"/books/exports/{export.id}/profiles/{profile.pk}")

    assert (none.status_code, bad.status_code, made.status_code) == (422, 422, 302)
    assert "Nama Departemen" in page
    assert f"/books/exports/{export.id}/profiles/{profile.pk}" in offered
    assert (saved.status_code, wrong.status_code, file.status_code) == (303, 422, 200)
    profile.refresh_from_db()
    assert (profile.name, profile.dates) == ("Accurate", "day")
    assert client.post(f"/books/profiles/{profile.pk}/removal").status_code == 303
    assert not JournalProfile.objects.exists()
