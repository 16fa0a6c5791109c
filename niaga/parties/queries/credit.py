"""Reading credit accounts: locked for the verbs that post to them, plain for pages."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.core.queries.together import Question
from niaga.parties.models import CreditAccount
from niaga.parties.rules.credit import CreditFigures

_COLUMNS = ("id", "customer_id", "currency", "limit", "on_hold", "orders", "invoices", "advances")

_LOCKED = Compiled(
    lambda customer_id: CreditAccount.objects.select_for_update()
    .filter(customer_id=customer_id)
    .values_list(*_COLUMNS)
)  # fmt: skip


def lock_credit_account(customer_id: UUID) -> CreditFigures:
    """The customer's figures, with the account's row locked until the transaction ends. One statement.

    :raises NotFound: there is no such customer
    """
    found = _LOCKED.rows(customer_id)
    if not found:
        raise NotFound(field="customer")
    return CreditFigures(*found[0])


def lock_credit_accounts(customer_ids: Iterable[UUID]) -> dict[UUID, CreditFigures]:
    """The figures of several customers by customer, locked in the order of the accounts' keys. One statement."""
    rows = (
        CreditAccount.objects.select_for_update()
        .filter(customer_id__in=set(customer_ids))
        .order_by("id")
        .values_list(*_COLUMNS)
    )
    return {row[1]: CreditFigures(*row) for row in rows}


def credit_figures(customer_ids: Iterable[UUID]) -> dict[UUID, CreditFigures]:
    """The figures of several customers as they stand, without a lock."""
    rows = CreditAccount.objects.filter(customer_id__in=set(customer_ids)).values_list(*_COLUMNS)
    return {row[1]: CreditFigures(*row) for row in rows}


def credit_asked(customer_ids: Iterable[UUID]) -> Question[dict[UUID, CreditFigures]]:
    """Asks for the figures of several customers, together with other questions."""
    rows = CreditAccount.objects.filter(customer_id__in=set(customer_ids)).values(*_COLUMNS)
    return Question(rows, lambda found: {row["customer_id"]: CreditFigures(*row.values()) for row in found})


def credit_by_customer() -> QuerySet[Any]:
    """Rows of `customer_id`, `exposure`, `limit`, `on_hold`, to be used as a subquery by apps above."""
    return CreditAccount.objects.annotate(exposure=F("orders") + F("invoices") - F("advances")).values(
        "customer_id", "exposure", "limit", "on_hold"
    )
