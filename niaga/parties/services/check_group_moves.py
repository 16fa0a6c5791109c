from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.core.errors import Forbidden
from niaga.organization.access import Actor, access_of
from niaga.parties.models import CustomerGroup

_NOTHING = (None, None)


def check_group_moves(*, company_id: UUID, moves: Iterable[tuple[UUID | None, UUID | None]], by: Actor) -> None:
    """A group says how much its members may owe: who may not set limits moves nobody to where that is different.

    :raises Forbidden: a customer would get another limit, or other days, from another group
    """
    moves = [(old, new) for old, new in moves if old != new]
    if not moves or access_of(by).allows("customer", "credit", company_id):
        return
    named = {key for pair in moves for key in pair if key is not None}
    rows = CustomerGroup.objects.filter(pk__in=named).values_list("id", "credit_limit", "overdue_days")
    says = {key: (limit, days) for key, limit, days in rows}
    if any(says.get(old, _NOTHING) != says.get(new, _NOTHING) for old, new in moves):  # type: ignore[arg-type]
        raise Forbidden(_("That group has another credit limit. Ask somebody who may set limits."), field="group")
