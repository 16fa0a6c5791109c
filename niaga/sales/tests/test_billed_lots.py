from decimal import Decimal

from niaga.sales.rules.billed_lots import LeftLot, lots_between

D = Decimal
LEFT = [LeftLot("a", D(4)), LeftLot("b", D(6)), LeftLot("a", D(2))]


def test_the_first_invoice_names_what_left_first_and_the_next_what_left_then() -> None:
    assert lots_between(LEFT, before=D(0), quantity=D(5)) == {"a": 4, "b": 1}
    assert lots_between(LEFT, before=D(5), quantity=D(7)) == {"b": 5, "a": 2}


def test_what_is_billed_before_it_leaves_names_no_lot() -> None:
    assert lots_between(LEFT, before=D(12), quantity=D(3)) == {}
    assert lots_between([], before=D(0), quantity=D(3)) == {}
