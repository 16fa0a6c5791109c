"""Every price can be computed again from what its line says of it."""

import json
import os

import pytest

from bench._drawn_prices import drawn_requests
from bench.price_vectors import cases
from niaga.pricing.rules import PriceRequest, price_lines
from niaga.pricing.rules.promotion import PromotionKind
from niaga.pricing.rules.replay import StepUnknown, TraceBroken, replay
from niaga.pricing.tests.lines import COUNT, D, line, priced

SEED = int(os.environ.get("NIAGA_SEED", "20261126"))
FIGURES = (
    "list_price", "unit_price", "gross", "discount_amount", "amount", "document_discount", "net", "other_tax_base",
    "tax", "luxury_tax", "rounding", "total", "points_discount",
)  # fmt: skip


def test_the_stored_steps_of_drawn_lines_give_every_figure_again() -> None:
    seen: set[str] = set()
    some_luxury = False
    for request in drawn_requests(SEED, COUNT):
        for each in price_lines(request).lines:
            stored = json.loads(json.dumps(each.explanation()))
            seen |= {step["code"] for step in stored}
            seen |= {f"promotion {step['kind']}" for step in stored if step["code"] == "promotion"}
            some_luxury = some_luxury or bool(each.luxury_tax)
            assert 0 <= each.promotion_discount <= each.discount_amount <= each.gross

            again = replay(stored, request.currency)

            assert {name: getattr(again, name) for name in FIGURES} == {name: getattr(each, name) for name in FIGURES}
    assert {"list_formula", "list_entry", "list_entry_lost", "document_discount", "points", "tax_included"} <= seen
    assert {"tax_put_on", "tax_taken_out"} <= seen
    assert {f"promotion {kind.value}" for kind in PromotionKind} <= seen
    assert "promotion_lost" in seen
    assert some_luxury


def test_a_step_that_was_tampered_with_is_found() -> None:
    steps = priced(line("100000", discount_percent=D(10))).lines[0].explanation()
    for place, name, value in ((1, "value", "99999"), (2, "percent", "11"), (3, "rate", "11"), (3, "amount", "1")):
        touched = [dict(step) for step in steps]
        touched[place][name] = value

        with pytest.raises(TraceBroken):
            replay(touched, "IDR")


def test_steps_that_were_stored_before_they_named_their_factor_are_taken_at_their_word() -> None:
    old = [
        {"code": "list_price", "value": "98000", "base_price": "98000", "unit": "pcs", "factor": "1"},
        {"code": "list_entry", "value": "90000", "name": "Grosir", "price": "90000", "unit": "pcs"},
        {"code": "gross", "value": "180000", "unit_price": "90000", "quantity": "2"},
    ]

    assert replay(old, "IDR").total == D(180000)


def test_a_step_of_another_version_is_refused_instead_of_passed_over() -> None:
    steps = priced(line("100000")).lines[0].explanation()

    with pytest.raises(StepUnknown):
        replay([*steps, {"code": "moon_phase", "value": "1"}], "IDR")


def test_the_same_request_gives_the_same_answer_and_the_same_seed_the_same_cases() -> None:
    request = next(iter(drawn_requests(7, 1)))
    assert isinstance(request, PriceRequest)
    assert price_lines(request) == price_lines(request)
    assert cases(3, 20) == cases(3, 20)
    assert len({json.dumps(one["answer"], sort_keys=True) for one in cases(3, 20)}) == 20
