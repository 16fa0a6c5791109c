"""What every way to write a promotion has in common."""

from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.organization.services.tracked import change_row
from niaga.pricing.models import Promotion, PromotionScope, PromotionTier
from niaga.pricing.rules.differences import RuleData
from niaga.pricing.rules.promotion_parts import parts_data


def write_promotion(batch: Batch, found: Promotion, values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    change_row(batch=batch, row=found, kind="promotion", values=values, by=by.pk, at=at, company_id=found.company_id)


def replace_parts(
    batch: Batch,
    found: Promotion,
    scopes: list[dict[str, Any]],
    tiers: list[dict[str, Any]],
    *,
    before: list[RuleData],
    by: Actor,
    at: datetime,
) -> None:
    """Steps and parts in the place of those it has."""
    PromotionScope.objects.filter(promotion=found).delete()
    PromotionTier.objects.filter(promotion=found).delete()
    insert_parts(batch, found.id, scopes, tiers)
    record(
        batch=batch, subject_kind="promotion", subject_id=found.id, verb="set_parts", by=by.pk, at=at,
        company_id=found.company_id, data={"before": before, "after": parts_data(tiers, scopes)},
    )  # fmt: skip


def insert_parts(batch: Batch, promotion_id: UUID, scopes: list[dict[str, Any]], tiers: list[dict[str, Any]]) -> None:
    if scopes:
        rows = [{"id": new_id(), "position": place, **row} for place, row in enumerate(scopes)]
        batch.insert(PromotionScope, rows, promotion_id=promotion_id)
    if tiers:
        batch.insert(PromotionTier, [{"id": new_id(), **row} for row in tiers], promotion_id=promotion_id)
