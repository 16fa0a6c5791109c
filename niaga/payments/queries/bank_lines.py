"""Bank lines and what they are settled by: for pages, and locked for the verbs that book them."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.payments.models import BankLine, LineSettlement


def visible_lines(*, by: Actor) -> QuerySet[BankLine]:
    return BankLine.objects.filter(access_of(by).filter("bank", branch=None, salesperson=None))


def get_line(*, line_id: UUID, by: Actor) -> BankLine:
    """With its bank account, statement and company.

    :raises NotFound: none, or none that `by` may see
    """
    rows = visible_lines(by=by).select_related("bank_account", "statement", "company")
    found = rows.defer("statement__file_bytes").filter(pk=line_id).first()
    if found is None:
        raise NotFound()
    return found


def settlements_of(line_ids: Collection[UUID]) -> QuerySet[LineSettlement]:
    """What lines are settled by now, in the order in which it was booked; what was taken back is gone."""
    rows = LineSettlement.objects.filter(line_id__in=list(line_ids), reverses=None, reversed_by=None)
    return rows.select_related("payment__customer", "payout__account").order_by("at", "id")


def lock_lines(line_ids: Collection[UUID]) -> list[BankLine]:
    """The lines, locked in key order, with company and bank account. Credit accounts are locked before."""
    rows = BankLine.objects.select_for_update(of=("self",)).select_related("company", "bank_account")
    return list(rows.filter(pk__in=list(line_ids)).order_by("id"))


def stands_on_line(payment_id: UUID, *kinds: str) -> bool:
    """Whether a bank line is booked to the payment in one of these ways, and was not taken back."""
    rows = LineSettlement.objects.filter(payment_id=payment_id, kind__in=kinds)
    found = rows.aggregate(sum=Sum("amount"))["sum"]
    return bool(found or Decimal(0))
