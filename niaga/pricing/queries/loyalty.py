"""The programme, its tiers, and what members have, as a person may see it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery, Sum

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customer_for, customers_for
from niaga.pricing.models import (
    LoyaltyExclusion,
    LoyaltyProgramme,
    LoyaltyTier,
    PointsAccount,
    PointsEntry,
    PointsLot,
    TierChange,
)


def programme_for(by: Actor) -> LoyaltyProgramme | None:
    """The current company's programme, on or off; None while there is none.

    :raises Forbidden: `by` may not see it
    """
    company_id = access_of(by).current_company.id
    access_of(by).require("loyalty", "view", company_id=company_id)
    return LoyaltyProgramme.objects.filter(company_id=company_id).first()


def exclusions_of(programme: LoyaltyProgramme) -> QuerySet[Any]:
    """What earns nothing, in order, each with `product_name`, `family_name`, `category_name`. The caller checked."""
    return (
        LoyaltyExclusion.objects.filter(programme=programme)
        .annotate(product_name=F("product__name"), family_name=F("family__name"), category_name=F("category__name"))
        .order_by("position")
    )


def tiers_for(by: Actor) -> QuerySet[LoyaltyTier]:
    """The current company's tiers, the lowest first; archived ones too."""
    rows = LoyaltyTier.objects.filter(access_of(by).filter("loyalty", "view", branch=None, salesperson=None))
    return rows.order_by("threshold", "id")


def has_tier(company_id: UUID, tier_id: UUID) -> bool:
    """Whether the company has the tier, archived or not."""
    return LoyaltyTier.objects.filter(pk=tier_id, company_id=company_id).exists()


def lock_loyalty_tier(company_id: UUID, tier_id: UUID) -> LoyaltyTier:
    """:raises NotFound: the company has no such tier"""
    found = LoyaltyTier.objects.select_for_update(no_key=True).filter(pk=tier_id, company_id=company_id).first()
    if found is None:
        raise NotFound(field="tier_id")
    return found


@dataclass(frozen=True, slots=True)
class PointsStanding:
    """What a member has. `usable` points have not ended and are not owed; `ending` of them end first, on `ends_on`."""

    account: PointsAccount
    tier_name: str
    usable: int
    ending: int
    ends_on: date | None


def points_standing(by: Actor, customer_id: UUID, today: date) -> PointsStanding | None:
    """None: the customer is no member. Three statements.

    :raises NotFound: no such customer, or none that `by` may see
    :raises Forbidden: `by` may not see points
    """
    customer = customer_for(by, customer_id)
    access_of(by).require("loyalty", "view", company_id=customer.company_id)
    account = PointsAccount.objects.select_related("tier").filter(customer_id=customer_id).first()
    if account is None:
        return None
    lots = list(
        PointsLot.objects.filter(account=account, remaining__gt=0)
        .filter(Q(expires_on=None) | Q(expires_on__gte=today))
        .values("expires_on").annotate(points=Sum("remaining")).order_by("expires_on")
    )  # fmt: skip
    usable = max(0, sum(lot["points"] for lot in lots) - account.owed)
    first = next((lot for lot in lots if lot["expires_on"] is not None), None)
    return PointsStanding(
        account, account.tier.name if account.tier else "", usable, first["points"] if first else 0,
        first["expires_on"] if first else None,
    )  # fmt: skip


def points_entries(by: Actor, customer_id: UUID) -> QuerySet[PointsEntry]:
    """A customer's changes of points, the last first.

    :raises NotFound, Forbidden: as `points_standing`
    """
    customer = customer_for(by, customer_id)
    access_of(by).require("loyalty", "view", company_id=customer.company_id)
    return PointsEntry.objects.filter(account__customer_id=customer_id).order_by("-at", "-id")


def points_lots(by: Actor, customer_id: UUID) -> QuerySet[PointsLot]:
    """What is left of a customer's points, what ends first on top.

    :raises NotFound, Forbidden: as `points_standing`
    """
    customer = customer_for(by, customer_id)
    access_of(by).require("loyalty", "view", company_id=customer.company_id)
    rows = PointsLot.objects.filter(account__customer_id=customer_id, remaining__gt=0)
    return rows.order_by(F("expires_on").asc(nulls_last=True), "id")


def tier_changes(by: Actor, customer_id: UUID) -> QuerySet[Any]:
    """When and why the customer's tier changed, the last first, with `tier_name` and `before_name`.

    :raises NotFound, Forbidden: as `points_standing`
    """
    customer = customer_for(by, customer_id)
    access_of(by).require("loyalty", "view", company_id=customer.company_id)
    rows = TierChange.objects.filter(account__customer_id=customer_id)
    return rows.annotate(tier_name=F("tier__name"), before_name=F("before__name")).order_by("-at", "-id")


def members_for(by: Actor) -> QuerySet[Any]:
    """Members whose customer `by` may see, in one statement.

    With `customer_name`, `customer_code`, `tier_name` and `ends_on`, the next day on which points end.
    """
    may = access_of(by).filter("loyalty", "view", branch=None, salesperson=None)
    lots = PointsLot.objects.filter(account=OuterRef("pk"), remaining__gt=0, expires_on__isnull=False)
    return (
        PointsAccount.objects.filter(may, customer__in=customers_for(by).values("pk"))
        .annotate(
            customer_name=F("customer__name"), customer_code=F("customer__code"), tier_name=F("tier__name"),
            ends_on=Subquery(lots.order_by().values("account").annotate(first=Min("expires_on")).values("first")),
        )
        .order_by("-balance", "id")
    )  # fmt: skip
