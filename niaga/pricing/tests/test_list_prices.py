"""Which list price holds, by example. No database."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from uuid import UUID

import pytest

from niaga.pricing.rules import Buyer
from niaga.pricing.tests.lines import CUSTOMER, GROUP, D, Listed, by_lists, line, listed

COFFEE = line(base_price=D(98000))


def test_the_group_list_goes_before_the_list_price_and_its_largest_break_that_is_reached_holds() -> None:
    wholesale = listed(1, "Grosir Jatim", ("95000", "10"), ("92000", "100"), ("90000", "500"), group_id=GROUP)

    document = by_lists(replace(COFFEE, quantity=D(120)), [wholesale], buyer=Buyer(group_id=GROUP))

    only = document.lines[0]
    assert (only.list_price, only.unit_price, only.amount) == (D(92000), D(92000), D(11040000))
    assert [(step.code, step.facts.get("reason")) for step in only.steps] == [
        ("list_price", None),
        ("list_entry_lost", "below_quantity"),
        ("list_entry", None),
        ("gross", None),
        ("tax", None),
    ]


def test_a_list_of_another_group_or_customer_is_not_even_named() -> None:
    foreign = listed(1, "Lain", "1", group_id=UUID(int=8))
    personal = listed(2, "Orang lain", "1", customer_id=UUID(int=10))

    document = by_lists(COFFEE, [foreign, personal], buyer=Buyer(customer_id=CUSTOMER, group_id=GROUP))

    assert document.lines[0].unit_price == D(98000)
    assert [step.code for step in document.lines[0].steps] == ["list_price", "gross", "tax"]


def test_validity_includes_its_first_and_last_day() -> None:
    november = listed(1, "November", "90000", valid_from=date(2026, 11, 1), valid_until=date(2026, 11, 30))

    prices = {
        day: by_lists(COFFEE, [november], on_date=date(2026, *day)).lines[0].unit_price
        for day in ((10, 31), (11, 1), (11, 30), (12, 1))
    }

    assert prices == {(10, 31): D(98000), (11, 1): D(90000), (11, 30): D(90000), (12, 1): D(98000)}


def test_a_list_that_ended_is_named_for_a_month_and_then_forgotten() -> None:
    november = listed(1, "November", "90000", valid_until=date(2026, 11, 30))

    def told(day: date) -> list[object]:
        return [step.facts.get("reason") for step in by_lists(COFFEE, [november], on_date=day).lines[0].steps[1:-2]]

    assert (told(date(2026, 12, 31)), told(date(2027, 1, 1))) == (["expired"], [])


TUESDAY, WEDNESDAY = 24, 25
WORKDAYS, TUESDAYS = 0b0011111, 0b0000010


@pytest.mark.parametrize(
    ("facts", "day", "at", "holds"),
    [
        ({"weekdays": WORKDAYS}, TUESDAY, None, True),
        ({"weekdays": WORKDAYS}, 28, None, False),
        ({"from_time": time(14), "until_time": time(17)}, TUESDAY, time(13, 59), False),
        ({"from_time": time(14), "until_time": time(17)}, TUESDAY, time(14), True),
        ({"from_time": time(14), "until_time": time(17)}, TUESDAY, time(16, 59, 59), True),
        ({"from_time": time(14), "until_time": time(17)}, TUESDAY, time(17), False),
        ({"from_time": time(14), "until_time": time(17)}, TUESDAY, None, False),
        ({"from_time": time(20)}, TUESDAY, time(23, 59), True),
        ({"until_time": time(10)}, TUESDAY, time(0), True),
        ({"from_time": time(22), "until_time": time(2), "weekdays": TUESDAYS}, TUESDAY, time(23), True),
        ({"from_time": time(22), "until_time": time(2), "weekdays": TUESDAYS}, WEDNESDAY, time(1), True),
        ({"from_time": time(22), "until_time": time(2), "weekdays": TUESDAYS}, WEDNESDAY, time(23), False),
        ({"from_time": time(22), "until_time": time(2), "weekdays": TUESDAYS}, TUESDAY, time(1), False),
        ({"from_time": time(22), "until_time": time(2), "weekdays": TUESDAYS}, WEDNESDAY, time(12), False),
    ],
)
def test_a_list_holds_on_its_weekdays_and_hours_and_past_midnight(facts, day, at, holds) -> None:  # type: ignore[no-untyped-def]
    happy = listed(1, "Sore hemat", "90000", **facts)

    only = by_lists(COFFEE, [happy], on_date=date(2026, 11, day), at_time=at).lines[0]

    assert only.unit_price == (D(90000) if holds else D(98000))
    if not holds:
        assert only.steps[1].facts["reason"] in ("other_hour", "other_weekday")


def winner(lists: list[Listed], buyer: Buyer) -> Decimal:
    return by_lists(COFFEE, lists, buyer=buyer).lines[0].unit_price


def test_between_lists_priority_then_the_customers_own_then_the_cheaper_wins() -> None:
    everyone = listed(1, "Semua", "80000")
    group = listed(2, "Grup", "90000", group_id=GROUP)
    cheaper_group = listed(3, "Grup hemat", "85000", group_id=GROUP)
    own = listed(4, "Kontrak", "95000", customer_id=CUSTOMER)
    forced = listed(5, "Wajib", "99000", priority=1)
    buyer = Buyer(customer_id=CUSTOMER, group_id=GROUP)

    assert winner([everyone, group], buyer) == D(90000)
    assert winner([everyone, group, cheaper_group], buyer) == D(85000)
    assert winner([everyone, group, cheaper_group, own], buyer) == D(95000)
    assert winner([everyone, group, cheaper_group, own, forced], buyer) == D(99000)


def test_of_lists_that_are_alike_in_all_the_older_wins() -> None:
    assert (
        by_lists(COFFEE, [listed(2, "Baru", "80000"), listed(1, "Lama", "80000")]).lines[0].steps[2].facts["name"]
        == "Lama"
    )


def test_between_lists_the_nearer_territory_then_the_branch_then_the_channel_goes_first() -> None:
    city, province, country = UUID(int=21), UUID(int=22), UUID(int=23)
    branch, channel = UUID(int=31), UUID(int=41)
    lists = [
        listed(1, "Semua", "80000"),
        listed(2, "Toko online", "81000", channel_id=channel),
        listed(3, "Cabang", "82000", branch_id=branch),
        listed(4, "Cabang, online", "82500", branch_id=branch, channel_id=channel),
        listed(5, "Jawa Timur", "83000", territory_id=province),
        listed(6, "Surabaya", "84000", territory_id=city),
        listed(7, "Grup", "85000", group_id=GROUP),
        listed(8, "Grup, Jawa Timur", "86000", group_id=GROUP, territory_id=province),
    ]
    buyer = Buyer(CUSTOMER, GROUP, (city, province, country), branch, channel)

    found = [winner(lists[: count + 1], buyer) for count in range(len(lists))]

    assert found == [entries[0].price for _head, entries in lists]


def test_a_list_holds_only_for_all_that_it_names_together() -> None:
    city, branch, channel = UUID(int=21), UUID(int=31), UUID(int=41)
    whole = {"customer_id": CUSTOMER, "group_id": GROUP, "branch_id": branch, "channel_id": channel}
    narrow = listed(1, "Sempit", "70000", territory_id=city, **whole)
    fits = Buyer(territory_ids=(city,), **whole)
    near_misses = [
        replace(fits, customer_id=None), replace(fits, group_id=UUID(int=8)), replace(fits, territory_ids=()),
        replace(fits, branch_id=UUID(int=32)), replace(fits, channel_id=None),
    ]  # fmt: skip

    assert winner([narrow], fits) == D(70000)
    assert {winner([narrow], one) for one in near_misses} == {D(98000)}


def test_a_price_per_box_goes_before_the_price_per_piece_times_twelve() -> None:
    lists = [listed(1, "Grosir", "1000", ("11500", "0", "box"), ("10800", "10", "box"))]

    one = by_lists(line(unit="box", unit_factor=D(12)), lists)
    ten = by_lists(line(quantity="10", unit="box", unit_factor=D(12)), lists)
    pieces = by_lists(line(unit="pcs"), lists)

    assert (one.lines[0].unit_price, ten.lines[0].unit_price) == (D(11500), D(10800))
    assert pieces.lines[0].unit_price == D(1000)


def test_of_very_many_lists_that_lost_the_first_are_named_and_the_rest_counted() -> None:
    lists = [listed(number, f"Daftar {number}", str(90000 + number)) for number in range(1, 40)]

    steps = by_lists(COFFEE, lists).lines[0].steps

    assert [step.code for step in steps].count("list_entry_lost") == 12
    assert [step.facts["count"] for step in steps if step.code == "more_lost"] == [26]
