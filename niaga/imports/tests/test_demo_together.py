import pytest

from niaga.imports.services.open_demo_together import open_demo_together
from niaga.stock.queries.together import count_beside, deliveries_of_joint
from tests.makers import NOW, make_customer, make_world

pytestmark = pytest.mark.django_db


def test_the_demo_has_two_orders_that_travel_together_and_one_that_could():
    world = make_world()

    buyer = make_customer(world)
    joint_id = open_demo_together(
        company_id=world.company.id, branch_id=world.branch.id, customer_id=buyer.id, by=world.owner, at=NOW
    )

    together = deliveries_of_joint(joint_id=joint_id, by=world.owner)
    assert [one.source_number for one in together] == ["SO-2026-00001", "SO-2026-00002"]
    assert count_beside(delivery=together[0], by=world.owner) == 1
