"""Who sees a price list or a promotion: who may see those of the company, and the customer that it names."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customers_for, is_seen

Row = TypeVar("Row", bound=Any)


def seen_by(by: Actor, rows: QuerySet[Row], action: str) -> QuerySet[Row]:
    """Those of the current company, but none of a customer whom `by` may not see."""
    theirs = Q(customer=None) | Q(customer__in=customers_for(by).values("pk"))
    return rows.filter(theirs, access_of(by).filter("price_list", action, branch=None, salesperson=None))


def one_seen_by(by: Actor, rows: QuerySet[Row], key: UUID, action: str, *, field: str) -> Row:
    """:raises NotFound: none of the rows has this key, or `by` may not know of it; names the `field`
    :raises Forbidden: seen, but `action` is not allowed
    """
    access = access_of(by)
    found = rows.filter(pk=key).first()
    if found is None or not access.allows("price_list", "view", found.company_id):
        raise NotFound(field=field)
    if found.customer_id is not None and not is_seen(by, found.company_id, found.customer_id):
        raise NotFound(field=field)
    if action != "view":
        access.require("price_list", action, company_id=found.company_id)
    return found
