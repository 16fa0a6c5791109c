"""What can be changed aside and published: price lists and promotions, by their kind."""

from typing import Any
from uuid import UUID

from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.pricing.models import PriceList, Promotion
from niaga.pricing.queries.price_lists import lock_price_list, price_list_for
from niaga.pricing.queries.promotions import lock_promotion, promotion_for

Subject = PriceList | Promotion

MODELS: dict[str, Any] = {"price_list": PriceList, "promotion": Promotion}
_FOR: dict[str, Any] = {"price_list": price_list_for, "promotion": promotion_for}
_LOCK: dict[str, Any] = {"price_list": lock_price_list, "promotion": lock_promotion}


def kind_of(found: Subject) -> str:
    return "promotion" if isinstance(found, Promotion) else "price_list"


def subject_for(by: Actor, kind: str, subject_id: UUID, action: str = "view") -> Subject:
    """:raises NotFound: there is none, or none that `by` may know of
    :raises Forbidden: seen, but `action` is not allowed
    """
    if kind not in _FOR:
        raise NotFound(field=kind)
    found: Subject = _FOR[kind](by, subject_id, action)
    return found


def lock_subject(by: Actor, kind: str, subject_id: UUID, action: str) -> Subject:
    """Its row locked until the transaction ends; others may still name it by a foreign key.

    :raises NotFound, Forbidden: as `subject_for`
    """
    if kind not in _LOCK:
        raise NotFound(field=kind)
    found: Subject = _LOCK[kind](by, subject_id, action)
    return found


def subject_at_work(kind: str, subject_id: UUID, *, lock: bool = False) -> Subject:
    """For jobs, which check access by themselves."""
    rows = MODELS[kind].objects
    found: Subject = (rows.select_for_update(no_key=True) if lock else rows).get(pk=subject_id)
    return found
