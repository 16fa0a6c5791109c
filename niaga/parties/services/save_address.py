from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings
from niaga.organization.access import Actor
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.models import Address, Customer
from niaga.parties.queries.customers import lock_customer
from niaga.parties.services.check_customer import check_address
from niaga.parties.services.refresh_search import search_of

_DEFAULTS = {
    "label": "", "street": "", "district": "", "city": "", "province": "", "postcode": "", "country": "",
    "for_billing": True, "for_delivery": True,
}  # fmt: skip


@transaction.atomic
def save_address(
    *,
    customer_id: UUID,
    by: Actor,
    at: datetime,
    address_id: UUID | None = None,
    archive: bool = False,
    **fields: Any,
) -> Address:
    """Add an address to a customer, change the named fields of one, or put one away.

    Documents carry their own copy, so that none changes with it.

    :raises NotFound: there is no such customer or address
    :raises Forbidden: the customer is not `by`'s to change
    :raises Invalid: a value is missing or cannot be
    """
    customer = lock_customer(by, customer_id, "change")
    everywhere = {address.pk: address for address in Address.objects.filter(customer=customer, archived_at=None)}
    if address_id is not None and address_id not in everywhere:
        raise NotFound()
    current = everywhere[address_id] if address_id else Address(id=new_id(), customer=customer)
    findings = Findings()
    before = {name: getattr(current, name) for name in _DEFAULTS} if address_id else dict(_DEFAULTS)
    given = {**before, **fields}
    given["country"] = given["country"] or company_basics(customer.company_id).country
    values = check_address(given, findings=findings)
    findings.raise_if_any()

    batch = Batch()
    if address_id:
        batch.update(Address, where={"id": address_id}, values={**values, "archived_at": at if archive else None})
    else:
        batch.insert(Address, [{"id": current.pk, "customer_id": customer.pk, **values}])
    for name, value in values.items():
        setattr(current, name, value)
    if archive:
        everywhere.pop(current.pk, None)
    else:
        everywhere[current.pk] = current
    cities = [{"city": address.city} for address in everywhere.values()]
    batch.update(
        Customer,
        where={"id": customer.pk},
        values={"search": search_of(customer, addresses=cities), "version": customer.version + 1, "updated_at": at},
    )
    verb = "archive_address" if archive else "change_address" if address_id else "add_address"
    record(batch=batch, subject_kind="customer", subject_id=customer.pk, verb=verb, by=by.pk, at=at,
           company_id=customer.company_id, data={"address": current.pk, **values})  # fmt: skip
    batch.write()
    return current
