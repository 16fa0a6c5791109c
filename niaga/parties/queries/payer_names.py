"""Customers by the beginnings of the words of their names: who a bank line may be of."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from niaga.organization.access import Actor
from niaga.parties.queries.customers import customers_for

MOST_BEGINNINGS = 400
"""For more than these every customer is read: one pass is cheaper than as many comparisons of each name."""


def payer_names(
    *, by: Actor, beginnings: Collection[str], customer_ids: Collection[UUID]
) -> list[tuple[UUID, str, str]]:
    """Key, name and legal name of those with a word that begins so, and of the named ones. `beginnings` are small
    letters from a to z. One statement."""
    rows = customers_for(by).order_by("id")
    wanted = sorted({one for one in beginnings if one.isascii() and one.isalpha()})
    if len(wanted) <= MOST_BEGINNINGS:
        pattern = rf"\m({'|'.join(wanted)})"
        found = Q(pk__in=list(customer_ids))
        if wanted:
            found |= Q(archived_at=None) & (Q(name__iregex=pattern) | Q(legal_name__iregex=pattern))
        rows = rows.filter(found)
    return list(rows.values_list("id", "name", "legal_name"))
