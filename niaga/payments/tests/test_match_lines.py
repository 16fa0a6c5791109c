"""Whose money a bank line is: rules without a database."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from bench._bank_lines import Drawn, counted
from niaga.payments.rules.match_facts import CERTAIN, NONE, SUGGESTED, Debt, Known, LineFacts, MatchFacts, Unseen
from niaga.payments.rules.match_lines import match_line, match_lines
from niaga.payments.rules.numbers_in_text import Series, numbers_in
from niaga.payments.rules.payer import blocking_keys

DAY = date(2026, 11, 23)
MAKMUR, ABADI = UUID(int=1), UUID(int=2)
NAMES = {MAKMUR: ["PT Sumber Makmur Elektrik"], ABADI: ["CV Karya Abadi Pangan"]}


def debt(number: int, amount: int, customer_id: UUID = MAKMUR, *, net: int = 0) -> Debt:
    total = Decimal(amount)
    return Debt(
        UUID(int=1000 + number), f"INV-2026-{number:05}", customer_id, total, total, Decimal(net), DAY, UUID(int=9)
    )  # fmt: skip


def facts(*debts: Debt, **more: object) -> MatchFacts:
    keys: dict[str, list[UUID]] = {}
    for key, names in NAMES.items():
        for word in blocking_keys(names[0]):
            keys.setdefault(word, []).append(key)
    return MatchFacts(
        series=[Series("invoice", "INV-2026-", 5)], debts={one.invoice_id: one for one in debts}, names=NAMES,
        keys=keys, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def line(amount: int, text: str, **more: str) -> LineFacts:
    return LineFacts(uuid4(), DAY, Decimal(amount), text, **more)


@pytest.mark.parametrize(
    "text",
    [
        "INV-2026-00012",
        "TRF INV 2026 12",
        "inv202600012",
        "INV/26/00012",
        "INV2026OOO12",
        "Invoice no 12",
        "byr INV 12",
    ],
)
def test_a_number_is_read_however_it_is_written(text: str) -> None:
    found = numbers_in(text, [Series("invoice", "INV-2026-", 5)])

    assert [one.number for one in found] == ["INV-2026-00012"]


def test_an_invoice_number_that_begins_like_the_year_is_not_cut_in_two() -> None:
    found = numbers_in("INV 2668", [Series("invoice", "INV-2026-", 5)])

    assert [one.number for one in found] == ["INV-2026-02668"]


def test_a_number_with_its_amount_is_certain_and_says_why() -> None:
    match = match_line(line(1_110_000, "TRSF E-BANKING CR INV 2026 12"), facts(debt(12, 1_110_000), debt(13, 500_000)))

    assert match.outcome == CERTAIN
    assert match.proposals[0].customer_id == MAKMUR
    assert match.proposals[0].shares == [(UUID(int=1012), Decimal(1_110_000))]
    assert [reason.code for reason in match.proposals[0].reasons] == ["number", "exact"]


def test_one_amount_for_three_named_invoices_settles_each() -> None:
    known = facts(debt(12, 100_000), debt(13, 200_000), debt(14, 300_000))

    match = match_line(line(600_000, "SUMBER MAKMUR INV 12, 13 dan 14"), known)

    assert match.outcome == CERTAIN
    assert [amount for _key, amount in match.proposals[0].shares] == [100_000, 200_000, 300_000]


def test_a_wrong_amount_for_three_invoices_is_only_suggested_with_what_is_over() -> None:
    known = facts(debt(12, 100_000), debt(13, 200_000), debt(14, 300_000))

    match = match_line(line(650_000, "SUMBER MAKMUR INV 12, 13 dan 14"), known)

    assert match.outcome == SUGGESTED
    assert sum(amount for _key, amount in match.proposals[0].shares) == 600_000
    assert match.proposals[0].reasons[-1].code == "more"
    assert match.proposals[0].reasons[-1].facts == {"amount": Decimal(50_000)}


def test_too_little_for_a_named_invoice_pays_a_part_and_is_only_suggested() -> None:
    match = match_line(line(60_000, "INV-2026-00012"), facts(debt(12, 100_000)))

    assert match.outcome == SUGGESTED
    assert match.proposals[0].shares == [(UUID(int=1012), Decimal(60_000))]
    assert match.proposals[0].reasons[-1].facts == {"amount": Decimal(40_000)}


def test_a_unique_code_on_top_is_told_apart_from_the_invoice() -> None:
    match = match_line(line(1_110_347, "KR OTOMATIS SUMBER MAKMUR ELEKTRIK PT"), facts(debt(12, 1_110_000)))

    assert match.proposals[0].shares == [(UUID(int=1012), Decimal(1_110_000))]
    assert match.proposals[0].others == [("rounding", Decimal(347))]


def test_tax_kept_back_is_proposed_and_never_decided() -> None:
    match = match_line(line(1_090_000, "INV-2026-00012"), facts(debt(12, 1_110_000, net=1_000_000)))

    assert match.outcome == SUGGESTED
    assert match.proposals[0].others == [("withheld_tax", Decimal(-20_000))]
    assert match.proposals[0].shares == [(UUID(int=1012), Decimal(1_110_000))]


def test_a_fee_taken_off_is_proposed_and_never_decided() -> None:
    match = match_line(line(1_103_500, "INV-2026-00012"), facts(debt(12, 1_110_000, net=1_000_000)))

    assert match.outcome == SUGGESTED
    assert match.proposals[0].others == [("bank_fees", Decimal(-6_500))]


def test_a_payer_known_from_before_is_found_by_account_without_a_name() -> None:
    known = facts(debt(12, 1_110_000), known={"account:1234567890": [Known(MAKMUR, 3)]})

    match = match_line(line(1_110_000, "PEMBAYARAN", payer_account="123-456-7890"), known)

    assert match.outcome == CERTAIN
    assert match.proposals[0].reasons[0].facts == {"times": 3}


def test_a_stranger_with_a_strange_amount_is_nobody() -> None:
    match = match_line(line(777_123, "TRANSFER DARI YOHANES SIMBOLON"), facts(debt(12, 1_110_000)))

    assert match.outcome == NONE


def test_an_amount_alone_is_never_certain() -> None:
    match = match_line(line(1_110_000, "SETORAN TUNAI"), facts(debt(12, 1_110_000)))

    assert match.outcome == SUGGESTED


def test_a_payment_that_was_recorded_before_is_offered_before_a_new_one() -> None:
    seen = Unseen(UUID(int=77), "PAY-2026-00001", MAKMUR, "transfer", Decimal(1_110_000), DAY, "FT26327", cleared=False)

    match = match_line(line(1_110_000, "SUMBER MAKMUR FT26327"), facts(unseen=[seen]))

    assert match.outcome == CERTAIN
    assert (match.proposals[0].kind, match.proposals[0].payment_id) == ("tie", UUID(int=77))


def test_a_returned_giro_is_found_by_its_number() -> None:
    giro = Unseen(UUID(int=77), "PAY-2026-00001", MAKMUR, "giro", Decimal(5_000_000), DAY, "GB 123456", cleared=True)

    match = match_line(line(-5_000_000, "TOLAKAN GIRO GB123456 SALDO KURANG"), facts(cleared=[giro]))

    assert match.outcome == SUGGESTED
    assert (match.proposals[0].kind, match.proposals[0].payment_id) == ("giro_return", UUID(int=77))


def test_of_two_lines_that_would_pay_one_invoice_only_the_first_is_certain() -> None:
    first, second = line(1_110_000, "INV-2026-00012"), line(1_110_000, "INV-2026-00012")

    found = match_lines([first, second], facts(debt(12, 1_110_000)))

    assert [found[first.id].outcome, found[second.id].outcome] == [CERTAIN, SUGGESTED]


def test_on_drawn_lines_with_noise_nearly_all_is_right_and_what_is_certain_is_never_wrong() -> None:
    drawn = Drawn(7, lines=600, customers=300, invoices=1_200)

    sums = counted(drawn, match_lines([one.line for one in drawn.lines], drawn.facts()))

    assert sums["wrong"] <= 6
    assert sums["right"] >= 570


def test_a_returned_giro_is_known_by_its_number_or_its_drawer_and_the_banks_fee_beside_it() -> None:
    giro = Unseen(UUID(int=5), "PAY-1", MAKMUR, "giro", Decimal(500_000), DAY, "GB 123456", cleared=True)
    other = Unseen(UUID(int=6), "PAY-2", ABADI, "giro", Decimal(500_000), DAY, "GB 777777", cleared=True)
    known = facts(cleared=[giro, other])

    by_number = match_line(line(-500_000, "DB KLIRING GB123456"), known)
    by_name = match_line(line(-500_000, "TOLAKAN GIRO SUMBER MAKMUR ELEKTRIK"), known)
    with_fee = match_line(line(-505_000, "TOLAKAN KLIRING GB123456"), known)

    assert [one.payment_id for one in by_number.proposals] == [giro.payment_id]
    assert by_name.proposals[0].payment_id == giro.payment_id
    assert "name" in [reason.code for reason in by_name.proposals[0].reasons]
    assert (with_fee.proposals[0].payment_id, with_fee.proposals[0].others) == (
        giro.payment_id, [("bank_fees", Decimal(-5_000))],
    )  # fmt: skip
    assert match_line(line(-500_000, "TRSF KE PEMASOK"), known).proposals == ()
    assert match_line(line(-505_000, "TOLAKAN KLIRING"), known).proposals == ()
