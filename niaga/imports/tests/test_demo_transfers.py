from decimal import Decimal

import pytest

from niaga.imports.services.open_demo_transfers import open_demo_transfers
from niaga.stock.models import Transfer, TransferLine
from niaga.stock.services import create_warehouse
from tests.makers import NOW, make_branch, make_product, make_world

pytestmark = pytest.mark.django_db


def test_the_demo_has_a_transfer_that_came_short_one_on_its_way_and_one_to_send():
    world = make_world()
    far = make_branch(world)
    create_warehouse(company_id=world.company.id, branch_id=far.id, code="BDG", name="Bandung", by=world.owner, at=NOW)
    products = [make_product(world).id for _turn in range(2)]

    open_demo_transfers(
        company_id=world.company.id, source_id=world.branch.id, target_id=far.id, product_ids=products,
        by=world.owner, at=NOW,
    )  # fmt: skip

    assert list(Transfer.objects.order_by("number").values_list("status", flat=True)) == [
        "received", "shipped", "draft",
    ]  # fmt: skip
    assert sum(TransferLine.objects.values_list("lost", flat=True)) == Decimal(2)
