"""The floor by margin of the list that won, told by a line's own steps whatever a person took off."""

from dataclasses import replace

import pytest

from niaga.pricing.queries.explained_steps import explained_steps, without_cost
from niaga.pricing.rules import Basis, TaxCategory, TaxRate
from niaga.pricing.rules.floor import Floor, floor_in
from niaga.pricing.rules.replay import replay
from niaga.pricing.tests.lines import D, by_lists
from niaga.pricing.tests.test_formulas import GOODS, of, rule

PPN = TaxRate(D(12), base_numerator=11, base_denominator=12)


def _steps(line, *lists, **facts):
    return by_lists(line, [(one, ()) for one in lists], **facts).lines[0].explanation()


def test_the_floor_is_told_whether_it_made_the_price_or_not_and_the_price_is_proved():
    bound = _steps(GOODS, of(rule(percent="-50", least_margin="20")))
    unbound = _steps(GOODS, of(rule(percent="-5", least_margin="20")))

    assert floor_in(bound, "IDR") == floor_in(unbound, "IDR") == Floor(D(87500))
    assert (replay(bound, "IDR").unit_price, replay(unbound, "IDR").unit_price) == (D(87500), D(93100))


def test_a_price_by_hand_and_a_discount_leave_the_floor_where_it_was():
    line = replace(GOODS, manual_price=D(80000), discount_percent=D(10))

    assert floor_in(_steps(line, of(rule(percent="-5", least_margin="20"))), "IDR") == Floor(D(87500))


def test_without_a_floor_there_is_none_and_without_a_cost_it_is_not_known():
    assert floor_in(_steps(GOODS, of(rule(percent="-5"))), "IDR") is None
    unknown = _steps(replace(GOODS, unit_cost=None), of(rule(percent="-5", least_margin="20")))
    assert floor_in(unknown, "IDR") == Floor(None)
    assert replay(unknown, "IDR").unit_price == D(93100)


def test_only_the_list_that_won_has_a_say():
    below = of(rule(percent="-5", least_margin="20"), number=1)
    above = of(rule(Basis.LIST, base_list_id=below.id, percent="-10"), number=2, priority=1)

    assert floor_in(_steps(GOODS, below, above), "IDR") is None


def test_a_box_has_the_floor_of_a_box():
    box = replace(GOODS, unit="box", unit_factor=D(12))

    assert floor_in(_steps(box, of(rule(percent="-5", least_margin="20"))), "IDR") == Floor(D(1050000))


def test_prices_with_tax_have_a_floor_with_tax_and_without_it_for_a_buyer_who_pays_none():
    floor = of(rule(percent="-5", least_margin="20"))
    taxed = _steps(replace(GOODS, tax=TaxCategory("ppn", (PPN,))), floor, prices_include_tax=True)
    free = TaxCategory("ppn", (TaxRate(D(0)),), why="buyer", taken_out=PPN)
    untaxed = _steps(replace(GOODS, tax=free), floor, prices_include_tax=True)

    assert floor_in(taxed, "IDR") == Floor(D(97125))
    assert floor_in(untaxed, "IDR") == Floor(D(87500))


def test_a_formula_on_cost_gives_a_buyer_without_tax_the_price_without_tax_once():
    free = TaxCategory("ppn", (TaxRate(D(0)),), why="buyer", taken_out=PPN)
    markup = of(rule(Basis.COST, percent="25"))

    document = by_lists(replace(GOODS, tax=free), [(markup, ())], prices_include_tax=True)

    assert document.lines[0].unit_price == D(87500)


@pytest.mark.parametrize(("percent", "told"), [("-50", None), ("-5", "-5")])
def test_who_may_not_see_cost_reads_a_formula_but_never_its_floor(percent, told):
    steps = _steps(GOODS, of(rule(percent=percent, least_margin="20")))

    formula = next(step for step in without_cost(steps) if step["code"] == "list_formula")

    assert formula.get("percent") == told
    assert not {"cost", "least_margin"} & set(formula)
    words = " ".join(step.text for step in explained_steps(steps, "IDR"))
    assert "70.000" not in words
    assert "20 %" not in words


def test_only_a_price_that_the_floor_made_says_that_it_was_raised():
    raised = explained_steps(_steps(GOODS, of(rule(percent="-50", least_margin="20"))), "IDR", sees_cost=True)
    as_it_was = explained_steps(_steps(GOODS, of(rule(percent="-5", least_margin="20"))), "IDR", sees_cost=True)

    assert any("20" in step.text for step in raised[1:])
    assert not any("20" in step.text for step in as_it_was[1:])
