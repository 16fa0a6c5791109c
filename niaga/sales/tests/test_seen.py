"""A document read by its key is shown to exactly those whose lists would show it."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from niaga.core.errors import NotFound
from niaga.organization.access import SYSTEM, access_of
from niaga.organization.models import Team, User
from niaga.organization.rules.roles import STANDARD_ROLES
from niaga.organization.services.keep_team import keep_team
from niaga.sales.models import SalesOrder
from niaga.sales.queries.documents import get_order_page, visible_orders
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, make_branch, make_order, make_product, make_user, make_world

pytestmark = pytest.mark.django_db


def order_of(world: World, salesperson: User | None, branch_id: UUID | None = None) -> UUID:
    """An order of this seller at this branch."""
    order = make_order(world, [LineInput(product_id=make_product(world).id, quantity=Decimal(1))])
    SalesOrder.objects.filter(pk=order.id).update(
        salesperson=salesperson, branch_id=branch_id or order.branch_id
    )  # fmt: skip
    return order.id


@pytest.mark.parametrize("role", STANDARD_ROLES)
def test_by_its_key_a_document_is_there_for_whom_a_list_shows_it(role: str) -> None:
    world, other = make_world(), make_world()
    branch = make_branch(world)
    team = Team.objects.get(pk=keep_team(company_id=world.company.id, name="Utara", by=SYSTEM, at=NOW))
    person = make_user(world.company, role, branch_id=branch.id, team_id=team.id)
    colleague = make_user(world.company, "salesperson", team_id=team.id)
    stranger = make_user(world.company, "salesperson")
    orders = [
        order_of(world, person), order_of(world, colleague), order_of(world, stranger), order_of(world, None),
        order_of(world, stranger, branch.id), order_of(other, None),
    ]  # fmt: skip

    listed = set(visible_orders(by=person).values_list("id", flat=True))
    opened = set()
    for order_id in orders:
        try:
            opened.add(get_order_page(order_id=order_id, by=person).id)
        except NotFound:
            pass

    assert opened == listed
    assert orders[-1] not in opened
    assert bool(opened) == access_of(person).allows("order", "view")


def test_what_is_not_there_is_there_for_nobody() -> None:
    with pytest.raises(NotFound):
        get_order_page(order_id=uuid4(), by=make_world().owner)
