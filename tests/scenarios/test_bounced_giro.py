"""A giro that bounced: cleared, paid back by the bank, owed again, and remembered."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import Sum

from niaga.catalog.models import TaxCategory
from niaga.core.errors import Forbidden, Invalid
from niaga.core.queries.together import ask
from niaga.invoicing.models import Allocation, Invoice
from niaga.invoicing.queries.allocations import open_balances
from niaga.invoicing.queries.figures import invoiced_by_day
from niaga.invoicing.queries.open_items import open_items
from niaga.ledger.models import JournalEntry, JournalLine
from niaga.ledger.queries.journal import journal_of
from niaga.ledger.services.close_period import close_period
from niaga.organization.services.create_role import create_role
from niaga.organization.services.set_grants import set_grants
from niaga.parties.models import TimelineEntry
from niaga.payments.errors import GiroFeeCharged, GiroFeeWaived, GiroNotReturned, NoGiro
from niaga.payments.models import GiroFee, GiroFeeWaiver, Payment, PaymentReversal
from niaga.payments.queries.bounced import bounced_giros
from niaga.payments.rules.line_parts import Part
from niaga.payments.services.book_lines import book_line
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.charge_giro_fee import charge_giro_fee
from niaga.payments.services.clear_giro import clear_giro
from niaga.payments.services.record_giro_return import record_giro_return
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.save_giro_fee_setting import save_giro_fee_setting
from niaga.payments.services.waive_giro_fee import waive_giro_fee
from niaga.sales.rules.lines import LineInput
from tests.api import Api
from tests.bank import make_bank_account, make_line
from tests.makers import (
    NOW,
    World,
    log_in,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_user,
    make_world,
    signed_in,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=9)


def make_giro(world: World) -> Payment:
    coffee = make_product(world, stock=20)
    invoice = make_issued_invoice(world, [LineInput(product_id=coffee.id, quantity=Decimal(10))])
    return record_payment(
        customer_id=invoice.customer_id, branch_id=world.branch.id, invoices=None, by=world.owner, at=NOW,
        details=PaymentDetails(
            method="giro", currency="IDR", amount=invoice.total, reference="GB 123456", giro_bank="BCA",
            giro_due_date=date(2026, 11, 25),
        ),
    )  # fmt: skip


def test_a_giro_that_bounced_after_it_was_cleared_is_owed_again_and_remembered() -> None:
    world = make_world()
    giro = make_giro(world)
    clear_giro(payment_id=giro.id, by=world.owner, at=NOW + timedelta(days=2))

    reverse_payment(payment_id=giro.id, reason="Saldo tidak cukup", bounced=True, by=world.owner, at=LATER)

    [owed] = open_balances(customer_id=giro.customer_id, by=world.owner)
    assert owed.total - owed.allocated == giro.amount
    sums: dict[str, Decimal] = {}
    [journal] = ask(journal_of(giro.id, by=world.owner))
    for row in journal:
        sums[row["code"]] = sums.get(row["code"], Decimal(0)) + row["amount"]
    assert set(sums.values()) == {Decimal(0)}
    told = TimelineEntry.objects.get(customer_id=giro.customer_id, kind="payment.bounced")
    assert (told.number, told.text) == (giro.number, "Saldo tidak cukup")
    [counted] = ask(bounced_giros(customer_ids=[giro.customer_id], by=world.owner))
    assert counted == {giro.customer_id: 1}


def test_a_giro_recorded_by_mistake_does_not_count_against_the_customer() -> None:
    world = make_world()
    giro = make_giro(world)

    reverse_payment(payment_id=giro.id, reason="Salah pelanggan", by=world.owner, at=LATER)

    [counted] = ask(bounced_giros(customer_ids=[giro.customer_id], by=world.owner))
    assert counted == {}


def test_a_mistake_is_taken_back_without_a_day_of_the_bank() -> None:
    world = make_world()
    giro = make_giro(world)

    with pytest.raises(Invalid), transaction.atomic():
        reverse_payment(payment_id=giro.id, reason="Salah ketik", returned_on=NOW.date(), by=world.owner, at=LATER)

    assert not PaymentReversal.objects.exists()


def test_only_a_giro_bounces() -> None:
    world = make_world()
    payment = make_payment(world, make_customer(world).id, 100_000)

    with pytest.raises(NoGiro):
        reverse_payment(payment_id=payment.id, reason="Ditolak", bounced=True, by=world.owner, at=LATER)

    assert not PaymentReversal.objects.exists()
    assert Payment.objects.get().status == "recorded"


def test_the_page_returns_a_giro_and_the_customer_s_page_warns() -> None:
    world = make_world()
    giro = make_giro(world)
    browser = signed_in(world)

    answer = browser.post(f"/payments/{giro.id}/giro-return", {"reason": "Tolakan kliring"})

    assert answer.status_code == 303
    page = browser.get(f"/payments/{giro.id}").content.decode()
    assert "Tolakan kliring" in page
    assert "Giro ditolak" in page
    listed = browser.get("/payments?bounced=1").content.decode()
    assert giro.number in listed


def test_the_return_stands_in_the_books_on_the_bank_s_day() -> None:
    world = make_world()
    giro = make_giro(world)
    clear_giro(payment_id=giro.id, by=world.owner, at=NOW + timedelta(days=2))
    bank_day = (NOW + timedelta(days=4)).date()

    for day in (NOW.date(), (LATER + timedelta(days=1)).date()):
        with pytest.raises(Invalid), transaction.atomic():
            return_it(giro, day, by=world.owner)
    assert not PaymentReversal.objects.exists()
    return_it(giro, bank_day, by=world.owner)

    reversal = PaymentReversal.objects.get()
    assert (reversal.date, reversal.bank_date) == (bank_day, bank_day)
    assert JournalEntry.objects.filter(source_id=giro.id).latest("posted_at").date == bank_day
    assert Allocation.objects.filter(source_id=giro.id, amount__lt=0).get().date == bank_day
    assert receivable_as_told(world, bank_day) == giro.amount
    assert receivable_as_told(world, bank_day - timedelta(days=1)) == 0


def test_a_return_of_a_closed_month_stands_on_the_first_open_day_and_the_page_says_so() -> None:
    world = make_world()
    giro = make_giro(world)
    clear_giro(payment_id=giro.id, by=world.owner, at=NOW)
    december = NOW + timedelta(days=20)
    close_period(company_id=world.company.id, month=date(2026, 11, 1), by=world.owner, at=december)

    return_it(giro, date(2026, 11, 27), by=world.owner, at=december)

    reversal = PaymentReversal.objects.get()
    assert (reversal.date, reversal.bank_date) == (date(2026, 12, 1), date(2026, 11, 27))
    page = signed_in(world).get(f"/payments/{giro.id}").content.decode()
    assert "27 Nov 2026" in page
    assert "1 Des 2026" in page


def test_the_customer_is_charged_the_fee_of_the_return_by_an_issued_invoice_with_its_tax() -> None:
    world = make_world()
    usual(world, "50000", taxed=True)
    giro = make_giro(world)
    clear_giro(payment_id=giro.id, by=world.owner, at=NOW + timedelta(days=2))

    record_giro_return(
        payment_id=giro.id, reason="Saldo kurang", returned_on=date(2026, 11, 28), giro_fee=Decimal(50_000),
        by=world.owner, at=LATER,
    )  # fmt: skip

    fee = GiroFee.objects.get()
    invoice = fee.invoice
    assert (invoice.kind, invoice.status, invoice.number) == ("giro_fee", "issued", "INV-2026-00002")
    assert (invoice.net, invoice.tax, invoice.total) == (50_000, 5_500, 55_500)
    assert invoice.date == invoice.due_date == date(2026, 12, 2)
    assert fee.reversal.payment_id == giro.id
    [line] = invoice.lines.all()
    told = "Biaya giro GB 123456 (BCA) yang ditolak bank pada 28 Nov 2026\nPembayaran PAY-2026-00001"
    assert line.description == told
    posted = JournalLine.objects.filter(entry__source_id=invoice.pk).values_list("role", "amount")
    assert dict(posted) == {"receivable": 55_500, "giro_fees": -50_000, "tax_payable": -5_500}
    assert receivable_as_told(world, LATER.date()) == giro.amount + 55_500
    [told] = invoiced_by_day(by=world.owner, start=LATER.date(), end=LATER.date()).values()
    assert (told.amount, told.fees) == (55_500, 55_500)
    assert broken_promises() == []


def test_the_fee_is_waived_in_part_and_then_the_rest_by_credit_notes() -> None:
    world = make_world()
    usual(world, "50000", taxed=True)
    giro = make_giro(world)
    return_it(giro, NOW.date(), by=world.owner)
    charge_giro_fee(payment_id=giro.id, amount=Decimal(50_000), by=world.owner, at=LATER)

    first = waive_giro_fee(payment_id=giro.id, amount=Decimal(20_000), reason="Sepakat", by=world.owner, at=LATER)
    with pytest.raises(Invalid), transaction.atomic():
        waive_giro_fee(payment_id=giro.id, amount=Decimal(30_001), reason="Sepakat", by=world.owner, at=LATER)
    rest = waive_giro_fee(payment_id=giro.id, reason="Pelanggan lama", by=world.owner, at=LATER)
    with pytest.raises(GiroFeeWaived), transaction.atomic():
        waive_giro_fee(payment_id=giro.id, reason="Lagi", by=world.owner, at=LATER)

    assert [one.credit_note.total for one in (first, rest)] == [22_200, 33_300]
    assert [one.amount for one in GiroFeeWaiver.objects.order_by("at", "id")] == [20_000, 30_000]
    left = JournalLine.objects.filter(role="giro_fees").aggregate(sum=Sum("amount"))["sum"]
    assert left == 0
    assert receivable_as_told(world, LATER.date()) == giro.amount
    assert broken_promises() == []


def test_a_return_is_charged_once_and_what_is_no_return_never() -> None:
    world = make_world()
    giro = make_giro(world)
    with pytest.raises(GiroNotReturned), transaction.atomic():
        charge_giro_fee(payment_id=giro.id, amount=Decimal(50_000), by=world.owner, at=LATER)
    return_it(giro, NOW.date(), by=world.owner)
    for wrong in ("0", "-1", "0.5", "1000000001", "NaN", "Infinity"):
        with pytest.raises(Invalid), transaction.atomic():
            charge_giro_fee(payment_id=giro.id, amount=Decimal(wrong), by=world.owner, at=LATER)

    charge_giro_fee(payment_id=giro.id, amount=Decimal(50_000), by=world.owner, at=LATER)
    with pytest.raises(GiroFeeCharged), transaction.atomic():
        charge_giro_fee(payment_id=giro.id, amount=Decimal(50_000), by=world.owner, at=LATER)

    invoice = GiroFee.objects.get().invoice
    assert (invoice.net, invoice.tax, invoice.total) == (50_000, 0, 50_000)
    assert Invoice.objects.filter(kind="giro_fee").count() == 1


def test_a_fee_that_cannot_be_charged_leaves_the_giro_as_it_was() -> None:
    world = make_world()
    giro = make_giro(world)

    with pytest.raises(Invalid), transaction.atomic():
        record_giro_return(payment_id=giro.id, reason="Saldo kurang", giro_fee=Decimal(0), by=world.owner, at=LATER)

    assert not PaymentReversal.objects.exists()
    assert Payment.objects.get().status == "recorded"
    assert not GiroFee.objects.exists()


def test_the_page_charges_with_the_return_and_shows_what_the_bank_took_beside_it() -> None:
    world = make_world()
    usual(world, "75000")
    giro = make_giro(world)
    account_id = make_bank_account(world)
    came = make_line(world, account_id, "KLIRING GIRO", int(giro.amount), "24/11/2026")
    book_line(booking=Booking(came.pk, [Part("tie", giro.amount, payment_id=giro.id)]), by=world.owner, at=LATER)
    browser, page = signed_in(world), f"/payments/{giro.id}"
    before = browser.get(page).content.decode()
    with_nothing = browser.post(f"{page}/giro-return", {"reason": "Kosong", "charge_fee": "1", "giro_fee": ""})

    return_it(giro, date(2026, 11, 26), by=world.owner)
    fee_line = make_line(world, account_id, "BIAYA TOLAKAN KLIRING", -15_000, "26/11/2026")
    part = Part("account", Decimal(-15_000), role="bank_fees")
    book_line(booking=Booking(fee_line.pk, [part]), by=world.owner, at=LATER)
    offered = browser.get(page).content.decode()
    charged = browser.post(f"{page}/giro-fee", {"giro_fee": "75.000"})
    again = browser.post(f"{page}/giro-fee", {"giro_fee": "75.000"})
    after = browser.get(page).content.decode()

    assert 'value="75.000"' in before
    assert 'name="charge_fee" value="1" checked' in before
    assert (with_nothing.status_code, charged.status_code, again.status_code) == (422, 303, 409)
    assert "15.000" in offered
    assert "Tagih pelanggan" in offered
    invoice = GiroFee.objects.get().invoice
    assert str(invoice.number) in after
    assert f"/bank/lines/{fee_line.pk}" in after
    beside = browser.get(f"/invoices/{invoice.pk}").content.decode()
    assert giro.number in beside
    waived = browser.post(f"{page}/giro-fee/waiver", {"amount": "25.000", "reason": "Sepakat", "back": "invoice"})
    assert waived["Location"].endswith(f"/invoices/{invoice.pk}")
    assert GiroFeeWaiver.objects.get().credit_note.total == 25_000


def test_the_bank_line_returns_the_giro_and_charges_in_one_deed() -> None:
    world = make_world()
    giro = make_giro(world)
    account_id = make_bank_account(world)
    came = make_line(world, account_id, "KLIRING GIRO", int(giro.amount), "24/11/2026")
    book_line(booking=Booking(came.pk, [Part("tie", giro.amount, payment_id=giro.id)]), by=world.owner, at=LATER)
    went = make_line(world, account_id, "TOLAKAN KLIRING", -int(giro.amount), "25/11/2026")

    other = Booking(went.pk, [Part("account", -giro.amount, role="suspense")], giro_fee=Decimal(50_000))
    with pytest.raises(GiroNotReturned), transaction.atomic():
        book_line(booking=other, by=world.owner, at=LATER)
    browser = signed_in(world)
    with time_machine.travel(LATER, tick=False):
        answer = browser.post(
            f"/bank/lines/{went.pk}/booking", {f"tie-{giro.id}": "1", "charge_fee": "1", "giro_fee": "50000"}
        )
        line = browser.get(f"/bank/lines/{went.pk}").content.decode()

    assert answer.status_code == 303
    fee = GiroFee.objects.get()
    assert (fee.invoice.total, fee.reversal.bank_date) == (50_000, date(2026, 11, 25))
    assert f"/payments/{giro.id}#giro-fee-card" in line
    assert broken_promises() == []


def test_a_program_charges_with_the_return_and_waives() -> None:
    world = make_world()
    giro = make_giro(world)
    api, path = Api(world.owner), f"payments/{giro.id}"

    mixed = api.post(f"{path}/reversal", {"reason": "Salah", "giro_fee": "50000"})
    setting = api.send("put", "giro-fee-setting", {"amount": "60000", "is_usual": True})
    body = {"reason": "Kosong", "bounced": True, "giro_fee": "50000"}
    done = api.post(f"{path}/reversal", body, key="kembali")
    replayed = api.post(f"{path}/reversal", body, key="kembali")
    again = api.post(f"{path}/giro-fee", {"amount": "50000"})
    waived = api.post(f"{path}/giro-fee/waiver", {"reason": "Sepakat"})

    assert (mixed.status_code, mixed.json()["code"]) == (409, "giro_not_returned")
    assert setting.json() == {"amount": "60000", "is_usual": True, "tax_category_id": None}
    assert done.json()["giro_fee"]["left"] == "50000"
    assert replayed.json() == done.json()
    assert (again.status_code, again.json()["code"]) == (409, "giro_fee_charged")
    assert (waived.status_code, waived.json()["amount"]) == (201, "50000")
    assert api.get(path).json()["giro_fee"]["left"] == "0"
    listed = api.get("invoices?kind=giro_fee").json()["items"]
    assert [one["total"] for one in listed] == ["50000"]
    assert Invoice.objects.filter(kind="giro_fee").count() == 1


def test_who_may_not_write_invoices_returns_the_giro_and_is_not_offered_the_fee() -> None:
    world = make_world()
    giro = make_giro(world)
    role = create_role(company_id=world.company.id, code="kasir2", name="Kasir", by=world.owner, at=NOW)
    grants = {("payment", "view"): "all", ("payment", "reverse"): "all"}
    set_grants(role_id=role.id, grants=grants, by=world.owner, at=NOW)
    clerk = make_user(world.company, "kasir2")

    with pytest.raises(Forbidden), transaction.atomic():
        record_giro_return(payment_id=giro.id, reason="Kosong", giro_fee=Decimal(50_000), by=clerk, at=LATER)
    assert not PaymentReversal.objects.exists()
    page = log_in(clerk).get(f"/payments/{giro.id}").content.decode()
    record_giro_return(payment_id=giro.id, reason="Kosong", by=clerk, at=LATER)

    assert "returned_on" in page
    assert "charge_fee" not in page
    assert PaymentReversal.objects.get().bounced
    assert not GiroFee.objects.exists()


def usual(world: World, amount: str, *, taxed: bool = False) -> None:
    category = TaxCategory.objects.filter(company=world.company).order_by("id").first() if taxed else None
    save_giro_fee_setting(
        company_id=world.company.id, amount=Decimal(amount), is_usual=True,
        tax_category_id=category.pk if category else None, by=world.owner, at=NOW,
    )  # fmt: skip


def return_it(giro: Payment, day: date, *, by: Any, at: datetime = LATER) -> None:
    reverse_payment(payment_id=giro.id, reason="Saldo kurang", bounced=True, returned_on=day, by=by, at=at)


def receivable_as_told(world: World, day: date) -> Decimal:
    told = sum((row.open for row in open_items(by=world.owner, day=day)), Decimal(0))
    rows = JournalLine.objects.filter(entry__company=world.company, role="receivable", entry__date__lte=day)
    booked = rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    assert told == booked
    return Decimal(told)
