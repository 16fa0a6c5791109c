from datetime import timedelta

import pytest

from niaga.imports.services.open_demo_drop_ships import open_demo_drop_ships
from niaga.returns.queries.supplier_credits import visible_supplier_credits
from tests.makers import NOW, make_customer, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


def test_the_demo_has_goods_that_went_straight_back_to_their_maker_who_owes_for_them():
    world = make_world()
    buyers = [make_customer(world).id for _turn in range(3)]

    open_demo_drop_ships(
        company_id=world.company.id, branch_id=world.branch.id, customer_ids=buyers, by=world.owner,
        at=NOW - timedelta(days=1),
    )  # fmt: skip

    (owed,) = visible_supplier_credits(by=world.owner)
    assert (owed.supplier.name, owed.left, owed.rma.status) == ("PT Alat Kopi Bandung", 290_000, "inspected")
    assert broken_promises() == []
