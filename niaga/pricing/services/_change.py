"""What the verbs of a prepared change begin with: the list locked, then the change."""

from typing import NamedTuple
from uuid import UUID

from niaga.core.errors import NotFound, StaleVersion
from niaga.core.flow import check_move
from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange, PriceList
from niaga.pricing.queries.price_lists import lock_price_list
from niaga.pricing.rules.price_change import FLOW


class Locked(NamedTuple):
    price_list: PriceList
    change: PriceChange


def lock_change(*, change_id: UUID, move: str, by: Actor, expected_version: int | None = None) -> Locked:
    """Both rows locked, the list first, and the move allowed.

    :raises NotFound, Forbidden: no such change, or `by` may not change its list
    :raises StaleVersion: somebody else saved the change since `expected_version`
    :raises WrongState: the flow does not allow the move
    """
    subject_id = PriceChange.objects.filter(pk=change_id).values_list("subject_id", flat=True).first()
    if subject_id is None:
        raise NotFound(field="price_change")
    found = lock_price_list(by, subject_id, "change")
    change = PriceChange.objects.select_for_update().get(pk=change_id)
    if expected_version is not None and expected_version != change.version:
        raise StaleVersion()
    check_move(FLOW, move, change.status)
    return Locked(found, change)
