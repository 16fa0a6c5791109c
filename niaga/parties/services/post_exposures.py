from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.parties.models import CreditAccount, CreditEntry


@dataclass(frozen=True, slots=True)
class Exposed:
    """What one document changes of what a customer owes, in the account's currency."""

    account_id: UUID
    source_id: UUID
    orders: Decimal
    invoices: Decimal


def post_exposures(*, batch: Batch, source_kind: str, exposed: Sequence[Exposed], at: datetime) -> None:
    """Change what customers owe by many documents, of one account several, as `post_exposure` does by one.

    The caller has locked the accounts. Call it once per batch.

    :raises StaleVersion: on writing, when an account does not exist
    """
    posted = [one for one in exposed if one.orders or one.invoices]
    sums: dict[UUID, dict[str, Any]] = {}
    for one in posted:
        sum_of = sums.setdefault(one.account_id, {"id": one.account_id, "orders": Decimal(0), "invoices": Decimal(0)})
        sum_of["orders"] += one.orders
        sum_of["invoices"] += one.invoices
    batch.update_each(
        CreditAccount, list(sums.values()),
        values={"orders": "t.orders + v.orders", "invoices": "t.invoices + v.invoices"},
    )  # fmt: skip
    batch.insert(
        CreditEntry,
        [
            {"account_id": one.account_id, "source_id": one.source_id, "orders": one.orders, "invoices": one.invoices}
            for one in posted
        ],
        source_kind=source_kind, at=at,
    )  # fmt: skip
