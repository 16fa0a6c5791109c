"""Customers as a person may see them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.organization.access import Actor, access_of, seen
from niaga.parties.models import Customer


def customers_for(by: Actor, action: str = "view") -> QuerySet[Customer]:
    """The customers of the current company that `by` may do `action` to, archived ones too."""
    return Customer.objects.filter(access_of(by).filter("customer", action))


def customer_for(by: Actor, customer_id: UUID, action: str = "view") -> Customer:
    """One customer with its references, in one statement.

    :raises NotFound: there is none, or not for this person
    """
    found: Customer | None = _WHOLE.one(customer_id)
    return seen(found, "customer", by=by, action=action)


def is_seen(by: Actor, company_id: UUID, customer_id: UUID) -> bool:
    """Whether the company has this customer and `by` may know of them."""
    return customer_id in seen_among(by, company_id, [customer_id])


def seen_among(by: Actor, company_id: UUID, customer_ids: Collection[UUID]) -> set[UUID]:
    """Those that the company has and `by` may know of. One statement."""
    access = access_of(by)
    rows = Customer.objects.filter(pk__in=customer_ids, company_id=company_id)
    return {one.pk for one in rows if access.sees("customer", one)}


_WHOLE = Compiled(
    lambda customer_id: Customer.objects.select_related(
        "group", "payment_term", "branch", "salesperson", "territory", "credit_account"
    ).filter(pk=customer_id)
)


def lock_customer(by: Actor, customer_id: UUID, action: str) -> Customer:
    """The customer's row, locked, for a service that changes it.

    :raises NotFound: there is none
    :raises Forbidden: not for this person
    """
    # its key does not change: what names the customer meanwhile need not wait, and never waits in a ring
    customer = Customer.objects.select_for_update(no_key=True).filter(pk=customer_id).first()
    access = access_of(by)
    if customer is None or customer.company_id not in access.company_ids:
        raise NotFound()
    access.require("customer", action, customer)
    return customer


def customers_by_code(company_id: UUID, codes: Collection[str]) -> dict[str, UUID]:
    """Those of the codes that customers of the company have, archived ones too; who may do what is asked later."""
    return dict(Customer.objects.filter(company_id=company_id, code__in=codes).values_list("code", "id"))


def customer_names(customer_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of many customers at once, for who may know them; one statement."""
    return dict(Customer.objects.filter(pk__in=customer_ids).values_list("id", "name"))
