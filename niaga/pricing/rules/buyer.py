"""Who buys, where and how."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, where and how: what a price list may be made for."""

    customer_id: UUID | None = None
    group_id: UUID | None = None
    territory_ids: tuple[UUID, ...] = ()
    """The customer's own sales area first, then the areas around it, each inside the next."""
    branch_id: UUID | None = None
    """The branch that sells."""
    channel_id: UUID | None = None
    """The way the order came in; None when it came in no named way."""
    tier_id: UUID | None = None
    """The customer's membership tier."""


EVERYBODY = Buyer()
"""A buyer of whom nothing is known: only lists for everyone hold."""
