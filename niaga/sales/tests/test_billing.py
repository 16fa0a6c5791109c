"""However an order is cut into invoices, the parts add up to the promise."""

import os
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from niaga.core.money import round_amount
from niaga.sales.rules.billing import FrozenLine, bill_part

COUNT = int(os.environ.get("NIAGA_EXAMPLES", "2000"))
SHARES = ("discount_amount", "amount", "document_discount", "points_discount")


@st.composite
def lines(draw):
    quantity = Decimal(draw(st.integers(1, 5_000))) / draw(st.sampled_from([1, 10, 1000]))
    currency = draw(st.sampled_from(["IDR", "USD"]))
    amount = round_amount(Decimal(draw(st.integers(0, 10**9))) / 100, currency)
    discount = round_amount(amount * draw(st.integers(0, 100)) / 100, currency)
    rate, numerator, denominator = draw(st.sampled_from([(12, 11, 12), (12, 1, 1), (0, 1, 1)]))
    points = round_amount(discount * draw(st.integers(0, 100)) / 100, currency)
    line = FrozenLine(
        quantity, amount, discount, discount, Decimal(rate), numerator, denominator, points_discount=points
    )
    cuts = sorted({Decimal(cut) / 1000 for cut in draw(st.lists(st.integers(1, 999), max_size=5))})
    parts = [quantity * cut for cut in cuts] + [quantity]
    return line, currency, parts, draw(st.booleans())


@settings(max_examples=COUNT // 5, deadline=None)
@given(lines())
def test_parts_add_up_to_the_line_and_each_part_adds_up_itself(case):
    line, currency, upto, inclusive = case

    already = Decimal(0)
    parts = []
    for point in upto:
        if point == already:
            continue
        parts.append(
            bill_part(line, already=already, quantity=point - already, currency=currency, prices_include_tax=inclusive)
        )
        already = point

    for name in SHARES:
        assert sum(getattr(part, name) for part in parts) == getattr(line, name)
    for part in parts:
        owed = part.net + part.tax + part.rounding
        if inclusive:
            assert owed == part.amount - part.document_discount
        else:
            assert (part.net, part.rounding) == (part.amount - part.document_discount, 0)
        assert all(getattr(part, name) == round_amount(getattr(part, name), currency) for name in ("net", "tax"))


@settings(max_examples=COUNT // 10, deadline=None)
@given(lines())
def test_a_line_billed_whole_is_the_promise_itself(case):
    line, currency, _upto, inclusive = case

    part = bill_part(line, already=Decimal(0), quantity=line.quantity, currency=currency, prices_include_tax=inclusive)

    assert [getattr(part, name) for name in SHARES] == [getattr(line, name) for name in SHARES]
