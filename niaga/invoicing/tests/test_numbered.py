"""Finding documents by what is typed of their number."""

from typing import Any

import pytest

from niaga.core.queries.numbered import numbered
from niaga.invoicing.models import Invoice
from niaga.sales.rules.lines import LineInput
from tests.makers import make_issued_invoice, make_product, make_world

pytestmark = pytest.mark.django_db


def test_the_beginning_of_a_number_or_its_last_figures_find_the_document() -> None:
    world = make_world()
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=5).id)])
    number = str(invoice.number)

    assert [numbered(Invoice.objects.all(), text).count() for text in (number, number[:6].lower(), number[-4:])] == [
        1
    ] * 3


@pytest.mark.parametrize("text", ["toko makmur", "", "7"])
def test_what_no_number_can_be_asks_nothing(text: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert list(numbered(Invoice.objects.all(), text)) == []
