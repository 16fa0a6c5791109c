"""What every verb on points has in common: the locked account, and what is written of a change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.pricing.errors import TooFewPoints
from niaga.pricing.models import PointsAccount, PointsEntry, PointsLot, PointsTaking, TierChange
from niaga.pricing.rules.loyalty import Lot, TierStep, first_ending_first, months_after, tier_reached

_LOCK = """
SELECT id, company_id, customer_id, balance, owed, tier_id, tier_until, tier_by_hand
  FROM pricing_pointsaccount WHERE customer_id = %s::uuid FOR UPDATE
"""
_LOTS = "SELECT id, remaining, expires_on FROM pricing_pointslot WHERE account_id = %s::uuid AND remaining > 0"
_OPEN = """
INSERT INTO pricing_pointsaccount (id, company_id, customer_id, balance, owed, tier_by_hand, joined_at)
VALUES (%s::uuid, %s::uuid, %s::uuid, 0, 0, false, %s::timestamptz) ON CONFLICT (customer_id) DO NOTHING
"""
_TIERS = """
SELECT t.id, t.threshold, t.multiplier FROM pricing_loyaltytier t
 WHERE t.company_id = %s::uuid AND t.archived_at IS NULL ORDER BY t.threshold
"""
_EARNED = """
SELECT coalesce(sum(points), 0) FROM pricing_pointsentry
 WHERE account_id = %s::uuid AND kind IN ('earn', 'take_back') AND at >= %s::timestamptz - make_interval(months => %s)
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A points account whose row is locked until the transaction ends."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    balance: int
    owed: int
    tier_id: UUID | None
    tier_until: date | None
    tier_by_hand: bool


def lock_points_account(customer_id: UUID) -> Account | None:
    """Locked after the credit account, promotions and coupons, before stock. None: the customer is no member."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [customer_id])
        row = cursor.fetchone()
    return Account(*row) if row else None


def open_points_account(*, company_id: UUID, customer_id: UUID, at: datetime) -> tuple[Account, bool]:
    """The customer's account, locked, and whether it is new."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [new_id(), company_id, customer_id, at])
        is_new = cursor.rowcount == 1
    account = lock_points_account(customer_id)
    assert account is not None
    return account, is_new


def lots_of(account_id: UUID) -> list[Lot]:
    """What is left of the account's lots. Asked after the lock, so that it sees what others did."""
    with connection.cursor() as cursor:
        cursor.execute(_LOTS, [account_id])
        return [Lot(*row) for row in cursor.fetchall()]


@dataclass
class Posting:
    """Changes of one account, collected and written together: entries, lots, what was taken of them, the balance."""

    account: Account
    lots: list[Lot]
    by: UUID | None
    at: datetime
    entries: list[dict[str, Any]] = field(default_factory=list)
    fresh: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    takings: list[dict[str, Any]] = field(default_factory=list)
    changed: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.balance, self.owed = self.account.balance, self.account.owed
        self.left = {lot.id: lot for lot in self.lots}

    def usable(self, today: date) -> int:
        """Points that have not ended, less what is owed."""
        return sum(lot.remaining for lot in self.left.values() if _holds(lot, today)) - self.owed

    def add(self, *, kind: str, points: int, expires_on: date | None, **facts: Any) -> None:
        """Points come in as a lot; what is owed is paid of it first."""
        entry_id = self._entry(kind, points, facts)
        lot_id = new_id()
        self.fresh[lot_id] = {
            "id": lot_id, "entry_id": entry_id, "points": points, "remaining": points, "expires_on": expires_on
        }  # fmt: skip
        self.left[lot_id] = Lot(lot_id, points, expires_on)
        paid = min(self.owed, points)
        if paid:
            self.owed -= paid
            self._take(entry_id, lot_id, paid)

    def take(
        self, *, kind: str, points: int, today: date | None = None, first: UUID | None = None, may_owe: bool = False,
        **facts: Any,
    ) -> None:  # fmt: skip
        """Points go, of the lots that end first; `today`: of those that have not ended. `first` is a lot's entry.

        :raises TooFewPoints: there are fewer, and the account may not owe
        """
        lots = [lot for lot in self.left.values() if today is None or _holds(lot, today)]
        there = sum(lot.remaining for lot in lots)
        if there < points and not may_owe:
            raise TooFewPoints(available=max(0, there - self.owed), wanted=points)
        entry_id = self._entry(kind, -points, facts)
        for lot_id, part in first_ending_first(lots, points, first=first):
            self._take(entry_id, lot_id, part)
            points -= part
        self.owed += points

    def _entry(self, kind: str, points: int, facts: dict[str, Any]) -> UUID:
        entry_id = new_id()
        self.entries.append({"id": entry_id, "kind": kind, "points": points, **_NAMED, **facts})
        self.balance += points
        return entry_id

    def _take(self, entry_id: UUID, lot_id: UUID, points: int) -> None:
        self.takings.append({"id": new_id(), "entry_id": entry_id, "lot_id": lot_id, "points": points})
        lot = self.left[lot_id]
        self.left[lot_id] = lot._replace(remaining=lot.remaining - points)
        self.changed.add(lot_id)

    def write(self, batch: Batch, **account: Any) -> None:
        """Add it all to the batch; `account` are further columns of the account."""
        if not self.entries and not account:
            return
        batch.insert(PointsEntry, self.entries, account_id=self.account.id, by=self.by, at=self.at)
        lots = [{**row, "remaining": self.left[lot_id].remaining} for lot_id, row in self.fresh.items()]
        batch.insert(PointsLot, lots, account_id=self.account.id)
        batch.update_each(
            PointsLot,
            [
                {"id": lot_id, "remaining": self.left[lot_id].remaining}
                for lot_id in sorted(self.changed - self.fresh.keys())
            ],
            values={"remaining": "v.remaining"},
        )
        batch.insert(PointsTaking, self.takings)
        batch.update(
            PointsAccount, where={"id": self.account.id},
            values={"balance": self.balance, "owed": self.owed, **account},
        )  # fmt: skip


_NAMED: dict[str, Any] = {
    "subject_kind": "", "subject_id": None, "number": "", "of_id": None, "amount": 0, "facts": {}, "reason": ""
}  # fmt: skip


def _holds(lot: Lot, today: date) -> bool:
    return lot.expires_on is None or lot.expires_on >= today


def tiers_of(company_id: UUID) -> list[TierStep]:
    """The tiers that can be reached, the lowest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TIERS, [company_id])
        return [TierStep(*row) for row in cursor.fetchall()]


def earned_lately(account_id: UUID, *, at: datetime, months: int) -> int:
    """Points earned, less those taken back, within the months that count for tiers. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_EARNED, [account_id, at, months])
        return int(cursor.fetchone()[0])


def raised_tier(
    batch: Batch, account: Account, *, tiers: Sequence[TierStep], earned: int, months: int, today: date, at: datetime
) -> dict[str, Any]:
    """The account's columns when points bring it to a higher tier; nothing when they do not.

    A tier that stands by hand gives way to a higher one only.
    """
    reached = tier_reached(tiers, earned)
    now = next((one for one in tiers if one.id == account.tier_id), None)
    if reached is None or (now is not None and reached.threshold <= now.threshold):
        return {}
    until = months_after(today, months)
    batch.insert(
        TierChange,
        [{"id": new_id(), "account_id": account.id, "tier_id": reached.id, "before_id": account.tier_id,
          "until": until, "by_hand": False, "reason": "", "by": None, "at": at}],
    )  # fmt: skip
    return {"tier_id": reached.id, "tier_until": until, "tier_by_hand": False}
