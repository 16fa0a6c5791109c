"""A gateway's payout and the bank line that shows it: one money, booked once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from niaga.core.errors import Invalid, NotFound
from niaga.ledger.models import JournalLine
from niaga.payments.errors import NotThisPayout, PayoutTied
from niaga.payments.models import BankLine, GatewayPayout, LineSettlement, Payment
from niaga.payments.queries.match_facts import line_facts, match_facts
from niaga.payments.queries.payouts import missing_payouts, visible_payouts
from niaga.payments.rules.line_parts import Part, parts_of
from niaga.payments.rules.match_facts import CERTAIN, SUGGESTED, GatewayName, LineFacts, Match, MatchFacts, PaidOut
from niaga.payments.rules.match_lines import match_line
from niaga.payments.services.book_lines import book_line
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.record_payout import PayoutDetails, record_payout
from niaga.payments.services.record_shown_payout import record_shown_payout
from niaga.payments.services.unbook_line import unbook_line
from niaga.payments.tests.gateways import make_gateway
from tests.bank import make_bank_account, make_line
from tests.makers import NOW, World, log_in, make_world

D = Decimal
DAY = date(2026, 11, 20)
MIDTRANS = GatewayName(UUID(int=1), "Midtrans", ["MIDTRANS"])


def paid_out(amount: int = 1_000_000, **more: Any) -> PaidOut:
    return PaidOut(**{"payout_id": UUID(int=7), "account_id": UUID(int=1), "amount": D(amount), "fee": D(0),
                      "date": DAY, "reference": "PO-88123", **more})  # fmt: skip


def told(text: str, amount: int, *payouts: PaidOut) -> Match:
    line = LineFacts(uuid4(), DAY, D(amount), text)
    return match_line(line, MatchFacts(payouts=payouts, gateways=[MIDTRANS]))


def test_a_line_of_the_amount_that_names_the_gateway_is_certain_and_says_why() -> None:
    match = told("TRSF CR PT MIDTRANS", 1_000_000, paid_out())

    assert match.outcome == CERTAIN
    assert match.proposals[0].payout_id == UUID(int=7)
    assert [one.code for one in match.proposals[0].reasons] == ["payout", "gateway_named"]
    assert parts_of(match.proposals[0], D(1_000_000)) == [Part("payout", D(1_000_000), payout_id=UUID(int=7))]


def test_its_reference_makes_it_certain_and_the_amount_alone_does_not() -> None:
    assert told("TRSF CR PO 88123", 1_000_000, paid_out()).outcome == CERTAIN
    assert told("TRSF CR", 1_000_000, paid_out()).outcome == SUGGESTED
    assert told("MIDTRANSIT CARGO", 999_000, paid_out()).proposals == ()


def test_two_payouts_of_one_amount_are_left_to_a_person() -> None:
    assert told("MIDTRANS", 1_000_000, paid_out(), paid_out(payout_id=UUID(int=8))).outcome == SUGGESTED


def test_what_came_less_is_the_gateways_fee_and_only_suggested() -> None:
    match = told("MIDTRANS", 993_500, paid_out())

    assert match.outcome == SUGGESTED
    assert [(one.kind, one.amount, one.role) for one in parts_of(match.proposals[0], D(993_500))] == [
        ("payout", D(1_000_000), ""), ("account", D(-6_500), "gateway_fees"),
    ]  # fmt: skip
    assert told("MIDTRANS", 900_000, paid_out()).waits_for == MIDTRANS
    assert told("MIDTRANS", 1_000_500, paid_out()).waits_for == MIDTRANS


def test_money_of_a_gateway_without_a_payout_waits_and_is_nobodys_payment() -> None:
    match = told("MIDTRANS", 250_000, paid_out(date=DAY - timedelta(days=30)))

    assert (match.waits_for, match.proposals) == (MIDTRANS, ())


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def books(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company=world.company).values_list("role").order_by()
    return {role: amount for role, amount in rows.annotate(sum=Sum("amount")) if amount}


def make_payout(world: World, account_id: UUID, amount: int = 1_000_000, **details: Any) -> GatewayPayout:
    given = PayoutDetails(D(amount), **{"paid_on": DAY, "reference": "PO-88123", **details})
    return record_payout(account_id=account_id, details=given, by=world.owner, at=NOW)


def accept(world: World, line: BankLine) -> None:
    found = match_facts(lines=[line_facts(line)], company_id=world.company.id, currency="IDR", by=world.owner)
    match = match_line(line_facts(line), found)
    book_line(booking=Booking(line.pk, parts_of(match.proposals[0], line.amount)), by=world.owner, at=NOW)


def test_a_matched_payout_posts_only_what_differs_and_taking_back_leaves_nothing(world: World) -> None:
    gateway = make_gateway(world, statement_name="PT GERBANG BAYAR")
    account = make_bank_account(world)
    payout = make_payout(world, gateway.pk, bank_account_id=account)
    before = books(world)
    line = make_line(world, account, "KR OTOMATIS PT GERBANG BAYAR", 995_000)

    accept(world, line)

    assert books(world) == before | {"bank": D(995_000), "gateway_fees": D(5_000)}
    assert visible_payouts(by=world.owner, at=NOW).get(pk=payout.pk).bank_line_id == line.pk
    assert not Payment.objects.exists()

    unbook_line(line_id=line.pk, reason="salah", by=world.owner, at=NOW)

    assert books(world) == before
    assert BankLine.objects.get(pk=line.pk).status == "open"
    assert visible_payouts(by=world.owner, at=NOW).get(pk=payout.pk).bank_line_id is None


def test_a_payout_stands_on_one_line_with_its_own_amount(world: World) -> None:
    gateway, account = make_gateway(world), make_bank_account(world)
    other = make_bank_account(world, number="0099887766")
    payout = make_payout(world, gateway.pk, bank_account_id=account)
    part = Part("payout", D(1_000_000), payout_id=payout.pk)
    first, second = (make_line(world, account, text, 1_000_000) for text in ("SATU", "DUA"))
    elsewhere, less = make_line(world, other, "TIGA", 1_000_000), make_line(world, account, "EMPAT", 900_000)
    book_line(booking=Booking(first.pk, [part]), by=world.owner, at=NOW)

    with pytest.raises(PayoutTied):
        book_line(booking=Booking(second.pk, [part]), by=world.owner, at=NOW)
    with pytest.raises(NotThisPayout):
        book_line(booking=Booking(elsewhere.pk, [part]), by=world.owner, at=NOW)
    short = Part("payout", D(900_000), payout_id=payout.pk)
    with pytest.raises(NotThisPayout):
        book_line(booking=Booking(less.pk, [short]), by=world.owner, at=NOW)

    assert LineSettlement.objects.count() == 1
    assert books(world) == {"bank": D(1_000_000), "gateway_clearing": D(-1_000_000)}


def test_a_payout_written_down_from_its_line_is_booked_with_it_or_not_at_all(world: World) -> None:
    gateway, account = make_gateway(world), make_bank_account(world)
    line = make_line(world, account, "NIAGA SANDBOX", 480_000)
    other = make_world()
    page = f"/payouts/new?line={line.pk}"

    shown: Any = {"line_id": line.pk, "account_id": gateway.pk, "at": NOW}
    with pytest.raises(Invalid):
        record_shown_payout(details=PayoutDetails(D(500_000)), by=world.owner, **shown)
    with pytest.raises(NotFound):
        record_shown_payout(details=PayoutDetails(D(480_000)), by=other.owner, **shown)
    assert not GatewayPayout.objects.exists()
    assert f"/payouts/new?line={line.pk}" in log_in(world.owner).get(f"/bank/lines/{line.pk}").content.decode()
    answer = log_in(world.owner).post(page, {"account_id": str(gateway.pk), "amount": "1", "fee": "20000"})

    assert answer.status_code == 303
    payout = GatewayPayout.objects.get()
    assert (payout.amount, payout.fee, payout.date, payout.bank_account_id) == (480_000, 20_000, DAY, account)
    assert BankLine.objects.get(pk=line.pk).status == "settled"
    assert books(world) == {"bank": D(480_000), "gateway_fees": D(20_000), "gateway_clearing": D(-500_000)}
    assert log_in(world.owner).get(page).status_code == 404


def test_who_books_a_line_to_a_payout_does_not_wait_for_who_writes_one_down(world: World) -> None:
    """They hold the gateway's key while they come for the line; a lock on the key would be a deadlock."""
    gateway, account = make_gateway(world), make_bank_account(world)
    payout = make_payout(world, gateway.pk)
    line = make_line(world, account, "TRSF PO-88123", 1_000_000)

    with CaptureQueriesContext(connection) as seen:
        book_line(booking=Booking(line.pk, [Part("payout", D(1_000_000), payout_id=payout.pk)]), by=world.owner, at=NOW)

    [lock] = [one["sql"] for one in seen if 'FROM "payments_gatewayaccount"' in one["sql"] and " FOR " in one["sql"]]
    assert lock.endswith("FOR NO KEY UPDATE")


def test_a_payout_that_the_bank_does_not_show_is_missed_after_its_days(world: World) -> None:
    gateway = make_gateway(world, payout_days=2, payout_contact="Dewi, 021-5550")
    account = make_bank_account(world)
    payout = make_payout(world, gateway.pk, bank_account_id=account)

    def state(days: int) -> str:
        return str(visible_payouts(by=world.owner, at=NOW + timedelta(days=days)).get().state)

    gone = (NOW.date() - DAY).days
    assert (state(1 - gone), state(2 - gone)) == ("waiting", "unchecked")
    make_line(world, account, "BUNGA", 5, day="21/11/2026")
    assert state(2 - gone) == "unchecked"
    make_line(world, account, "BUNGA", 5, day="22/11/2026")
    assert state(2 - gone) == "missing"
    assert [one.pk for one in missing_payouts(by=world.owner, at=NOW)] == [payout.pk]
    told = log_in(world.owner).get("/bank").content.decode()
    assert "Dewi, 021-5550" in told
    assert "PO-88123" in told
    shown = log_in(world.owner).get("/payouts?state=missing").content.decode()
    assert "PO-88123" in shown
