from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.core.inputs import Changed
from niaga.organization.access import Actor, access_of
from niaga.parties.models import Address, Contact
from niaga.parties.services.customer_states import CustomerState, lock_customer_states, write_customer_states


@transaction.atomic
def restore_customers(
    *, company_id: UUID, changes: Sequence[Changed], by: Actor, at: datetime, note: str = ""
) -> dict[UUID, Mapping[str, Any]]:
    """Put the values back that `update_customers` found. A contact or address it made is put away.

    Nothing is written when somebody changed one of them since: then the answer holds what each such customer has now,
    by column.

    :raises Forbidden: `by` may not change customers
    """
    access_of(by).require("customer", "change", company_id=company_id)
    states = lock_customer_states(company_id=company_id, customer_ids=[change.id for change in changes])
    differing: dict[UUID, Mapping[str, Any]] = {}
    for change in changes:
        now = states[change.id].facts()
        other = {name: now[name] for name, value in change.after.items() if now[name] != value}
        if other:
            differing[change.id] = other
    if differing:
        return differing
    gone: list[Contact | Address] = []
    for change in changes:
        gone += _put_back(states[change.id], change)
    batch = Batch()
    write_customer_states(batch=batch, states=[states[change.id] for change in changes], gone=gone, at=at)
    record_changes(
        batch=batch, subject_kind="customer",
        changes=[(one.id, Changed(one.id, one.after, one.before).pairs) for one in changes],
        verb="change", by=by.pk, at=at, company_id=company_id, note=note,
    )  # fmt: skip
    batch.write()
    return {}


def _put_back(state: CustomerState, change: Changed) -> list[Contact | Address]:
    """Set the values from before; the parts that were made are returned, to be put away."""
    gone: list[Contact | Address] = []
    values = dict(change.before)
    contact, address = state.contact, state.address
    if "contact" in values and contact is not None:
        gone.append(contact)
        state.people.remove(contact)
    if "address" in values and address is not None:
        gone.append(address)
        state.places.remove(address)
    made = [part for part in ("contact", "address") if part in values]
    state.set({name: value for name, value in values.items() if name.partition(".")[0] not in made})
    return gone
