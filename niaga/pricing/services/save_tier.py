from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.core.inputs import Findings
from niaga.core.money import round_to
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import add_row, change_row, write
from niaga.pricing.models import LoyaltyTier
from niaga.pricing.queries.loyalty import lock_loyalty_tier
from niaga.pricing.rules.loyalty import MOST_POINTS

UNIQUE = {"one_tier_per_threshold": "threshold", "one_tier_of_a_name": "name"}
MOST_MULTIPLIER = Decimal(100)


@transaction.atomic
def save_tier(
    *,
    company_id: UUID,
    name: str,
    threshold: int,
    by: Actor,
    at: datetime,
    multiplier: Decimal = Decimal(1),
    tier_id: UUID | None = None,
    expected_version: int | None = None,
) -> LoyaltyTier:
    """Open a tier, or say one anew. Members come to it when they next earn; none leaves before its period ends.

    :raises NotFound: no such tier
    :raises Forbidden: `by` may not change the programme
    :raises StaleVersion: somebody else saved since `expected_version`
    :raises Invalid: figures that cannot be; every fault is at its field
    :raises AlreadyTaken: another tier has the name or the threshold
    """
    access_of(by).require("loyalty", "change", company_id=company_id)
    findings = Findings()
    if not 0 <= threshold <= MOST_POINTS // 100:
        findings.add(0, "threshold", _("A whole number, nought or more."))
    if not (multiplier.is_finite() and 0 < multiplier <= MOST_MULTIPLIER and round_to(multiplier, 6) > 0):
        findings.add(0, "multiplier", _("Above 0, at most 100."))
    findings.raise_if_any()
    values = {"name": name, "threshold": threshold, "multiplier": round_to(multiplier, 6)}
    batch = Batch()
    if tier_id is None:
        tier_id = add_row(
            batch=batch, model=LoyaltyTier, kind="loyalty_tier", by=by.pk, at=at, company_id=company_id,
            values={**values, "company_id": company_id, "created_at": at},
        )  # fmt: skip
    else:
        found = lock_loyalty_tier(company_id, tier_id)
        if expected_version is not None and expected_version != found.version:
            raise StaleVersion()
        if any(getattr(found, key) != value for key, value in values.items()):
            change_row(
                batch=batch, row=found, kind="loyalty_tier", values={**values, "version": found.version + 1},
                by=by.pk, at=at, company_id=company_id,
            )  # fmt: skip
    write(batch, unique=UNIQUE)
    return LoyaltyTier.objects.get(pk=tier_id)
