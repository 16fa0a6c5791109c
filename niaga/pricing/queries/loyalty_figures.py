"""What the programme comes to: members, points outstanding, what came and went; and how far a member is from a tier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from niaga.core.money import round_amount
from niaga.core.queries.together import Question
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.users import name_of
from niaga.pricing.models import (
    LoyaltyProgramme,
    LoyaltyTier,
    PointsAccount,
    PointsEntry,
    PointsLot,
    PriceList,
    Promotion,
    TierChange,
)
from niaga.pricing.queries.ending_points import first_ending
from niaga.pricing.queries.loyalty import members_for, tiers_for
from niaga.pricing.rules.loyalty import months_after


@dataclass(frozen=True, slots=True)
class Figures:
    """`outstanding` are the points of all members; the others came or went since a day. All are nought or more."""

    members: int
    outstanding: int
    earned: int
    used: int
    ended: int


def loyalty_figures(by: Actor, since: date) -> Figures:
    """Of the members that `by` may see. Earned is less what credits took back, used less what was given back.

    Two statements. The day begins where the company is.
    """
    company = access_of(by).current_company
    members = members_for(by).order_by()
    balance = PointsAccount.objects.filter(pk__in=members.values("pk")).aggregate(
        count=Count("*"), points=Coalesce(Sum("balance", filter=Q(balance__gt=0)), 0)
    )
    start = datetime.combine(since, time.min, ZoneInfo(company.zone))
    kinds = {"earned": ("earn", "welcome", "take_back"), "used": ("burn", "give_back"), "ended": ("expire",)}
    moved = PointsEntry.objects.filter(at__gte=start, account__in=members.values("pk")).aggregate(
        **{name: Coalesce(Sum("points", filter=Q(kind__in=these)), 0) for name, these in kinds.items()}
    )
    return Figures(
        balance["count"], balance["points"], max(0, moved["earned"]), max(0, -moved["used"]), max(0, -moved["ended"])
    )


def tiers_with_use(by: Actor) -> QuerySet[Any]:
    """The tiers that can be reached, the lowest first, each with `people` who are in it, and the `price_lists` and
    `promotions` in force that are made for it. One statement.
    """

    def counted(rows: QuerySet[Any]) -> Coalesce:
        found = rows.filter(tier_id=OuterRef("pk")).order_by().values("tier_id").annotate(many=Count("*"))
        return Coalesce(Subquery(found.values("many")), 0)

    return tiers_for(by).filter(archived_at=None).annotate(
        people=counted(PointsAccount.objects.all()),
        price_lists=counted(PriceList.objects.filter(archived_at=None)),
        promotions=counted(Promotion.objects.filter(archived_at=None)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NextTier:
    """The tier above a member's own, and the points that are still to be earned for it; `earned` counts so far."""

    tier: LoyaltyTier
    earned: int
    missing: int


def next_tier(account: PointsAccount, *, months: int, today: date, zone: str) -> NextTier | None:
    """None: there is none above. One statement; the caller checked access."""
    above = LoyaltyTier.objects.filter(company_id=account.company_id, archived_at=None)
    if account.tier is not None:
        above = above.filter(threshold__gt=account.tier.threshold)
    since = datetime.combine(months_after(today, -months), time.min, ZoneInfo(zone))
    earned = PointsEntry.objects.filter(account_id=account.pk, kind__in=("earn", "take_back"), at__gte=since)
    summed = Subquery(earned.order_by().values("account_id").annotate(all=Sum("points")).values("all"))
    tier: Any = above.annotate(earned=Coalesce(summed, 0)).order_by("threshold").first()
    if tier is None:
        return None
    return NextTier(tier, max(0, tier.earned), max(0, tier.threshold - tier.earned))


@dataclass(frozen=True, slots=True)
class Member:
    """A member's account with its tier, and the lots that can be used, what ends first on top."""

    account: PointsAccount
    lots: Sequence[PointsLot]

    @property
    def usable(self) -> int:
        return max(0, sum(lot.remaining for lot in self.lots) - self.account.owed)

    @property
    def ends_on(self) -> date | None:
        return self.lots[0].expires_on if self.lots else None

    @property
    def ending(self) -> int:
        return sum(lot.remaining for lot in self.lots if lot.expires_on == self.ends_on) if self.ends_on else 0

    def entries(self) -> QuerySet[Any]:
        """What came and went, the last first, each with `who`."""
        rows = PointsEntry.objects.filter(account_id=self.account.pk).annotate(who=name_of("by"))
        return rows.order_by("-at", "-id")

    def tier_changes(self) -> QuerySet[Any]:
        """The last first, each with `who`, `tier_name` and `before_name`."""
        rows = TierChange.objects.filter(account_id=self.account.pk)
        named = rows.annotate(who=name_of("by"), tier_name=F("tier__name"), before_name=F("before__name"))
        return named.order_by("-at", "-id")


def member_of(customer_id: UUID, *, today: date) -> Member | None:
    """None: no member. Two statements; the caller checked access to the customer and to points."""
    account = PointsAccount.objects.select_related("tier").filter(customer_id=customer_id).first()
    if account is None:
        return None
    lots = PointsLot.objects.filter(account_id=account.pk, remaining__gt=0)
    holding = lots.filter(Q(expires_on=None) | Q(expires_on__gte=today))
    return Member(account, list(holding.order_by(F("expires_on").asc(nulls_last=True), "id")))


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member has: `worth` in the programme's currency, 0 while points take nothing off.

    `ending` of them end first, on `ends_on`, when that is within the programme's days of notice.
    """

    points: int
    tier: str
    worth: Decimal
    currency: str
    ending: int = 0
    ends_on: date | None = None


def balances_of(*, customer_ids: Sequence[UUID], by: Actor, today: date) -> Question[dict[UUID, Balance]]:
    """Asks for what each member among customers has. The caller checked access to the customers."""
    may = access_of(by).filter("loyalty", "view", branch=None, salesperson=None)
    value, currency = "company__loyalty__point_value", "company__loyalty__currency"
    notice = "company__loyalty__notice_days"
    rows = PointsAccount.objects.filter(may, customer_id__in=customer_ids, **{f"{currency}__isnull": False})

    def tell(found: Sequence[Mapping[str, Any]]) -> dict[UUID, Balance]:
        return {
            row["customer_id"]: Balance(
                row["balance"],
                row["tier__name"] or "",
                worth(row["balance"], row[value], row[currency]),
                row[currency],
                *_soon(row["first"], row[notice] if row[value] else 0, today),
            )
            for row in found
        }

    found = rows.annotate(first=ArraySubquery(first_ending(OuterRef("pk"), today))).order_by()
    return Question(found.values("customer_id", "balance", "tier__name", "first", value, currency, notice), tell)


def _soon(first: Sequence[Mapping[str, Any]], notice_days: int, today: date) -> tuple[int, date | None]:
    """How many points end first and when, if that is within the days of notice."""
    for one in first:
        ends_on = date.fromisoformat(one["ends_on"])
        if notice_days and ends_on <= today + timedelta(days=notice_days):
            return one["points"], ends_on
    return 0, None


def worth(points: int, value: Decimal, currency: str) -> Decimal:
    """What points take off, at `value` each, to the currency's unit; nothing below zero."""
    return round_amount(max(points, 0) * value, currency)


@dataclass(frozen=True, slots=True)
class Card:
    """A programme, and what a customer has of it; `usable` is None for who is no member."""

    name: str
    currency: str
    point_value: Decimal
    usable: int | None = None
    tier: str = ""
    ending: int = 0
    ends_on: date | None = None


def card_of(*, customer_id: UUID, company_id: UUID, today: date) -> Card | None:
    """What a customer's page says of points; None: the company has no programme. One statement.

    The caller checked access to the customer and to points.
    """
    lots = (
        PointsLot.objects.filter(account__customer_id=customer_id, remaining__gt=0)
        .filter(Q(expires_on=None) | Q(expires_on__gte=today))
        .order_by(F("expires_on").asc(nulls_last=True))
    )
    member = PointsAccount.objects.filter(customer_id=customer_id)
    found = (
        LoyaltyProgramme.objects.filter(company_id=company_id)
        .annotate(
            member=ArraySubquery(member.values(told=JSONObject(owed="owed", tier="tier__name"))),
            lots=ArraySubquery(lots.values(told=JSONObject(points="remaining", ends_on="expires_on"))),
        )
        .first()
    )
    if found is None:
        return None
    card = Card(found.name, found.currency, found.point_value)
    if not found.member:
        return card
    ends_on = next((lot["ends_on"] for lot in found.lots if lot["ends_on"]), None)
    return replace(
        card, usable=max(0, sum(lot["points"] for lot in found.lots) - found.member[0]["owed"]),
        tier=found.member[0]["tier"] or "",
        ending=sum(lot["points"] for lot in found.lots if ends_on and lot["ends_on"] == ends_on),
        ends_on=date.fromisoformat(ends_on) if ends_on else None,
    )  # fmt: skip
