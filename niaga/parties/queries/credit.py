"""Reading credit accounts: locked for the verbs that post to them, plain for pages."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.core.queries.together import Question
from niaga.organization.access import Actor
from niaga.parties.models import CreditAccount, CreditRaise
from niaga.parties.queries.customers import customer_for
from niaga.parties.rules.credit import CreditFigures

_OF_ACCOUNT = {
    "account_id": "id", "customer_id": "customer_id", "currency": "currency", "own_limit": "limit",
    "on_hold": "on_hold", "orders": "orders", "invoices": "invoices", "advances": "advances", "held_at": "held_at",
    "own_days": "overdue_days", "raised": "raised", "raised_until": "raised_until",
}  # fmt: skip
_OF_CUSTOMER = {
    "group_limit": "group__credit_limit", "group_days": "group__overdue_days",
    "company_days": "company__credit_policy__overdue_days",
}  # fmt: skip
_NAMES = tuple(f"credit_{name}" for name in (*_OF_ACCOUNT, *_OF_CUSTOMER))
NO_DAY = date.max


def credit_facts(customer: str = "customer__") -> dict[str, F]:
    """Annotations that read the credit of the customer at a path, in whatever statement reads the row.

    `credit_of(row, on=day)` makes figures of them.
    """
    return _facts(f"{customer}credit_account__", customer)


def _facts(account: str, customer: str) -> dict[str, F]:
    found = {f"credit_{name}": F(account + path) for name, path in _OF_ACCOUNT.items()}
    return found | {f"credit_{name}": F(customer + path) for name, path in _OF_CUSTOMER.items()}


def credit_of(row: Any, *, on: date = NO_DAY) -> CreditFigures:
    """The figures of a row that was annotated with `credit_facts`, or of such a mapping."""
    values = row if isinstance(row, Mapping) else vars(row)
    facts: dict[str, Any] = {name.removeprefix("credit_"): values[name] for name in _NAMES}
    return CreditFigures(**facts, on=on)


def _accounts(rows: QuerySet[CreditAccount]) -> QuerySet[CreditAccount]:
    return rows.annotate(**_facts("", "customer__"))


_LOCKED = Compiled(
    lambda customer_id: _accounts(CreditAccount.objects.select_for_update(of=("self",))).filter(customer_id=customer_id)
)


def lock_credit_account(customer_id: UUID, *, on: date = NO_DAY) -> CreditFigures:
    """The customer's figures, with the account's row locked until the transaction ends. One statement.

    Who decides by the limit names the day, `on`: a temporary raise counts through its last one.

    :raises NotFound: there is no such customer
    """
    found = _LOCKED.one(customer_id)
    if found is None:
        raise NotFound(field="customer")
    return credit_of(found, on=on)


def lock_credit_accounts(customer_ids: Iterable[UUID]) -> dict[UUID, CreditFigures]:
    """The figures of several customers by customer, locked in the order of the accounts' keys. One statement."""
    rows = _accounts(CreditAccount.objects.select_for_update(of=("self",)))
    found = [credit_of(row) for row in rows.filter(customer_id__in=set(customer_ids)).order_by("id")]
    return {figures.customer_id: figures for figures in found}


def credit_figures(customer_ids: Iterable[UUID], *, on: date = NO_DAY) -> dict[UUID, CreditFigures]:
    """The figures of several customers as they stand, without a lock."""
    rows = _accounts(CreditAccount.objects.filter(customer_id__in=set(customer_ids))).values(*_NAMES)
    return {row["credit_customer_id"]: credit_of(row, on=on) for row in rows}


def credit_asked(customer_ids: Iterable[UUID], *, on: date = NO_DAY) -> Question[dict[UUID, CreditFigures]]:
    """Asks for the figures of several customers, together with other questions."""
    rows = _accounts(CreditAccount.objects.filter(customer_id__in=set(customer_ids))).values(*_NAMES)
    return Question(rows, lambda found: {row["credit_customer_id"]: credit_of(row, on=on) for row in found})


def raises_of(*, customer_id: UUID, by: Actor) -> QuerySet[CreditRaise]:
    """The raises of a customer's limit, the last first.

    :raises NotFound: there is no such customer, or not for this person
    """
    customer = customer_for(by, customer_id)
    return CreditRaise.objects.filter(account__customer_id=customer.pk).order_by("-at", "-id")
