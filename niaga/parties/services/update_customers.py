from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden
from niaga.core.inputs import Changed, Findings, check_values
from niaga.organization.access import Access, Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.models import CreditAccount
from niaga.parties.rules.customer import CustomerChange
from niaga.parties.services.check_customer import check_address, check_contact, check_customer, check_references
from niaga.parties.services.check_group_moves import check_group_moves
from niaga.parties.services.customer_states import (
    ADDRESS,
    COLUMNS,
    CustomerState,
    lock_customer_states,
    write_customer_states,
)

_REFERENCES = ("group_id", "payment_term_id", "branch_id", "salesperson_id")


@transaction.atomic
def update_customers(
    *, company_id: UUID, changes: Sequence[CustomerChange], by: Actor, at: datetime, note: str = ""
) -> list[Changed]:
    """Change many customers by the rules that hold for one; what is so already is left. Returns what differs now.

    :raises Forbidden: `by` may not change customers, or not set limits, or see `check_group_moves`
    :raises Invalid: a value cannot be, a customer is archived or not `by`'s to change; `lines` says which row and why
    """
    access = access_of(by)
    access.require("customer", "change", company_id=company_id)
    if any(change.credit_limit is not None for change in changes):
        access.require("customer", "credit", company_id=company_id)
    region = company_basics(company_id).country
    states = lock_customer_states(company_id=company_id, customer_ids=[change.customer_id for change in changes])
    findings = Findings()
    references: list[dict[str, Any]] = []
    done: list[tuple[CustomerState, Changed]] = []
    for line, change in enumerate(changes, start=1):
        references.append({})
        state = states.get(change.customer_id)
        if state is None or not _is_open(access, state, findings, line):
            continue
        before = state.facts()
        state.set(_checked(change, state, region, findings, line))
        after = state.facts()
        names = [name for name, value in after.items() if value != before[name]]
        references[-1] = {name: getattr(state.customer, name) for name in _REFERENCES if name in names}
        if names:
            _is_open(access, state, findings, line)
            pairs = {name: before[name] for name in names}, {name: after[name] for name in names}
            done.append((state, Changed(change.customer_id, *pairs)))
    check_references(company_id=company_id, rows=[*references], findings=findings)
    findings.raise_if_any()
    before_after = [(one.before["group_id"], one.after["group_id"]) for _state, one in done if "group_id" in one.after]
    moves = [(UUID(old) if old else None, UUID(new) if new else None) for old, new in before_after]
    check_group_moves(company_id=company_id, moves=moves, by=by)

    batch = Batch()
    write_customer_states(batch=batch, states=[state for state, _changed in done], at=at)
    record_changes(
        batch=batch, subject_kind="customer", changes=[(one.id, one.pairs) for _state, one in done], verb="change",
        by=by.pk, at=at, company_id=company_id, note=note,
    )  # fmt: skip
    batch.write()
    return [changed for _state, changed in done]


def _is_open(access: Access, state: CustomerState, findings: Findings, line: int) -> bool:
    """Whether the customer may change at all, and is in the person's reach."""
    if state.customer.archived_at is not None:
        findings.add(line, "code", _("This is archived. Restore it first."), "archived")
        return False
    try:
        access.require("customer", "change", state.customer)
    except Forbidden as refusal:
        findings.add(line, "code", refusal.message, "forbidden")
        return False
    return True


def _checked(
    change: CustomerChange, state: CustomerState, region: str, findings: Findings, line: int
) -> dict[str, Any]:
    """What is to be set, by the names of the state's facts."""
    unknown = set(change.values) - set(COLUMNS)
    if unknown:
        raise TypeError(f"a customer has no {sorted(unknown)} to change")
    values = dict(change.values)
    if {"tax_id", "tax_id_kind", "nitku"} & set(values):
        now = state.customer
        values = {"tax_id_kind": now.tax_id_kind, "tax_id": now.tax_id, "nitku": now.nitku, **values}
    wanted = check_customer(values, region=region, findings=findings, line=line)
    if change.credit_limit is not None:
        if change.credit_limit < 0:
            findings.add(line, "credit_limit", _("A limit is zero or more."))
        limit = check_values(CreditAccount, {"limit": change.credit_limit}, findings=findings, line=line)
        wanted["credit_limit"] = limit.get("limit")
    if change.contact:
        person: dict[str, str] = dict(change.contact)
        if state.contact is None:
            person.setdefault("name", wanted.get("name", state.customer.name))
        person = check_contact(person, region=region, findings=findings, line=line, prefix="contacts.0.")
        wanted |= {f"contact.{name}": value for name, value in person.items()}
    if change.address:
        place = {"country": region, **change.address}
        if state.address is not None:
            place = {**{name: getattr(state.address, name) for name in ADDRESS}, **change.address}
        place = check_address(place, findings=findings, line=line, prefix="addresses.0.")
        wanted |= {f"address.{name}": value for name, value in place.items()}
    return wanted
