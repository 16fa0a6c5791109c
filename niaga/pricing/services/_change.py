"""What the verbs of a prepared change begin with: its subject locked, then the change."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.errors import NotFound, StaleVersion
from niaga.core.flow import check_move
from niaga.organization.access import Actor
from niaga.organization.services.tracked import add_row
from niaga.pricing.models import PriceChange, PriceList, Promotion
from niaga.pricing.queries.subjects import Subject, kind_of, lock_subject
from niaga.pricing.rules.differences import Differences, heads_as_text
from niaga.pricing.rules.price_change import FLOW


class Locked(NamedTuple):
    subject: Subject
    change: PriceChange


def lock_change(*, change_id: UUID, move: str, by: Actor, expected_version: int | None = None) -> Locked:
    """Both rows locked, the list or promotion first, and the move allowed.

    :raises NotFound, Forbidden: no such change, or `by` may not change its subject
    :raises StaleVersion: somebody else saved the change since `expected_version`
    :raises WrongState: the flow does not allow the move
    """
    row = PriceChange.objects.filter(pk=change_id).values_list("subject_kind", "subject_id").first()
    if row is None:
        raise NotFound(field="price_change")
    found = lock_subject(by, *row, "change")
    change = PriceChange.objects.select_for_update().get(pk=change_id)
    if expected_version is not None and expected_version != change.version:
        raise StaleVersion()
    check_move(FLOW, move, change.status)
    return Locked(found, change)


def lock_list_change(
    *, change_id: UUID, move: str, by: Actor, expected_version: int | None = None
) -> tuple[PriceList, PriceChange]:
    """As `lock_change`, of a price list.

    :raises NotFound: also a change of something else
    """
    found, change = lock_change(change_id=change_id, move=move, by=by, expected_version=expected_version)
    if not isinstance(found, PriceList):
        raise NotFound(field="price_change")
    return found, change


def lock_promotion_change(
    *, change_id: UUID, move: str, by: Actor, expected_version: int | None = None
) -> tuple[Promotion, PriceChange]:
    """As `lock_change`, of a promotion.

    :raises NotFound: also a change of something else
    """
    found, change = lock_change(change_id=change_id, move=move, by=by, expected_version=expected_version)
    if not isinstance(found, Promotion):
        raise NotFound(field="price_change")
    return found, change


def begin_change(*, found: Subject, name: str, differences: Differences, by: Actor, at: datetime) -> PriceChange:
    """Write a change of a locked subject that waits; of one that was only prepared it is what brings it into force.

    :raises ValueNeeded, ValueTooLong: the name
    """
    rules = differences.rules
    heads = {"archived_at": (found.archived_at, None), **differences.heads} if found.unpublished else differences.heads
    values = {
        "company_id": found.company_id, "subject_kind": kind_of(found), "subject_id": found.pk, "name": name,
        "heads": heads_as_text(heads), "seen_version": found.version, "created_by": by.pk,
        "rules": {"before": rules[0], "after": rules[1]} if rules is not None else None,
        "created_at": at, "updated_at": at,
    }  # fmt: skip
    batch = Batch()
    change_id = add_row(
        batch=batch, model=PriceChange, kind="price_change", values=values, by=by.pk, at=at,
        company_id=found.company_id, verb="prepare",
    )  # fmt: skip
    batch.write()
    return PriceChange.objects.get(pk=change_id)
