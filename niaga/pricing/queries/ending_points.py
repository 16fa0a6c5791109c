"""Points that end soon, and who is to be told of them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Sum
from django.db.models.functions import JSONObject

from niaga.parties.queries.customer_lists import withdrew
from niaga.pricing.models import LoyaltyProgramme, PointsAccount, PointsLot

TOGETHER = timedelta(days=6)
"""What ends so soon after is told in the same mail: who buys every day has one mail a week, not one a day."""


def programmes_that_tell() -> list[UUID]:
    """Programmes that are on, whose points take something off, and that tell their members."""
    rows = LoyaltyProgramme.objects.filter(is_on=True, notice_days__gt=0, point_value__gt=0)
    return list(rows.order_by("id").values_list("id", flat=True))


def untold_lots(programme: LoyaltyProgramme, today: date) -> QuerySet[PointsLot]:
    """What is left of a programme's lots that no mail told of yet and that end within the days of notice."""
    return PointsLot.objects.filter(
        account__company_id=programme.company_id, remaining__gt=0, notice__isnull=True, expires_on__gte=today,
        expires_on__lte=today + timedelta(days=programme.notice_days) + TOGETHER,
    )  # fmt: skip


def members_to_tell(programme: LoyaltyProgramme, today: date, *, after: UUID | None = None) -> QuerySet[PointsAccount]:
    """Members with points that end within the days of notice, in key order, from `after` on.

    Not who has no e-mail address, nor who withdrew the consent to mails.
    """
    soon = untold_lots(programme, today).filter(expires_on__lte=today + timedelta(days=programme.notice_days))
    rows = (
        PointsAccount.objects.filter(
            pk__in=soon.values("account_id"), balance__gt=0, customer__archived_at__isnull=True
        )
        .exclude(customer__email="")
        .annotate(withdrew=withdrew(OuterRef("customer_id"), "marketing_email"))
        .filter(Q(withdrew=None) | Q(withdrew=False))
        .order_by("pk")
    )
    return rows.filter(pk__gt=after) if after else rows


def first_ending(account: OuterRef, today: date) -> QuerySet[Any, Any]:
    """The points that end first of an account, as one JSON object `points` and `ends_on`; to be annotated."""
    lots = PointsLot.objects.filter(account=account, remaining__gt=0, expires_on__gte=today).order_by()
    days = lots.values("expires_on").annotate(left=Sum("remaining")).order_by("expires_on")
    return days.values(told=JSONObject(points="left", ends_on="expires_on"))[:1]
