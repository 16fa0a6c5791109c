"""What one sale may cost: the statements of the whole flow are a limit that later work keeps."""

from decimal import Decimal

import pytest

from bench._replay import recording
from bench.order_to_cash import MOST_STATEMENTS, flow
from niaga.sales.rules.lines import LineInput
from tests.makers import make_bundle, make_customer, make_product, make_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("lines", "bundled"), [(1, False), (30, False), (30, True)])
def test_quote_to_cash_keeps_its_number_of_statements_whatever_the_lines(lines, bundled):
    world = make_world()
    customer = make_customer(world)
    products = [make_product(world, stock=20) for _n in range(lines)]
    if bundled:
        gift = make_product(world, stock=999)
        products = [make_bundle(world, {product.id: 2, gift.id: 1}) for product in products]
    wanted = [LineInput(product_id=product.id, quantity=Decimal(2)) for product in products]

    class Bench:
        company, branch, person = world.company, world.branch, world.owner

    with recording() as notes:
        flow(Bench, customer.id, wanted)

    # a transaction inside the test's own costs a savepoint and its release, which no request pays
    assert notes.statements - 2 * 8 <= MOST_STATEMENTS
    assert len(notes.transactions) == 8
