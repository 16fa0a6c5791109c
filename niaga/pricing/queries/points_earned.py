"""The points that documents earned, beside the documents' own rows."""

from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from niaga.pricing.models import PointsEntry


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
