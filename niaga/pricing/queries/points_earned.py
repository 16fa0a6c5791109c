"""The points that documents earned, beside the documents' own rows, and those that they will."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from niaga.pricing.models import LoyaltyProgramme, PointsAccount, PointsEntry
from niaga.pricing.queries.earn_rule import EarningLine, earn_rule, earning_amounts
from niaga.pricing.rules.loyalty import earned_on


def points_earned(subjects: QuerySet[Any, Any] | OuterRef) -> Coalesce:
    """What the documents of these keys earned, less what credit notes took back of it; to be annotated.

    `subjects` is an `OuterRef` of one document's key, or a queryset of keys.
    """
    one = isinstance(subjects, OuterRef)
    kept = "" if one else "__in"

    def summed(kind: str, column: str) -> Coalesce:
        rows = PointsEntry.objects.filter(kind=kind, **{f"{column}{kept}": subjects}).order_by().values("kind")
        points = Subquery(rows.annotate(all=Sum("points")).values("all"), output_field=IntegerField())
        return Coalesce(points, Value(0))

    return summed("earn", "subject_id") + summed("take_back", "of_id")  # type: ignore[return-value]


def has_programme() -> Exists:
    """Whether a programme is on for the company and the currency of a document; to be annotated to documents."""
    return Exists(
        LoyaltyProgramme.objects.filter(company_id=OuterRef("company_id"), currency=OuterRef("currency"), is_on=True)
    )


def points_to_earn(*, company_id: UUID, customer_id: UUID, on: date, lines: Sequence[EarningLine]) -> int:
    """What an invoice of these lines would earn on a day, in the customer's tier as it is. At most three statements."""
    rule = earn_rule(company_id=company_id, on=on) if lines else None
    if rule is None:
        return 0
    amount = sum(earning_amounts(rule, company_id, lines).values(), Decimal(0))
    if amount <= 0:
        return 0
    tiers = PointsAccount.objects.filter(customer_id=customer_id, tier__archived_at=None)
    times = tiers.values_list("tier__multiplier", flat=True).first() or Decimal(1)
    return earned_on(amount, points=rule.points, per_amount=rule.per_amount, multiplier=times)
