from datetime import date
from decimal import Decimal

import pytest

from niaga.core.ids import new_id
from niaga.stock.rules.first_expired import LotAtHand, first_expired, less
from niaga.stock.rules.read_lots import LotRow, Unreadable, read_lots

EARLY, LATE = date(2027, 1, 31), date(2027, 6, 30)


def at_hand(number: str, day: date, free: int) -> LotAtHand:
    return LotAtHand(new_id(), new_id(), number, day, Decimal(free))


def test_the_first_to_expire_is_taken_first_and_what_is_missing_is_told():
    late, early, none = at_hand("L", LATE, 5), at_hand("E", EARLY, 3), at_hand("N", date(2026, 1, 1), 0)

    taken, missing = first_expired([late, none, early], wanted=Decimal(10))

    assert taken == [(early, 3), (late, 5)]
    assert missing == 2
    assert [lot.free for lot in less([late, early], taken)] == [0, 0]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("SUSU-1 L77 2027-06-30 12", LotRow("SUSU-1", "L77", LATE, None, Decimal(12))),
        ("SUSU-1\tL77\t30/06/2027", LotRow("SUSU-1", "L77", LATE)),
        ("SUSU-1; L77; 2,5", LotRow("SUSU-1", "L77", None, None, Decimal("2.5"))),
        ("(01)08991234567890(17)270630(10)L77", LotRow("8991234567890", "L77", LATE)),
        ("(01)18991234567897(10)L77(11)260101(17)270600(37)24",
         LotRow("18991234567897", "L77", LATE, date(2026, 1, 1), Decimal(24))),
        ("]C1010899123456789017270630" + "10L77\x1d3724", LotRow("8991234567890", "L77", LATE, None, Decimal(24))),
    ],
)  # fmt: skip
def test_a_lot_is_read_as_it_is_typed_pasted_or_scanned(text, row):
    assert read_lots(f"\n{text}\r\n") == [row]


@pytest.mark.parametrize(
    "text",
    ["SUSU-1", "SUSU-1 L77 gestern", "SUSU-1 L77 2027-02-30", "SUSU-1 L77 -3", "SUSU-1 L77 NaN", "(10)L77",
     "(01)0899(10)L77", "(01)08991234567890(10)L77(17)271330", "]C10108991234567890" + "99xx", "A " + "9" * 41],
)  # fmt: skip
def test_what_is_no_lot_is_refused_with_its_row(text):
    with pytest.raises(Unreadable) as refused:
        read_lots("SUSU-1 L1 2027-01-01\n" + text)

    assert refused.value.row == 2
