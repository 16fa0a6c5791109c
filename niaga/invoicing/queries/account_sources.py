"""What apps above add to a customer's account: money that settles no invoice, and what came and was taken back."""

from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

from niaga.core.queries.told import Sql
from niaga.core.registry import Registry
from niaga.organization.access import Actor


class Narrowed(NamedTuple):
    """To which documents an ageing is narrowed; None: not by this."""

    customer_id: UUID | None = None
    branch_id: UUID | None = None
    salesperson_id: UUID | None = None

    def columns(self) -> dict[str, UUID]:
        return {name: value for name, value in self._asdict().items() if value is not None}


class AccountSource(Protocol):
    def unspent(self, *, by: Actor, day: date, narrowed: Narrowed) -> Sql:
        """What settled no invoice at the end of a day, of what `by` may see, in the columns of `open_items`."""

    def movements(self, *, customer_id: UUID) -> Sql:
        """What came in and went out, in the columns of `movements`."""

    def sees_all(self, *, customer_id: UUID, by: Actor) -> bool:
        """Whether the person may see all of the customer's."""


account_sources: Registry[AccountSource] = Registry()
