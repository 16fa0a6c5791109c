"""Bank statements by the API: sent, taken in, booked once whatever is repeated, and taken back."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from niaga.payments.models import BankLine, KnownPayer, LineSettlement, Payment
from niaga.payments.tests.test_bank_lines import make_debt, open_on
from tests.api import Api
from tests.bank import csv_of, make_bank_account, make_line
from tests.makers import make_world

pytestmark = pytest.mark.django_db


def test_a_program_sends_a_statement_and_takes_it_in() -> None:
    world = make_world()
    account_id, api = make_bank_account(world), Api(world.owner)
    file = SimpleUploadedFile("mutasi.csv", csv_of([("20/11/2026", "BUNGA", 5_000)]), "text/csv")

    sent = api.client.post(f"/api/v1/bank-accounts/{account_id}/statements", {"file": file})
    key = sent.json()["id"]
    laid = api.send("put", f"bank-statements/{key}/layout", {"columns": ["date", "text", "amount", "balance"]})
    taken = api.post(f"bank-statements/{key}/taking", key="once")
    again = api.post(f"bank-statements/{key}/taking", key="once")

    assert (sent.status_code, laid.status_code, taken.status_code) == (201, 200, 200)
    assert (taken.json()["lines_new"], taken.json()["closing"]) == (1, "1005000")
    assert again.json() == taken.json()
    assert api.get(f"bank-lines?statement_id={key}").json()["items"][0]["text"] == "BUNGA"
    assert api.send("delete", f"bank-statements/{key}").status_code == 409


def test_a_program_books_a_line_once_and_takes_it_back() -> None:
    world = make_world()
    invoice = make_debt(world)
    line = make_line(world, make_bank_account(world), f"YOHANES WENDA {invoice.number}", 108_500)
    api = Api(world.owner)
    parts = {"parts": [
        {"kind": "payment", "amount": "111000", "customer_id": str(invoice.customer_id),
         "invoices": [{"invoice_id": str(invoice.id)}]},
        {"kind": "account", "amount": "-2500", "role": "bank_fees"},
    ]}  # fmt: skip

    seen = api.get(f"bank-lines/{line.pk}").json()["proposals"][0]
    wrong = api.post(f"bank-lines/{line.pk}/booking", {"parts": parts["parts"][:1]})
    booked = api.post(f"bank-lines/{line.pk}/booking", parts, key="once")
    api.post(f"bank-lines/{line.pk}/booking", parts, key="once")
    late = api.post(f"bank-lines/{line.pk}/booking", {"seen": seen["seen"]}, **{"If-Match": '"1"'})

    assert [part["amount"] for part in seen["parts"]] == ["111000", "-2500"]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "parts_differ")
    assert (booked.status_code, booked.json()["status"]) == (200, "settled")
    assert (late.status_code, late.json()["code"]) == (409, "line_done")
    assert (Payment.objects.count(), LineSettlement.objects.count()) == (1, 2)
    assert open_on(invoice) == 0
    known = api.get("known-payers").json()["items"][0]
    assert api.send("delete", f"known-payers/{known['id']}").status_code == 204
    assert not KnownPayer.objects.exists()
    assert api.post(f"bank-lines/{line.pk}/unbooking", {"reason": "Keliru"}).json()["status"] == "open"
    assert open_on(invoice) == Decimal(111_000)
    assert BankLine.objects.get().version == 3
