"""A promotion in words: what it will do, what it did to a line, why it lost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.organization.access import SYSTEM
from niaga.pricing.models import Promotion
from niaga.pricing.queries.explained_steps import explained_steps
from niaga.pricing.queries.promotion_words import sentence, told_of
from niaga.pricing.queries.promotions import promotion_rows, whole_promotion
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.tests.makers import make_promotion

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 11, 24)


SENTENCES: list[tuple[dict[str, Any], str]] = [
    ({"tiers": ((D(0), D(10)), (D(12), D(15)))}, "10% off, 15% from 12 units"),
    ({"kind": "amount", "tiers": ((D(0), D(5000)),)}, "Rp\u00a05,000 off each unit"),
    ({"kind": "fixed_price", "tiers": ((D(6), D(49000)),)}, "Rp\u00a049,000 each from 6 units"),
    (
        {"kind": "buy_get", "tiers": ((D(0), D(100)),), "buy": D(2), "get": D(1), "scopes": (NewScope(brand="Nike"),)},
        "Buy 2, get 1 free: the cheapest · Nike",
    ),
    ({"kind": "buy_get", "tiers": ((D(0), D(50)),), "buy": D(2), "get": D(1)}, "Buy 2, get 1 at 50% off: the cheapest"),
    (
        {
            "kind": "buy_get",
            "tiers": ((D(0), D(100)),),
            "buy": D(3),
            "get": D(1),
            "most_times": 2,
            "scopes": (NewScope(brand="A"), NewScope("get", brand="B")),
        },
        "Buy 3 × A, get 1 × B free · at most 2 times a document",
    ),
    (
        {
            "kind": "bundle_price",
            "tiers": ((D(0), D(199000)),),
            "scopes": (NewScope("part", brand="A", quantity=D(2)), NewScope("part", brand="B", quantity=D(1))),
        },
        "2 × A + 1 × B together for Rp\u00a0199,000",
    ),
    (
        {"kind": "basket_percent", "tiers": ((D(1000000), D(5)), (D(5000000), D(8)))},
        "5% off the document from Rp\u00a01,000,000, 8% from Rp\u00a05,000,000",
    ),
    (
        {"kind": "basket_amount", "tiers": ((D(500000), D(50000)),), "by_coupon": True},
        "Rp\u00a050,000 off the document from Rp\u00a0500,000 · with a coupon",
    ),
    ({"kind": "free_delivery", "tiers": ((D(300000), D(100)),)}, "Free delivery from Rp\u00a0300,000"),
    ({"kind": "free_delivery", "tiers": ((D(0), D(50)),)}, "50% off delivery"),
    (
        {
            "scopes": tuple(NewScope(brand=name) for name in "ABCDE"),
            "weekdays": 31,
            "valid_to": date(2026, 12, 31),
            "exclusive": True,
        },
        "10% off · A, B, C and 2 more · Mon–Fri · until 31 Dec 2026 · alone",
    ),
    (
        {"scopes": (NewScope("except", brand="Obral"),), "most_amount": D(75000)},
        "10% off · never on Obral · at most Rp\u00a075,000 off a document",
    ),
]


@pytest.mark.parametrize(("facts", "words"), SENTENCES)
def test_a_promotion_is_told_in_one_sentence(facts: dict[str, Any], words: str) -> None:
    made = make_promotion(make_company(), **facts)

    with override("en"):
        assert sentence(told_of(promotion_rows(SYSTEM).get(pk=made.pk))) == words
    with override("id"):
        assert sentence(told_of(promotion_rows(SYSTEM).get(pk=made.pk)))


def test_a_gift_is_told_by_its_name_and_a_list_of_promotions_costs_one_statement() -> None:
    company = make_company()
    owner = make_user(company)
    mug = make_product(company.pk, name="Cangkir")
    for turn in range(5):
        make_promotion(company, name=f"{turn}", kind="gift", tiers=((D(500_000), D(1)),), gift_product_id=mug.pk)
    rows = promotion_rows(owner)

    with CaptureQueriesContext(connection) as captured, override("en"):
        told = {sentence(told_of(row)) for row in rows}

    assert told == {"1 × Cangkir as a gift from Rp\u00a0500,000"}
    assert len(captured) == 1
    assert whole_promotion(owner, Promotion.objects.latest("id").pk).gift_name == "Cangkir"


def told(step: dict[str, Any]) -> tuple[str, bool, str]:
    with override("en"):
        (shown,) = explained_steps([step], "IDR")
    with override("id"):
        (indonesian,) = explained_steps([step], "IDR")
    assert (indonesian.text, indonesian.note) != (shown.text, shown.note)
    return shown.text, shown.struck, shown.note


TAKEN: dict[str, Any] = {"code": "promotion", "name": "Obral", "amount": "10000", "value": "90000"}
WAYS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "percent", "percent": "10"}, "10% off, 10,000 less"),
    ({"kind": "amount", "each": "500", "units": "20"}, "500 off each of 20, 10,000 less"),
    ({"kind": "fixed_price", "each": "4500", "units": "20"}, "20 at 4,500 each, 10,000 less"),
    ({"kind": "buy_get", "percent": "100", "units": "1", "out_of": "3"}, "1 of 3 free, 10,000 less"),
    ({"kind": "buy_get", "percent": "50", "units": "1", "out_of": "3"}, "1 of 3 at 50% off, 10,000 less"),
    (
        {"kind": "bundle_price", "of": "30000", "times": "1", "units": "2"},
        "2 in a bundle, share of 30,000, 10,000 less",
    ),
    ({"kind": "basket_percent", "of": "30000"}, "share of 30,000 off the document, 10,000 less"),
    ({"kind": "basket_amount", "of": "30000"}, "share of 30,000 off the document, 10,000 less"),
    ({"kind": "gift"}, "a gift, 10,000 less"),
    ({"kind": "free_delivery", "percent": "100"}, "100% off delivery, 10,000 less"),
    ({"kind": "of_a_later_version"}, "10,000 less"),
]


@pytest.mark.parametrize(("facts", "words"), WAYS)
def test_every_kind_says_on_the_line_what_it_did(facts: dict[str, Any], words: str) -> None:
    assert told({**TAKEN, **facts}) == (f"“Obral”: {words}, leaves 90,000", False, "")


def test_a_coupon_and_a_cap_are_named_on_the_line() -> None:
    step = {**TAKEN, "kind": "percent", "percent": "10", "code_given": "MERDEKA", "most": "10000"}

    assert told(step) == ("“Obral, coupon MERDEKA”: 10% off, 10,000 less, leaves 90,000", False, "at most 10,000")


REASONS = {
    "other_promotion": "another promotion goes first",
    "below_quantity": "quantity not reached",
    "below_value": "value not reached",
    "no_better": "takes nothing off here",
    "used_up": "used up",
    "already_given": "given on this document already",
    "expired": "ended 31 Oct 2026",
    "not_yet_valid": "begins 1 Dec 2026",
    "other_hour": "holds at other hours",
    "other_weekday": "holds on other weekdays",
}


@pytest.mark.parametrize(("reason", "words"), REASONS.items())
def test_every_reason_of_a_promotion_that_lost_has_its_words(reason: str, words: str) -> None:
    step = {
        "code": "promotion_lost", "name": "Obral", "kind": "percent", "value": "90000", "reason": reason,
        "valid_from": "2026-12-01", "valid_until": "2026-10-31",
    }  # fmt: skip

    assert told(step) == ("Promotion “Obral”", True, words)


def test_what_is_kept_and_how_many_more_lost_is_said() -> None:
    kept = {"code": "promotion_kept", "name": "Obral", "amount": "10000", "value": "90000"}

    assert told(kept) == ("“Obral” as promised: 10,000 less, leaves 90,000", False, "")
    assert told({"code": "more_promotions_lost", "value": "1", "count": 1})[0] == "1 more promotion lost"
    assert told({"code": "more_promotions_lost", "value": "1", "count": 4})[0] == "4 more promotions lost"
