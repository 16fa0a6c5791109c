from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.core.inputs import Findings, changed_values
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.errors import Archived, CodeTaken
from niaga.parties.models import Customer, CustomerTag
from niaga.parties.queries.customers import lock_customer
from niaga.parties.rules.customer import NewCustomer
from niaga.parties.services.check_customer import check_customer, check_references
from niaga.parties.services.check_group_moves import check_group_moves
from niaga.parties.services.refresh_search import search_of

_COLUMNS = frozenset(NewCustomer.__dataclass_fields__) - {"contacts", "addresses", "tag_ids", "credit_limit"}


@transaction.atomic
def update_customer(
    *, customer_id: UUID, by: Actor, at: datetime, version: int | None = None, **changes: Any
) -> Customer:
    """Change the named fields of a customer (those of `NewCustomer` but contacts, addresses and the limit).

    `version` is the one the person saw; None overwrites whatever is there.

    :raises NotFound: there is no such customer
    :raises Forbidden: it is not `by`'s to change, or would leave their reach, or see `check_group_moves`
    :raises StaleVersion: somebody saved in between
    :raises Archived: it is archived
    :raises Invalid: a value cannot be
    :raises CodeTaken: another customer has the code
    """
    customer = lock_customer(by, customer_id, "change")
    if version is not None and version != customer.version:
        raise StaleVersion()
    if customer.archived_at is not None:
        raise Archived()
    tag_ids: tuple[UUID, ...] | None = changes.pop("tag_ids", None)
    unknown = set(changes) - _COLUMNS
    if unknown:
        raise TypeError(f"a customer has no {sorted(unknown)}")

    if {"tax_id", "tax_id_kind", "nitku"} & set(changes):
        changes = {
            "tax_id_kind": customer.tax_id_kind, "tax_id": customer.tax_id, "nitku": customer.nitku, **changes
        }  # fmt: skip
    findings = Findings()
    region = company_basics(customer.company_id).country
    values = check_customer(changes, region=region, findings=findings)
    if not values.get("tax_id", "-"):
        values["tax_id_kind"] = ""
    references = {name: value for name, value in values.items() if getattr(customer, name) != value}
    check_references(company_id=customer.company_id, rows=[{**references, "tag_ids": tag_ids or ()}], findings=findings)
    findings.raise_if_any()

    moves = [(customer.group_id, values.get("group_id", customer.group_id))]
    check_group_moves(company_id=customer.company_id, moves=moves, by=by)
    changed = changed_values(customer, values)
    batch = Batch()
    if tag_ids is not None:
        before = set(CustomerTag.objects.filter(customer=customer).values_list("tag_id", flat=True))
        after = set(tag_ids)
        if before != after:
            changed["tag_ids"] = (sorted(map(str, before)), sorted(map(str, after)))
            batch.sql(
                "untag",
                "DELETE FROM parties_customertag WHERE customer_id = %s::uuid AND tag_id = ANY(%s::uuid[]) RETURNING 1",
                [customer.pk, list(before - after)],
            )
            batch.insert(CustomerTag, [{"tag_id": tag} for tag in sorted(after - before)], customer_id=customer.pk)
    if not changed:
        return customer
    for name, value in values.items():
        setattr(customer, name, value)
    access_of(by).require("customer", "change", customer)
    batch.update(
        Customer,
        where={"id": customer.pk, "version": customer.version},
        values={**values, "search": search_of(customer), "version": customer.version + 1, "updated_at": at},
    )
    record(
        batch=batch, subject_kind="customer", subject_id=customer.pk, verb="change", by=by.pk, at=at,
        company_id=customer.company_id, data={name: list(pair) for name, pair in changed.items()},
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        if "one_customer_code" not in str(error):
            raise
        raise CodeTaken(_("This code is taken."), field="code") from error
    customer.version += 1
    customer.updated_at = at
    return customer
