"""What is known when bank lines are matched, and what a match says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.payments.rules.numbers_in_text import Series

CERTAIN, SUGGESTED, NONE = "certain", "suggested", "none"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of a statement; `amount` above zero is money in."""

    id: UUID
    date: date
    amount: Decimal
    text: str
    payer: str = ""
    payer_account: str = ""
    reference: str = ""

    @property
    def said(self) -> str:
        return f"{self.text} {self.payer} {self.reference}"


@dataclass(frozen=True, slots=True)
class Debt:
    """An invoice that is open in the account's currency."""

    invoice_id: UUID
    number: str
    customer_id: UUID
    open: Decimal
    total: Decimal
    net: Decimal
    due_date: date | None
    branch_id: UUID
    discount: Decimal = Decimal(0)
    """What may be taken off for paying by `discount_until`."""
    discount_until: date | None = None

    def early(self, on: date) -> "Debt":
        """As it is for who pays that day: less its early-payment discount while that holds."""
        if self.discount_until is None or on > self.discount_until:
            return self
        return replace(self, open=self.open - self.discount)


@dataclass(frozen=True, slots=True)
class Unseen:
    """A payment that was recorded and that no statement has shown; or a giro that was cleared (`cleared`)."""

    payment_id: UUID
    number: str
    customer_id: UUID
    method: str
    amount: Decimal
    date: date
    reference: str
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class PaidOut:
    """A gateway's payout that no statement has shown."""

    payout_id: UUID
    account_id: UUID
    amount: Decimal
    fee: Decimal
    date: date
    reference: str


@dataclass(frozen=True, slots=True)
class GatewayName:
    """A payment gateway of the company, and how banks write it."""

    account_id: UUID
    name: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Known:
    """A customer whose money it was before."""

    customer_id: UUID
    times: int


@dataclass(frozen=True, slots=True)
class Promise:
    """An order or pro-forma that somebody may pay ahead of, or by whose number they pay its invoices."""

    customer_id: UUID
    invoice_ids: Sequence[UUID] = ()


@dataclass(slots=True)
class MatchFacts:
    """Everything that may fit some of the lines. `keys` are customers by the beginning of a word of their name."""

    series: Sequence[Series] = ()
    debts: Mapping[UUID, Debt] = field(default_factory=dict)
    promises: Mapping[str, Promise] = field(default_factory=dict)
    names: Mapping[UUID, Sequence[str]] = field(default_factory=dict)
    keys: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    known: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    unseen: Sequence[Unseen] = ()
    cleared: Sequence[Unseen] = ()
    payouts: Sequence[PaidOut] = ()
    gateways: Sequence[GatewayName] = ()
    by_number: Mapping[str, Debt] = field(init=False)
    by_customer: Mapping[UUID, Sequence[Debt]] = field(init=False)
    by_thousand: Mapping[int, Sequence[Debt]] = field(init=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.debts.values(), key=lambda debt: (debt.due_date or date.max, debt.number))
        self.by_number = {debt.number: debt for debt in ordered}
        customers: dict[UUID, list[Debt]] = {}
        thousands: dict[int, list[Debt]] = {}
        for debt in ordered:
            customers.setdefault(debt.customer_id, []).append(debt)
            thousands.setdefault(int(debt.open // 1000), []).append(debt)
        self.by_customer, self.by_thousand = customers, thousands


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a proposal is made; `code` is said in words by the pages."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a line may be. `kind` as of its settlement; `others` are parts for accounts by role, of the line's sign."""

    kind: str
    score: int
    reasons: Sequence[Reason]
    customer_id: UUID | None = None
    payment_id: UUID | None = None
    shares: Sequence[tuple[UUID, Decimal]] = ()
    others: Sequence[tuple[str, Decimal]] = ()
    role: str = ""
    sure: bool = False
    payout_id: UUID | None = None

    @property
    def what(self) -> tuple[Any, ...]:
        """Two proposals of the same are one."""
        return (self.kind, self.customer_id, self.payment_id, self.payout_id, frozenset(self.shares), self.role)


@dataclass(frozen=True, slots=True)
class Match:
    """`outcome`: certain (the first proposal may be booked as it is), suggested, or none."""

    outcome: str
    proposals: Sequence[Proposal] = ()
    waits_for: GatewayName | None = None
    """Money of this gateway, whose payout nobody recorded: it is no customer's payment once more."""
