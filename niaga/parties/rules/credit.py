"""What a customer owes us in all, and what room is left under the limit."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CreditFigures:
    """A credit account as it stood when it was read; amounts in `currency`.

    `limit` None means that the customer may owe any amount.
    """

    account_id: UUID
    customer_id: UUID
    currency: str
    limit: Decimal | None
    on_hold: bool
    orders: Decimal
    invoices: Decimal
    advances: Decimal

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
