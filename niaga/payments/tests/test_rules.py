"""How a payment is turned into an invoice's currency, without a database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from niaga.core.money import exponent
from niaga.payments.rules.settle import Turn, fit, taken_for

D = Decimal
RATES = {"IDR": (D(1), D(1)), "USD": (D(15_000), D(18_000)), "KWD": (D(50_000), D(55_000)), "JPY": (D(95), D(115))}


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    source, target = (draw(st.sampled_from(sorted(RATES))) for _end in range(2))
    rates = {code: draw(st.decimals(*RATES[code], places=4)) for code in (source, target)}
    return Turn(source, target, rates[source], rates[target])


def amounts(currency: str, most: int = 10**9) -> st.SearchStrategy[Decimal]:
    return st.integers(1, most).map(lambda units: D(units).scaleb(-exponent(currency)))


def worth(units: int, currency: str, turn: Turn) -> Decimal:
    """Half a smallest unit, in the company's own currency."""
    rate = turn.source_rate if currency == turn.source else turn.target_rate
    return D(units).scaleb(-exponent(currency)) * rate / 2


@given(st.data(), turns())
def test_what_is_settled_is_worth_what_is_taken_to_a_smallest_unit(data: st.DataObject, turn: Turn) -> None:
    left, open_amount = data.draw(amounts(turn.source)), data.draw(amounts(turn.target))

    amount, taken = fit(left, open_amount, turn)

    assert 0 <= amount <= open_amount
    assert 0 <= taken <= left
    assert bool(amount) == bool(taken)
    if amount:
        apart = abs(amount * turn.target_rate - taken * turn.source_rate)
        assert apart <= worth(1, turn.source, turn) + worth(1, turn.target, turn)
    if turn.source == turn.target:
        assert amount == taken == min(left, open_amount)


@given(st.data(), turns())
def test_what_fits_can_also_be_named(data: st.DataObject, turn: Turn) -> None:
    left, open_amount = data.draw(amounts(turn.source)), data.draw(amounts(turn.target))

    amount, taken = fit(left, open_amount, turn)

    if amount:
        assert taken_for(amount, left, turn) == taken


@pytest.mark.parametrize(
    ("left", "open_amount", "told"),
    [
        ("1641137", "100", ("100.00", "1641137")),  # to the cent: nothing is left over
        ("1641180", "100", ("100.00", "1641180")),
        ("1700000", "100", ("100", "1641137")),
        ("820568", "100", ("50.00", "820568")),
        ("50", "100", ("0", "0")),  # no cent
    ],
)
def test_rupiah_on_dollars(left: str, open_amount: str, told: tuple[str, str]) -> None:
    turn = Turn("IDR", "USD", D(1), D("16411.37"))

    assert fit(D(left), D(open_amount), turn) == (D(told[0]), D(told[1]))


def test_an_open_amount_that_is_no_cent_is_not_settled_for_nothing() -> None:
    turn = Turn("USD", "IDR", D(16_400), D(1))

    assert fit(D(10), D(50), turn) == (D(0), D(0))
    assert taken_for(D(50), D(10), turn) is None
    assert taken_for(D(200_000), D(10), turn) is None
