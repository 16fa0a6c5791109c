"""Conditions, chains and people, without a database."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies

from niaga.approvals.rules.chain import Approver, BadStep, Seat, Step, is_passed, join, read_steps
from niaga.approvals.rules.condition import BadCondition, cases, freeze_facts, read_condition, read_facts
from niaga.approvals.rules.gate import Approval, Rule, missing
from niaga.approvals.tests.shop import MANAGER, OWNER, every, some, step, that
from tests.makers import NOW

TODAY = NOW.date()
FACTS = {
    "order_value": Decimal(6_000_000), "discount_percent": Decimal(12), "margin_percent": Decimal(8),
    "customer_group": ["g1"], "team": ["t0", "t1"], "territory": [], "party": "p", "currency": "IDR",
}  # fmt: skip


def rule(condition, **more):
    return Rule("r", "R", 1, read_condition(condition), (), "IDR", **more)


@pytest.mark.parametrize(
    ("test", "true"),
    [
        (that("discount_percent", "above", "12"), False), (that("discount_percent", "at_least", "12"), True),
        (that("margin_percent", "below", "8"), False), (that("margin_percent", "at_most", "8"), True),
        (that("customer_group", "is", ["g2", "g1"]), True), (that("team", "is", ["t0"]), True),
        (that("territory", "is", ["x"]), False), (that("margin", "below", "5"), True),
        (that("margin", "below", "5", False), False), (that("credit_over_by", "above", "0"), False),
        (that("credit_over_by", "above", "0", True), True),
    ],
)  # fmt: skip
def test_a_comparison_holds_or_not(test, true):
    assert read_condition(every(test)).holds(FACTS) is true


def test_and_and_or_nest():
    cheap, large = that("discount_percent", "above", "10"), that("order_value", "above", "10000000")

    assert read_condition(some(every(cheap, large), that("margin_percent", "below", "10"))).holds(FACTS)
    assert not read_condition(every(some(large), cheap)).holds(FACTS)


TESTS = strategies.builds(
    that,
    strategies.sampled_from(["discount_percent", "margin_percent", "line_margin_percent"]),
    strategies.sampled_from(["above", "at_least", "below", "at_most"]),
    strategies.sampled_from(["5", "8", "12", "20"]),
    strategies.booleans(),
)
GROUPS = strategies.builds(
    lambda match, parts: {"match": match, "parts": parts},
    strategies.sampled_from(["all", "any"]),
    strategies.lists(TESTS, min_size=1, max_size=3),
)
CONDITIONS = strategies.builds(
    lambda match, parts: {"match": match, "parts": parts},
    strategies.sampled_from(["all", "any"]),
    strategies.lists(TESTS | GROUPS, min_size=1, max_size=4),
)


@given(CONDITIONS)
def test_the_cases_of_a_condition_hold_just_when_it_holds(stored):
    condition = read_condition(stored)

    found = any(all(test.holds(FACTS) for test in case) for case in cases(condition))

    assert found is condition.holds(FACTS)


@pytest.mark.parametrize(
    ("condition", "code", "place", "field"),
    [
        (every(that("discount_percent", "above", "=1+1")), "not_a_figure", 1, "value"),
        (every(that("discount_percent", "above", "NaN")), "not_a_figure", 1, "value"),
        (every(that("order_value", "above", "1e30")), "out_of_range", 1, "value"),
        (every(that("order_value", "above", "-1")), "out_of_range", 1, "value"),
        (every(that("discount_percent", "above", 1.5)), "not_a_figure", 1, "value"),
        (every(that("__import__('os')", "above", "1")), "no_such_figure", 1, "field"),
        (every(that("order_value", "above", "1"), that("margin", "is", "1")), "no_such_comparison", 2, "op"),
        (every(that("customer_group", "is", [])), "nothing_chosen", 1, "value"),
        (every(), "empty", 0, ""), (every(every(every(that("margin", "below", "1")))), "too_deep", 0, ""),
        ({"match": "some", "parts": []}, "not_a_condition", 0, ""), ("discount > 10", "not_a_condition", 0, ""),
        (every(*[that("margin", "below", "1")] * 21), "too_many", 21, ""),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_named_at_its_place(condition, code, place, field):
    with pytest.raises(BadCondition) as refused:
        read_condition(condition)

    assert (refused.value.code, refused.value.place, refused.value.field) == (code, place, field)


def test_a_condition_is_stored_and_read_as_it_was():
    stored = read_condition(some(every(that("margin_percent", "below", "7.5")), that("team", "is", ["b", "a"])))

    assert read_condition(stored.as_json()) == stored
    assert read_facts(freeze_facts(FACTS)) == FACTS


def yes_to(facts, revision=1):
    return Approval({"r": revision}, facts)


@pytest.mark.parametrize(
    ("change", "covered"),
    [
        ({}, True), ({"discount_percent": Decimal(11)}, True), ({"discount_percent": Decimal(13)}, False),
        ({"order_value": Decimal(90_000_000)}, True), ({"margin_percent": Decimal(-50)}, True),
        ({"party": "q"}, False), ({"currency": "USD"}, True), ({"discount_percent": Decimal(5)}, True),
    ],
)  # fmt: skip
def test_a_yes_covers_what_is_not_worse_in_what_the_rule_is_about(change, covered):
    now = {**FACTS, **change}
    known = {**FACTS, "currency": now["currency"]}

    left = missing([rule(every(that("discount_percent", "above", "10")))], [yes_to(known)], now, today=TODAY)

    assert (left == []) is covered


def test_a_yes_to_an_unknown_margin_does_not_cover_a_known_one_below():
    about = rule(every(that("margin_percent", "below", "10")))

    assert missing([about], [yes_to({**FACTS, "margin_percent": None})], FACTS, today=TODAY) == [about]


def test_amounts_in_another_currency_pass_every_limit():
    dollars = {**FACTS, "currency": "USD", "order_value": Decimal(10)}
    large = rule(every(that("order_value", "above", "5000000")))

    assert missing([large], [], dollars, today=TODAY) == [large]
    assert missing([large], [yes_to(dollars)], dollars, today=TODAY) == []
    assert missing([large], [yes_to(dollars)], {**dollars, "order_value": Decimal(11)}, today=TODAY) == [large]


def test_a_step_that_two_rules_want_is_one_and_each_order_is_kept():
    a, b, c = (Step(False, (Approver(Seat.USER, str(uuid4())),)) for _n in range(3))
    soon = Step(False, a.approvers, 4, "")

    assert join([[a, c], [b, c]]) == [a, b, c]
    assert join([[a, b], [b, a]]) == [a, b]
    assert join([[a], [soon, b]]) == [soon, b]
    assert join([[b], [a, b, c]]) == [a, b, c]


@pytest.mark.parametrize(
    ("steps", "code", "place", "field"),
    [
        ([], "no_steps", 1, "approvers"), ([step()], "nobody", 1, "approvers"),
        ([step(MANAGER), step({"seat": "user", "key": "nobody"})], "nobody", 2, "approvers"),
        ([step({"seat": "formula", "key": "1"})], "nobody", 1, "approvers"),
        ([step(MANAGER, hours=0)], "no_such_time", 1, "hours"), ([step(MANAGER, hours=5)], "nowhere_to_go", 1, "then"),
        ([{**step(MANAGER), "then": str(UUID(int=1))}], "no_time_given", 1, "hours"),
        ([step(MANAGER, mode="most")], "not_a_step", 1, "mode"), ([step(OWNER)] * 7, "too_many_steps", 7, "approvers"),
    ],
)  # fmt: skip
def test_what_is_no_step_is_named_at_its_place(steps, code, place, field):
    with pytest.raises(BadStep) as refused:
        read_steps(steps)

    assert (refused.value.code, refused.value.place, refused.value.field) == (code, place, field)


def test_any_is_passed_by_one_and_all_by_everybody():
    one, other = uuid4(), uuid4()

    assert is_passed(all_of=False, people=[one, other], approved_for=[one])
    assert not is_passed(all_of=True, people=[one, other], approved_for=[one])
    assert is_passed(all_of=True, people=[one, other], approved_for=[other, one])
    assert not is_passed(all_of=False, people=[one], approved_for=[other])
