"""A discount that includes its tax, taken off the lines of any invoice."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from niaga.invoicing.rules.discount_note import Left, discount_note
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import TaxFormula

D = Decimal
EVERYDAY = TaxRate(D(12), base_numerator=11, base_denominator=12)
RATES = (TaxRate(D(0)), EVERYDAY, TaxRate(D(12)), TaxRate(D(12), luxury_rate=D(20)), TaxRate(D("1.1")))


def left(net: int, rate: TaxRate = EVERYDAY, *, by_buyer: bool = False, shown: int | None = None) -> Left:
    """A line as an invoice has it: without tax, or by its `shown` price."""
    formula = TaxFormula(rate, "IDR")
    taxed = formula.excluded(D(net)) if shown is None else formula.included(D(shown))
    amount = taxed.net if shown is None else D(shown)
    return Left(amount, taxed.net, taxed.other_tax_base, taxed.tax, taxed.luxury_tax, rate, by_buyer)


@st.composite
def invoices(draw: Any) -> tuple[list[Left], bool, Decimal]:
    inclusive, by_buyer = draw(st.booleans()), draw(st.booleans())
    sums = draw(st.lists(st.tuples(st.integers(1, 9_999_999), st.sampled_from(RATES)), min_size=1, max_size=6))
    lines = [
        left(net, rate, by_buyer=by_buyer and rate.rate > 0, shown=net + 2 if inclusive else None) for net, rate in sums
    ]
    whole = sum((line.payable(inclusive=inclusive) for line in lines), D(0))
    return lines, inclusive, D(draw(st.integers(1, int(whole))))


@given(invoices())
def test_the_note_is_the_discount_and_the_tax_of_what_remains_is_the_rate_times_that(drawn: Any) -> None:
    lines, inclusive, amount = drawn

    note = discount_note(lines, amount=amount, inclusive=inclusive, currency="IDR")

    paid = note.rounding
    for line, part in zip(lines, note.parts, strict=True):
        rest = TaxFormula(line.rate, "IDR").excluded(line.net - part.net)
        assert 0 <= part.net <= line.net
        assert (line.tax - part.tax, line.luxury_tax - part.luxury_tax) == (rest.tax, rest.luxury_tax)
        assert line.other_tax_base - part.other_tax_base == rest.other_tax_base
        paid += part.net if line.by_buyer else part.net + part.tax + part.luxury_tax
    assert paid == amount
    if not inclusive:
        assert abs(note.rounding) <= 1
        assert sum(part.amount for part in note.parts) == sum(part.net for part in note.parts)


@given(invoices())
def test_a_tax_that_is_rounded_once_for_a_group_stays_the_rate_times_what_remains_of_the_group(drawn: Any) -> None:
    lines, _inclusive, amount = drawn
    lines = [left(int(line.net), EVERYDAY) for line in lines]
    amount = min(amount, sum((line.taxed for line in lines), D(0)))

    note = discount_note(lines, amount=amount, inclusive=False, currency="IDR", groups=[0] * len(lines))

    gone = sum((part.net for part in note.parts), D(0))
    rest = TaxFormula(EVERYDAY, "IDR").excluded(sum((line.net for line in lines), D(0)) - gone)
    assert sum((line.tax - part.tax for line, part in zip(lines, note.parts, strict=True)), D(0)) == rest.tax
    assert sum((part.net + part.tax for part in note.parts), note.rounding) == amount


def test_what_no_whole_base_gives_is_rounding_and_never_tax() -> None:
    note = discount_note([left(5_000_000)], amount=D(5_000), inclusive=False, currency="IDR")

    [part] = note.parts
    assert (part.net, part.tax, note.rounding) == (D(4_505), D(496), D(-1))
    note = discount_note([left(1_001)], amount=D(5), inclusive=False, currency="IDR")
    assert sum((note.parts[0].net, note.parts[0].tax, note.rounding)) == 5
