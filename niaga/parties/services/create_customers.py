from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record_all
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, first_doubles
from niaga.core.services.draw_codes import draw_codes
from niaga.organization.access import Access, Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.errors import CodeTaken
from niaga.parties.models import Address, Contact, CreditAccount, Customer, CustomerTag, TimelineEntry
from niaga.parties.rules.customer import NewCustomer
from niaga.parties.services.check_customer import (
    check_address,
    check_contact,
    check_customer,
    check_references,
    customer_search,
)

_PARTS = ("contacts", "addresses", "tag_ids", "credit_limit")
_COLUMNS = tuple(name for name in NewCustomer.__dataclass_fields__ if name not in _PARTS)


@transaction.atomic
def create_customers(
    *,
    company_id: UUID,
    rows: Sequence[NewCustomer],
    by: Actor,
    at: datetime,
    import_batch_id: UUID | None = None,
) -> list[UUID]:
    """Create customers, each with contacts, addresses, tags and credit account; one or thousands, as few statements.

    A limit is set only by those who may set limits. Rows of an import have the import as their audit trail.

    :raises Invalid: a value is missing or cannot be; `lines` says which row (from 1), field and why
    :raises CodeTaken: a code is used by another customer, or twice in the rows
    :raises Forbidden: `by` may not create customers, or not set limits
    """
    access = access_of(by)
    access.require("customer", "create", company_id=company_id)
    if any(row.credit_limit is not None for row in rows):
        access.require("customer", "credit", company_id=company_id)
    company = company_basics(company_id)
    findings = Findings()
    checked = [_checked(row, line, company.country, findings) for line, row in enumerate(rows, start=1)]
    for line in first_doubles(row.code or "" for row in rows):
        findings.add(line, "code", _("This code comes twice."), "code_taken")
    check_references(company_id=company_id, rows=[{**asdict(row)} for row in rows], findings=findings)
    findings.raise_if_any()
    for values, _people, _places in checked:
        _take_on(access, company_id, values, by)
    _give_codes(company_id, [parts[0] for parts in checked])

    batch = Batch()
    customers: list[dict[str, Any]] = []
    contacts: list[dict[str, Any]] = []
    addresses: list[dict[str, Any]] = []
    accounts: list[dict[str, Any]] = []
    tags: list[dict[str, Any]] = []
    for facts, (values, people, places) in zip(rows, checked, strict=True):
        customer_id = new_id()
        values["id"] = customer_id
        values["search"] = customer_search(values, people, places)
        customers.append(values)
        contacts.extend({"customer_id": customer_id, **person} for person in people)
        addresses.extend({"customer_id": customer_id, **place} for place in places)
        accounts.append({"customer_id": customer_id, "limit": facts.credit_limit})
        tags.extend({"customer_id": customer_id, "tag_id": tag} for tag in facts.tag_ids)
    batch.insert(
        Customer, customers, company_id=company_id, import_batch_id=import_batch_id, created_at=at, updated_at=at
    )
    batch.insert(Contact, contacts)
    batch.insert(Address, addresses)
    batch.insert(CreditAccount, accounts, currency=company.currency)
    batch.insert(CustomerTag, tags)
    if import_batch_id is None:
        ids = [values["id"] for values in customers]
        record_all(
            batch=batch, subject_kind="customer", subject_ids=ids, verb="create", by=by.pk, at=at, company_id=company_id
        )
        batch.insert(
            TimelineEntry,
            [{"customer_id": key, "subject_id": key} for key in ids],
            company_id=company_id, kind="customer.created", subject_kind="customer", actor_id=by.pk, at=at,
        )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        if "one_customer_code" not in str(error):
            raise
        raise CodeTaken(field="code") from error
    return [values["id"] for values in customers]


def _take_on(access: Access, company_id: UUID, values: dict[str, Any], by: Actor) -> None:
    """A customer whom nobody is named for belongs to the person who may only work with their own.

    :raises Forbidden: the customer would be outside the person's reach
    """
    try:
        access.require("customer", "create", Customer(company_id=company_id, **values))
    except Forbidden:
        if values["salesperson_id"] is not None:
            raise
        values["salesperson_id"] = by.pk


def _checked(
    row: NewCustomer, line: int, region: str, findings: Findings
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    values = {name: getattr(row, name) for name in _COLUMNS}
    if values["code"] is None:
        values["code"] = "-"  # drawn once everything else is sound
    values = check_customer(values, region=region, findings=findings, line=line)
    if row.code is None:
        values["code"] = None
    people = [
        check_contact(asdict(contact), region=region, findings=findings, line=line, prefix=f"contacts.{n}.")
        for n, contact in enumerate(row.contacts)
    ]
    places = [
        check_address(
            {**asdict(address), "country": address.country or region}, findings=findings, line=line,
            prefix=f"addresses.{n}.",
        )
        for n, address in enumerate(row.addresses)
    ]  # fmt: skip
    if row.credit_limit is not None and row.credit_limit < 0:
        findings.add(line, "credit_limit", _("A limit is zero or more."))
    return values, people, places


def _give_codes(company_id: UUID, rows: list[dict[str, Any]]) -> None:
    """Refuse codes that exist; draw codes for rows that have none, past any that a person chose himself."""
    given = [row["code"] for row in rows if row["code"]]
    if given:
        taken = set(Customer.objects.filter(company_id=company_id, code__in=given).values_list("code", flat=True))
        findings = Findings()
        for line, row in enumerate(rows, start=1):
            if row["code"] in taken:
                findings.add(line, "code", _("This code is taken."), "code_taken")
        findings.raise_if_any(CodeTaken)
    waiting = [row for row in rows if not row["code"]]
    own = set(given)
    while waiting:
        codes = draw_codes(company_id=company_id, kind="customer", prefix="C-", count=len(waiting))
        taken = own | set(Customer.objects.filter(company_id=company_id, code__in=codes).values_list("code", flat=True))
        free = [code for code in codes if code not in taken]
        for row, code in zip(waiting, free, strict=False):
            row["code"] = code
        waiting = [row for row in waiting if not row["code"]]
