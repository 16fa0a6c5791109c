"""When an order waits for finance: held by hand, an invoice too late, or past the limit. And what a release lets by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from niaga.parties.rules.credit import CreditFigures


class Hold(StrEnum):
    """Why an order waits, the gravest first."""

    ON_HOLD = "on_hold"
    OVERDUE = "overdue"
    OVER_LIMIT = "over_limit"


@dataclass(frozen=True, slots=True)
class Overdue:
    """The invoice that a customer owes the longest, and what is left of it."""

    invoice_id: UUID
    number: str
    due_date: date
    left: Decimal
    currency: str

    def days(self, today: date) -> int:
        """For how many days it is overdue; not above zero before it is due."""
        return (today - self.due_date).days


@dataclass(frozen=True, slots=True)
class Release:
    """That finance lets one order by, up to an amount."""

    amount: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a customer stands today, as it bears on one order."""

    figures: CreditFigures
    overdue: Overdue | None
    release: Release | None
    today: date

    @property
    def late_days(self) -> int:
        """Days by which an invoice passes its day due, when that is too many; else 0."""
        allowed, days = self.figures.overdue_days, self.overdue.days(self.today) if self.overdue else 0
        return days if allowed is not None and days > max(allowed, 0) else 0

    def holds(self, more: Decimal) -> list[Hold]:
        """What stands against `more` being owed (nought: against what is owed already, when goods leave)."""
        found = []
        if self.figures.on_hold:
            found.append(Hold.ON_HOLD)
        if self.late_days:
            found.append(Hold.OVERDUE)
        if not self.figures.has_room_for(more):
            found.append(Hold.OVER_LIMIT)
        return found

    def is_released(self, total: Decimal) -> bool:
        """Whether finance let an order of that total by: up to the amount it said, and not before a hold by hand."""
        if self.release is None or total > self.release.amount:
            return False
        held_at = self.figures.held_at
        return not (self.figures.on_hold and held_at is not None and self.release.at < held_at)

    def waits(self, *, more: Decimal, total: Decimal) -> list[Hold]:
        """What an order waits for: nothing when nothing stands against it, or when it was released."""
        found = self.holds(more)
        return [] if found and self.is_released(total) else found

    def over_by(self, more: Decimal) -> Decimal:
        """By how much the limit is passed with `more`; nought without a limit."""
        limit = self.figures.limit
        return Decimal(0) if limit is None else max(Decimal(0), self.figures.exposure + more - limit)


def read_overdue(fact: Mapping[str, Any] | None) -> Overdue | None:
    """As `invoicing.queries.oldest_due` tells it."""
    if not fact:
        return None
    return Overdue(
        UUID(fact["id"]), fact["number"], date.fromisoformat(fact["due_date"]), Decimal(fact["left"]), fact["currency"]
    )


def read_release(fact: Mapping[str, Any] | None) -> Release | None:
    """As `sales.queries.credit.last_release` tells it."""
    return Release(Decimal(fact["amount"]), datetime.fromisoformat(fact["at"])) if fact else None
