from datetime import datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.batch import Batch, Sql
from niaga.parties.models import CreditAccount, CreditEntry

_NOTHING = Decimal(0)


def post_exposure(
    *,
    batch: Batch,
    account_id: UUID,
    source_kind: str,
    source_id: UUID,
    orders: Decimal = _NOTHING,
    invoices: Decimal = _NOTHING,
    advances: Decimal = _NOTHING,
    at: datetime,
) -> None:
    """Change what a customer owes: adds the account's new figures and the entry that explains them to the batch.

    Amounts are differences in the account's currency: issuing an invoice posts `orders=-x, invoices=x`. Call it once
    per account and batch, since one statement changes a row once; the write is refused otherwise. The caller has
    locked the account when it decided anything by its figures.

    :raises StaleVersion: on writing, when the account does not exist or was posted to twice in the batch
    """
    if not (orders or invoices or advances):
        return
    batch.update(
        CreditAccount,
        where={"id": account_id},
        values={
            "orders": Sql("t.orders + %s::numeric", (orders,)),
            "invoices": Sql("t.invoices + %s::numeric", (invoices,)),
            "advances": Sql("t.advances + %s::numeric", (advances,)),
        },
    )
    batch.insert(
        CreditEntry,
        [
            {
                "account_id": account_id,
                "source_kind": source_kind,
                "source_id": source_id,
                "orders": orders,
                "invoices": invoices,
                "advances": advances,
                "at": at,
            }
        ],
    )
