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
from niaga.parties.models import Contact, Customer
from niaga.parties.queries.customers import lock_customer
from niaga.parties.services.check_customer import check_contact
from niaga.parties.services.refresh_search import search_of

_DEFAULTS = {"name": "", "role": "", "email": "", "phone": "", "is_main": False}


@transaction.atomic
def save_contact(
    *,
    customer_id: UUID,
    by: Actor,
    at: datetime,
    contact_id: UUID | None = None,
    archive: bool = False,
    **fields: Any,
) -> Contact:
    """Add a person to a customer, change the named fields of one, or put one away. One contact at most is the main.

    :raises NotFound: there is no such customer or contact
    :raises Forbidden: the customer is not `by`'s to change
    :raises Invalid: a value is missing or cannot be
    """
    customer = lock_customer(by, customer_id, "change")
    everyone = {contact.pk: contact for contact in Contact.objects.filter(customer=customer, archived_at=None)}
    if contact_id is not None and contact_id not in everyone:
        raise NotFound()
    current = everyone[contact_id] if contact_id else Contact(id=new_id(), customer=customer)
    findings = Findings()
    region = company_basics(customer.company_id).country
    before = {name: getattr(current, name) for name in _DEFAULTS} if contact_id else dict(_DEFAULTS)
    values = check_contact({**before, **fields}, region=region, findings=findings)
    findings.raise_if_any()

    batch = Batch()
    if contact_id:
        batch.update(Contact, where={"id": contact_id}, values={**values, "archived_at": at if archive else None})
    else:
        values["is_main"] = values["is_main"] or not everyone
        batch.insert(Contact, [{"id": current.pk, "customer_id": customer.pk, **values}])
    if values["is_main"]:
        others = [{"id": other.pk} for other in everyone.values() if other.is_main and other.pk != contact_id]
        batch.update_each(Contact, others, values={"is_main": "false"})
    for name, value in values.items():
        setattr(current, name, value)
    if archive:
        everyone.pop(current.pk, None)
    else:
        everyone[current.pk] = current
    people = [{"name": one.name, "phone": one.phone, "email": one.email} for one in everyone.values()]
    batch.update(
        Customer,
        where={"id": customer.pk},
        values={"search": search_of(customer, contacts=people), "version": customer.version + 1, "updated_at": at},
    )
    verb = "archive_contact" if archive else "change_contact" if contact_id else "add_contact"
    record(batch=batch, subject_kind="customer", subject_id=customer.pk, verb=verb, by=by.pk, at=at,
           company_id=customer.company_id, note=current.name, data={"contact": current.pk, **values})  # fmt: skip
    batch.write()
    return current
