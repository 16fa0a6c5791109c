"""What a customer owes us in all, what they may owe, and for how long an invoice may stay unpaid."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CreditFigures:
    """A credit account as it stood when it was read; amounts in `currency`.

    What the customer has no word of its own for, the group says; for days also the company. A raise counts through its
    last day: `on` is the day that is asked about, and without one no raise counts.
    """

    account_id: UUID
    customer_id: UUID
    currency: str
    own_limit: Decimal | None
    on_hold: bool
    orders: Decimal
    invoices: Decimal
    advances: Decimal
    held_at: datetime | None = None
    own_days: int | None = None
    raised: Decimal = Decimal(0)
    raised_until: date | None = None
    group_limit: Decimal | None = None
    group_days: int | None = None
    company_days: int | None = None
    on: date = date.max

    @property
    def base_limit(self) -> Decimal | None:
        """The customer's own limit, else the group's, without a raise; None: they may owe any amount."""
        return self.group_limit if self.own_limit is None else self.own_limit

    @property
    def raise_in_force(self) -> Decimal:
        """By how much the limit is raised on the day that is asked about."""
        return self.raised if self.raised_until is not None and self.on <= self.raised_until else Decimal(0)

    @property
    def limit(self) -> Decimal | None:
        """What the customer may owe that day; None: any amount."""
        return None if self.base_limit is None else self.base_limit + self.raise_in_force

    @property
    def overdue_days(self) -> int | None:
        """How many days an invoice may be overdue before the customer is held: their own, the group's, the company's;
        None: for any time."""
        return next((days for days in (self.own_days, self.group_days, self.company_days) if days is not None), None)

    @property
    def exposure(self) -> Decimal:
        """Open orders + unpaid invoices - advances."""
        return self.orders + self.invoices - self.advances

    @property
    def available(self) -> Decimal | None:
        """Room under the limit, negative when it is passed; None without a limit."""
        return None if self.limit is None else self.limit - self.exposure

    def has_room_for(self, amount: Decimal) -> bool:
        """Whether `amount` more stays within the limit. A hold is asked separately (`on_hold`)."""
        return self.limit is None or self.exposure + amount <= self.limit


@dataclass(frozen=True, slots=True)
class GroupCredit:
    """What a group says for its members who have no limit, or no days, of their own."""

    group_id: UUID
    limit: Decimal | None
    overdue_days: int | None
