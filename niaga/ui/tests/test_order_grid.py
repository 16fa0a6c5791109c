import json
from decimal import Decimal
from uuid import UUID

import orjson
import pytest
from django.utils import translation

from niaga.core.errors import Invalid
from niaga.ui.order_grid import GridAnswer, GridStep, GridTotal, OrderGrid, line_of, preview_answer, read_lines


def test_lines_are_read_exactly_as_people_write_them() -> None:
    text = json.dumps([{"key": "a", "product": str(UUID(int=3)), "quantity": "1.234,5", "price": "", "discount": "5"}])

    with translation.override("id"):
        [line] = read_lines(text)

    assert (line.quantity, line.price, line.discount) == (Decimal("1234.5"), None, Decimal(5))
    assert line.product == UUID(int=3)
    assert not line.errors


def test_a_discount_in_money_is_told_from_one_in_percent() -> None:
    with translation.override("id"):
        money, percent, broken = read_lines('[{"discount": "5.000"}, {"discount": "5%"}, {"discount": "banyak"}]')

    assert (money.discount, money.discount_amount) == (None, Decimal(5000))
    assert (percent.discount, percent.discount_amount) == (Decimal(5), None)
    assert broken.errors == {"discount": "“banyak” bukan angka."}


def test_what_cannot_be_read_is_said_of_its_cell() -> None:
    with translation.override("en"):
        [line] = read_lines('[{"key": "a", "quantity": "dozen", "price": "9999999999999999", "planned": "2026-13-01"}]')

    assert line.quantity is None
    assert line.errors == {
        "quantity": "“dozen” is no number.",
        "price": "This number is too large.",
        "planned": "“2026-13-01” is no day.",
    }


@pytest.mark.parametrize("text", ["{", '"x"', '{"a": 1}', "[1]", "null"])
def test_what_the_grid_never_sends_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_lines(text)


def test_more_lines_than_a_document_holds_are_refused() -> None:
    with pytest.raises(Invalid, match="10"):
        read_lines(orjson.dumps([{} for _ in range(10_001)]).decode())


def test_a_refused_form_gives_its_lines_back_with_what_was_wrong() -> None:
    grid = OrderGrid(products="/p", preview="/q", lines='[{"key": "a", "quantity": "x"}]', errors={"a": "Sold out"})

    assert json.loads(grid.value) == [{"key": "a", "quantity": "x", "error": "Sold out"}]


def test_a_stored_line_comes_back_in_the_persons_writing() -> None:
    with translation.override("id"):
        line = line_of(key="1", quantity=Decimal("1234.500000"), price=Decimal("0.25"))

    assert (line["quantity"], line["price"], line["discount"]) == ("1.234,5", "0,25", "")


def test_a_preview_is_written_for_the_page() -> None:
    answers = {
        "a": GridAnswer(price=Decimal(92_000), subtotal=Decimal("10488000"), why=[GridStep("Base", struck=True)])
    }

    with translation.override("id"):
        answer = preview_answer(lines=answers, totals=[GridTotal("Total", "Rp 1", sum=True)], currency="IDR")

    assert json.loads(answer.content) == {
        "lines": {
            "a": {"price": "92.000", "subtotal": "10.488.000", "why": [{"text": "Base", "struck": True, "note": ""}]}
        },
        "totals": [{"label": "Total", "value": "Rp 1", "sum": True}],
        "words": "",
        "error": "",
    }
