from decimal import Decimal

import pytest

from niaga.imports.services.open_demo_lots import open_demo_lots
from niaga.stock.queries.lots import visible_lots
from tests.makers import NOW, make_customer, make_world

pytestmark = pytest.mark.django_db


def test_the_demo_has_a_lot_that_is_sold_one_that_is_blocked_and_one_that_is_good():
    world = make_world()
    buyers = [make_customer(world).id for _turn in range(2)]

    open_demo_lots(company_id=world.company.id, branch_id=world.branch.id, customer_ids=buyers, by=world.owner, at=NOW)

    rows = visible_lots(by=world.owner).order_by("expires_on").values_list("number", "is_barred", "on_hand")
    assert list(rows) == [
        ("L2611", False, Decimal(48)), ("L2648", True, Decimal(240)), ("L2702", False, Decimal(480)),
    ]  # fmt: skip
