"""The pages of the bank: sending a statement, pointing at its columns, and working through its lines."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from niaga.payments.models import BankLine, BankProfile, BankStatement, KnownPayer, LineSettlement, Payment
from niaga.payments.services.accept_proposals import book_certain
from niaga.payments.services.keep_bank_profile import keep_bank_profile
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.tests.test_bank_lines import books, make_debt, open_on
from tests.bank import csv_of, make_bank_account, make_line, make_statement
from tests.makers import NOW, World, make_customer, make_world, signed_in

pytestmark = pytest.mark.django_db
LAYOUT = {"typed": "1", "column-0": "date", "column-1": "text", "column-2": "amount", "column-3": "balance",
          "skip": "1", "dates": "d/m/y", "decimal": ".", "delimiter": ""}  # fmt: skip


def english(world: World) -> Any:
    browser = signed_in(world)
    browser.cookies["niaga_language"] = "en"
    return browser


def send(browser: Any, account_id: Any, raw: bytes, name: str = "mutasi.csv") -> Any:
    return browser.post(f"/bank/accounts/{account_id}/statements", {"file": SimpleUploadedFile(name, raw)})


def test_a_statement_is_sent_pointed_at_and_taken_in() -> None:
    world = make_world()
    account_id = make_bank_account(world)
    browser = english(world)

    sent = send(browser, account_id, csv_of([("20/11/2026", "BUNGA", 5_000), ("20/11/2026", "BIAYA ADM", -7_500)]))
    shown = browser.get(sent["Location"]).content.decode()
    previewed = browser.get(sent["Location"], LAYOUT).content.decode()
    taken = browser.post(f"{sent['Location']}/taking", LAYOUT)

    assert "Point at the one column with the day." in shown
    assert "Closing balance" in previewed
    assert "997" in previewed
    assert taken.status_code == 303
    assert list(BankLine.objects.order_by("position").values_list("text", "amount")) == [
        ("BUNGA", Decimal(5_000)), ("BIAYA ADM", Decimal(-7_500)),
    ]  # fmt: skip
    assert BankProfile.objects.get().layout["columns"] == ["date", "text", "amount", "balance"]


def test_the_same_statement_again_doubles_nothing_and_the_page_says_which_were_there() -> None:
    world = make_world()
    account_id = make_bank_account(world)
    rows = [("20/11/2026", "BUNGA", 5_000), ("20/11/2026", "BUNGA", 5_000), ("21/11/2026", "BIAYA ADM", -7_500)]
    make_statement(world, account_id, rows)
    browser = english(world)

    sent = send(browser, account_id, csv_of([*rows, ("22/11/2026", "JASA GIRO", 900)]))
    shown = browser.get(sent["Location"]).content.decode()
    browser.post(f"{sent['Location']}/taking", LAYOUT)

    assert "3 of 4 lines are there already" in shown
    assert shown.count("there already</") == 3
    assert BankLine.objects.count() == 4
    assert list(BankStatement.objects.order_by("created_at").values_list("lines_new", flat=True)) == [3, 1]


def test_a_gap_between_two_statements_is_told() -> None:
    world = make_world()
    account_id = make_bank_account(world)
    make_statement(world, account_id, [("18/11/2026", "BUNGA", 5_000)], opening=100_000)
    later = make_statement(world, account_id, [("20/11/2026", "BUNGA", 5_000)], opening=130_000)

    page = english(world).get(f"/bank/statements/{later.id}").content.decode()

    assert "25,000 is missing" in page


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "The file is empty."),
        (b"\x00\x01\x02\x00PK", "This is no text file."),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", ""),
    ],
)
def test_a_file_that_is_no_statement_is_refused_and_nothing_is_kept(raw: bytes, said: str) -> None:
    world = make_world()
    account_id = make_bank_account(world)
    browser = english(world)

    answer = send(browser, account_id, raw, "x.csv")

    if said:
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not BankStatement.objects.exists()
    else:
        refused = browser.post(f"{answer['Location']}/taking", {})
        assert refused.status_code == 422
        assert "entities of its own" in refused.content.decode()
        assert not BankLine.objects.exists()


def test_a_statement_of_another_account_is_not_taken_in() -> None:
    world = make_world()
    account_id = make_bank_account(world, number="0123456789")
    mt940 = (
        b":20:X\r\n:25:9998887776\r\n:28C:1/1\r\n:60F:C261119IDR100,00\r\n:61:261120C50,00NTRFREF1\r\n:86:BUNGA\r\n"
        b":62F:C261120IDR150,00\r\n-"
    )
    browser = english(world)

    sent = send(browser, account_id, mt940, "x.sta")
    answer = browser.post(f"{sent['Location']}/taking", {})

    assert answer.status_code == 422
    assert "another bank account" in answer.content.decode()
    assert not BankLine.objects.exists()


def test_a_draft_is_thrown_away_and_a_statement_is_not() -> None:
    world = make_world()
    account_id = make_bank_account(world)
    browser = english(world)
    sent = send(browser, account_id, csv_of([("20/11/2026", "BUNGA", 5_000)]))
    taken = make_statement(world, account_id, [("20/11/2026", "BUNGA", 5_000)])

    browser.post(f"{sent['Location']}/discarding")
    refused = browser.post(f"/bank/statements/{taken.id}/discarding")

    assert refused.status_code == 409
    assert BankStatement.objects.get().id == taken.id


def test_what_is_certain_is_booked_with_one_press_and_the_rest_waits() -> None:
    world = make_world()
    invoice = make_debt(world)
    statement = make_statement(world, make_bank_account(world), [
        ("20/11/2026", f"TRSF {invoice.number}", 111_000), ("20/11/2026", "SETORAN TUNAI", 400_000),
    ])  # fmt: skip
    browser = english(world)
    page = browser.get(f"/bank/statements/{statement.id}").content.decode()
    [shown] = {part.split('"')[0] for part in page.split('name="line" value="')[1:]}

    browser.post(f"/bank/statements/{statement.id}/certain", {"line": shown})

    assert "Book the certain one" in page
    assert "names " + (invoice.number or "") in page
    assert open_on(invoice) == 0
    assert list(BankLine.objects.order_by("position").values_list("status", flat=True)) == ["settled", "open"]
    after = browser.get(f"/bank/statements/{statement.id}").content.decode()
    assert "1 line to book" in after


def test_a_proposal_that_changed_since_it_was_shown_is_not_booked() -> None:
    world = make_world()
    invoice = make_debt(world)
    line = make_line(world, make_bank_account(world), f"TRSF {invoice.number}", 111_000)
    browser = english(world)

    answer = browser.post(f"/bank/lines/{line.pk}/accepting", {"line": f"{line.pk}:1:{'0' * 24}"})

    assert answer.status_code == 409
    assert BankLine.objects.get().status == "open"
    assert open_on(invoice) == 111_000


def test_a_person_says_what_a_line_is_with_a_fee_and_an_advance() -> None:
    world = make_world()
    invoice = make_debt(world)
    line = make_line(world, make_bank_account(world), "TRSF TANPA BERITA", 150_000)
    browser = english(world)

    offered = browser.get(
        f"/bank/lines/{line.pk}", {"customer": str(invoice.customer_id)},
        headers={"hx-request": "true", "hx-target": "line-invoices"},
    ).content.decode()  # fmt: skip
    answer = browser.post(f"/bank/lines/{line.pk}/booking", {
        "version": "1", "customer": str(invoice.customer_id), f"invoice-{invoice.id}": "111000", "rest": "advance",
        "role-0": "bank_fees", "amount-0": "2500", "note": "Kata Bu Sari",
    })  # fmt: skip

    assert f"invoice-{invoice.id}" in offered
    assert answer.status_code == 303
    payment = Payment.objects.get()
    assert (payment.amount, payment.allocated) == (152_500, 111_000)
    assert books(world)["bank"] == 150_000
    assert books(world)["bank_fees"] == 2_500
    assert set(LineSettlement.objects.values_list("note", flat=True)) == {"Kata Bu Sari"}


def test_without_a_word_the_line_waits_as_not_identified_and_can_be_taken_back() -> None:
    world = make_world()
    line = make_line(world, make_bank_account(world), "SETORAN TUNAI", 150_000)
    browser = english(world)

    browser.post(f"/bank/lines/{line.pk}/booking", {"version": "1"})
    held = browser.get(f"/bank/lines/{line.pk}").content.decode()
    browser.post(f"/bank/lines/{line.pk}/unbooking", {"reason": "Keliru"})

    assert "Now it is known" in held
    assert BankLine.objects.get().status == "open"
    assert books(world) == {}
    assert "Keliru" in browser.get(f"/bank/lines/{line.pk}").content.decode()


def test_more_than_the_line_is_refused_beside_the_form() -> None:
    world = make_world()
    invoice = make_debt(world)
    line = make_line(world, make_bank_account(world), "TRSF", 50_000)

    answer = english(world).post(f"/bank/lines/{line.pk}/booking", {
        "version": "1", "customer": str(invoice.customer_id), f"invoice-{invoice.id}": "111000",
    })  # fmt: skip

    assert answer.status_code in (409, 422)
    assert BankLine.objects.get().status == "open"
    assert open_on(invoice) == 111_000


def test_bank_and_books_are_reconciled_on_the_account_s_page() -> None:
    world = make_world()
    account_id = make_bank_account(world)
    line = make_line(world, account_id, "BUNGA", 5_000)
    make_statement(world, account_id, [("21/11/2026", "SETORAN", 20_000)], opening=1_000_000)
    record_payment(
        customer_id=make_customer(world).id, branch_id=world.branch.id, invoices=[], by=world.owner, at=NOW,
        details=PaymentDetails(
            method="transfer", currency="IDR", amount=Decimal(70_000), bank_account_id=account_id,
        ),
    )  # fmt: skip
    browser = english(world)
    browser.post(f"/bank/lines/{line.pk}/booking", {"version": "1", "role-0": "bank_interest", "amount-0": "5000"})

    page = browser.get(f"/bank/accounts/{account_id}").content.decode()

    for figure in ("1,020,000", "20,000", "70,000", "1,070,000"):
        assert figure in page
    assert "5,000" in browser.get("/bank/lines?status=settled").content.decode()


def test_a_known_payer_is_listed_and_forgotten() -> None:
    world = make_world()
    customer = make_customer(world, name="Toko Zamrud")
    line = make_line(world, make_bank_account(world), "YOHANES WENDA", 50_000)
    browser = english(world)
    browser.post(f"/bank/lines/{line.pk}/booking", {"version": "1", "customer": str(customer.id), "rest": "advance"})
    known = KnownPayer.objects.get()

    page = browser.get("/bank/payers").content.decode()
    browser.post("/bank/payers", {"bulk": "forget", "pick": [str(known.pk)]})

    assert "YOHANES WENDA" in page
    assert "Toko Zamrud" in page
    assert not KnownPayer.objects.exists()


def test_by_the_company_s_setting_what_is_certain_is_booked_when_a_statement_comes() -> None:
    world = make_world()
    invoice = make_debt(world)
    account_id = make_bank_account(world)
    keep_bank_profile(bank_account_id=account_id, books_certain=True, by=world.owner, at=NOW)
    statement = make_statement(world, account_id, [
        ("20/11/2026", f"TRSF {invoice.number}", 111_000), ("20/11/2026", "SETORAN TUNAI", 400_000),
    ])  # fmt: skip

    booked = book_certain(statement_id=statement.id, by=world.owner, at=NOW)
    again = book_certain(statement_id=statement.id, by=world.owner, at=NOW)

    assert (booked, again) == (1, 0)
    assert open_on(invoice) == 0
    assert LineSettlement.objects.get().how == "certain"
