"""What paying late costs, day by day: no database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from niaga.core.money import round_amount
from niaga.invoicing.rules.late_fee import Claim, FeeTerms, Part, Promise, Segment, charges_of
from niaga.invoicing.rules.late_fee_words import fee_text

DUE, FIRST, SECOND = date(2026, 10, 31), UUID(int=1), UUID(int=2)
END, LATER = date(2026, 11, 30), date(2026, 12, 5)
TERMS = FeeTerms(Decimal(2), Decimal(0), 0, None, date(2026, 1, 1), False, True)
CLAIM = Claim("IDR", [Part(FIRST, DUE, Decimal(3_000_000))])


def cost(claim: Claim = CLAIM, terms: FeeTerms = TERMS, *, upto: date = END, today: date = LATER) -> Decimal:
    return sum((one.amount for one in charges_of(claim, terms, upto=upto, today=today)), Decimal(0))


def day(number: int) -> date:
    return date(2026, 11, number)


def test_a_month_costs_the_percentage_and_a_day_a_thirtieth_of_it() -> None:
    assert cost() == 60_000
    assert cost(upto=day(1)) == 2_000
    assert cost(upto=DUE) == 0


def test_the_day_of_payment_is_the_last_late_day_and_a_part_payment_lessens_what_follows() -> None:
    paid = replace(CLAIM, settled=[(day(10), Decimal(1_500_000))])

    [charge] = charges_of(paid, TERMS, upto=END, today=LATER)

    assert charge.segments == [
        Segment(day(1), day(10), Decimal(3_000_000)), Segment(day(11), day(30), Decimal(1_500_000))
    ]  # fmt: skip
    assert charge.amount == 20_000 + 20_000
    assert cost(replace(paid, settled=[(day(10), Decimal(3_000_000))])) == 20_000


def test_money_that_was_taken_back_is_open_again() -> None:
    bounced = replace(CLAIM, settled=[(DUE, Decimal(3_000_000)), (day(20), Decimal(-3_000_000))])

    assert cost(bounced) == 10 * 2_000


def test_days_of_grace_never_cost_anything() -> None:
    assert cost(terms=replace(TERMS, grace_days=7)) == 23 * 2_000


def test_a_rule_counts_from_its_first_day_and_leaves_older_invoices_alone_unless_said() -> None:
    begun = replace(TERMS, starts_on=day(16))

    assert cost(terms=begun) == 0
    assert cost(terms=replace(begun, with_older=True)) == 15 * 2_000


def test_no_day_of_a_dispute_costs_anything() -> None:
    assert cost(replace(CLAIM, disputes=[(day(11), day(20))])) == 20 * 2_000
    assert cost(replace(CLAIM, disputes=[(day(11), None)])) == 10 * 2_000


def test_days_of_a_promise_cost_nothing_when_it_was_kept() -> None:
    kept = replace(CLAIM, promises=[Promise(day(6), day(15))], settled=[(day(15), Decimal(3_000_000))])
    broken = replace(kept, settled=[(day(16), Decimal(3_000_000))])

    assert cost(kept) == 5 * 2_000
    assert cost(broken) == 16 * 2_000
    assert cost(kept, replace(TERMS, promise_stops=False)) == 15 * 2_000


def test_days_of_a_promise_whose_day_is_to_come_wait() -> None:
    waits = replace(CLAIM, promises=[Promise(day(6), LATER)])

    assert cost(waits) == 5 * 2_000
    assert cost(replace(waits, charged={FIRST: day(5)}), today=LATER + timedelta(days=1)) == 25 * 2_000


def test_what_was_charged_is_not_charged_again() -> None:
    assert cost(replace(CLAIM, charged={FIRST: day(20)})) == 10 * 2_000
    assert cost(replace(CLAIM, charged={FIRST: END})) == 0


def test_credit_notes_count_from_the_beginning() -> None:
    assert cost(replace(CLAIM, credited=Decimal(1_000_000))) == 40_000


def test_no_more_than_the_cap_is_ever_charged_on_an_invoice() -> None:
    capped = replace(TERMS, cap_percent=Decimal(5))

    assert cost(replace(CLAIM, charged={FIRST: DUE}, charged_amount=Decimal(100_000)), capped) == 50_000
    assert cost(replace(CLAIM, charged={FIRST: DUE}, charged_amount=Decimal(150_000)), capped) == 0


def test_a_fixed_fee_is_charged_once_for_each_late_part() -> None:
    fixed = replace(TERMS, percent=Decimal(0), fixed=Decimal(25_000))
    two = replace(CLAIM, parts=[*CLAIM.parts, Part(SECOND, day(15), Decimal(500_000))])

    assert cost(two, fixed) == 50_000
    assert cost(replace(two, charged={FIRST: day(5)}), fixed) == 25_000


def test_a_payment_covers_the_parts_in_their_order() -> None:
    two = replace(
        CLAIM, parts=[Part(FIRST, DUE, Decimal(3_000_000)), Part(SECOND, day(15), Decimal(3_000_000))],
        settled=[(DUE, Decimal(4_500_000))],
    )  # fmt: skip

    [charge] = charges_of(two, TERMS, upto=END, today=LATER)

    assert (charge.part.key, charge.amount) == (SECOND, 15_000)


def test_the_reckoning_is_shown_in_the_customers_language() -> None:
    told: dict[str, Any] = {
        "number": "INV-1", "due_date": DUE, "segments": [Segment(day(1), day(10), Decimal(3_000_000))],
        "percent": Decimal(2), "currency": "IDR",
    }  # fmt: skip

    assert fee_text(**told, language="id").replace("\xa0", " ") == (
        "Denda keterlambatan INV-1, jatuh tempo 31 Okt 2026\n"
        "1 Nov 2026 – 10 Nov 2026: Rp 3.000.000 × 10 hari × 2 % per bulan"
    )
    assert "10 days × 2% a month" in fee_text(**told, language="en")


@given(
    settled=st.lists(
        st.tuples(st.integers(1, 60), st.integers(-900_000, 1_500_000)).map(
            lambda row: (DUE + timedelta(days=row[0]), Decimal(row[1]))
        ),
        max_size=5,
    ),
    cut=st.integers(1, 59),
)
@settings(max_examples=200)
def test_charged_in_two_pieces_every_day_is_charged_once(settled: Any, cut: int) -> None:
    claim = replace(CLAIM, settled=settled)
    middle, end = DUE + timedelta(days=cut), DUE + timedelta(days=60)

    first = charges_of(claim, TERMS, upto=middle, today=end)
    charged = {one.part.key: one.last for one in first}
    second = charges_of(replace(claim, charged=charged), TERMS, upto=end, today=end)
    whole = charges_of(claim, TERMS, upto=end, today=end)

    def days(charges: Any) -> dict[date, Decimal]:
        return {
            one.first + timedelta(days=n): one.open
            for charge in charges for one in charge.segments for n in range(one.days)
        }  # fmt: skip

    assert not set(days(first)) & set(days(second))
    assert days(first) | days(second) == days(whole)
    exact = sum(days(whole).values(), Decimal(0)) * 2 / 3000
    assert abs(sum((one.amount for one in [*first, *second]), Decimal(0)) - exact) <= 1
    assert sum((one.amount for one in whole), Decimal(0)) == round_amount(exact, "IDR")
