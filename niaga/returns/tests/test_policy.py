"""The return policy and the shares of bundles, without a database."""

from decimal import Decimal
from uuid import uuid4

import pytest

from niaga.returns.rules.policy import PolicyRule, Wanted, judge
from niaga.returns.rules.shares import bundles_in, part_of_running, weights

GROUP, FOOD, RICE, CHANGED = uuid4(), uuid4(), uuid4(), uuid4()


def wanted(days: int = 3, condition: str = "unopened") -> Wanted:
    return Wanted(GROUP, RICE, CHANGED, condition, days)


def test_without_a_rule_everything_may_come_back() -> None:
    assert judge(wanted(days=900), []).why == "no_rule"


@pytest.mark.parametrize(
    ("days", "condition", "why"),
    [(7, "unopened", "fits"), (8, "unopened", "too_late"), (1, "opened", "condition"), (8, "opened", "too_late")],
)
def test_a_rule_says_why_not(days: int, condition: str, why: str) -> None:
    verdict = judge(wanted(days, condition), [PolicyRule("7 hari", days=7, conditions=("unopened",))])

    assert (verdict.why, verdict.fits, verdict.rule) == (why, why == "fits", "7 hari")


def test_the_narrowest_rule_holds_and_others_goods_do_not_count() -> None:
    rules = [
        PolicyRule("semua", days=30),
        PolicyRule("makanan", category_ids=frozenset({FOOD, RICE}), refused=True),
        PolicyRule("lain", category_ids=frozenset({FOOD}), reason_id=CHANGED, days=1),
        PolicyRule("grosir berubah pikiran", group_id=GROUP, reason_id=CHANGED, days=14),
    ]

    assert judge(wanted(days=10), rules).rule == "grosir berubah pikiran"
    assert judge(wanted(days=10), rules[:2]).why == "refused"


def test_parts_weigh_by_their_cost_and_alike_where_one_is_not_known() -> None:
    cup, tea = uuid4(), uuid4()
    parts = [
        {"product_id": str(cup), "quantity": "2", "cost": "10"},
        {"product_id": str(tea), "quantity": "1", "cost": "40"},
    ]

    assert weights(parts) == {cup: 20, tea: 40}
    assert weights([parts[0], {**parts[1], "cost": None}]) == {cup: 1, tea: 1}


def test_however_parts_come_back_they_make_the_bundles_that_were_sold() -> None:
    weight = {uuid4(): Decimal(1), uuid4(): Decimal(1), uuid4(): Decimal(1)}
    came, total = [], Decimal(0)
    for product in weight:
        for _piece in range(7):
            one = (product, Decimal(1), Decimal(1))
            total += part_of_running(bundles_in(came, weight), bundles_in([one], weight))
            came.append(one)

    assert total == 7
