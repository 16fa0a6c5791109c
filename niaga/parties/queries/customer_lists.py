"""Customers narrowed and whole, for the API and the pages."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery

from niaga.core.clock import now, today
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.parties.models import (
    Address,
    Consent,
    Contact,
    Customer,
    CustomerGroup,
    CustomerTag,
    PaymentTerm,
    Tag,
    TimelineEntry,
)
from niaga.parties.queries.credit import credit_facts, credit_of
from niaga.parties.queries.customers import customers_for
from niaga.parties.queries.find_customers import matching

Settings = TypeVar("Settings", CustomerGroup, PaymentTerm, Tag)


def whole_customer(by: Actor, customer_id: UUID) -> Any:
    """A customer with tags (`tag_names`, `tag_ids`), contacts, addresses and credit (`figures`, as of today). Three
    statements.

    :raises NotFound: there is none, or not for this person
    """
    tags = CustomerTag.objects.filter(customer=OuterRef("pk")).order_by("tag__name")
    customer = (
        customers_for(by)
        .filter(pk=customer_id)
        .select_related("group", "payment_term", "branch", "salesperson", "territory", "credit_account")
        .prefetch_related("contacts", "addresses")
        .annotate(
            tag_names=ArraySubquery(tags.values("tag__name")),
            tag_ids=ArraySubquery(tags.values("tag_id")),
            **credit_facts(""),
        )
        .first()
    )
    if customer is None:
        raise NotFound()
    customer.figures = credit_of(customer, on=today(at=now(), zone=access_of(by).current_company.zone))  # type: ignore[attr-defined]
    return customer


def narrowed_customers(
    by: Actor,
    *,
    q: str = "",
    code: str = "",
    group_id: UUID | None = None,
    salesperson_id: UUID | None = None,
    territory_id: UUID | None = None,
    tag_id: UUID | None = None,
    archived: bool | None = False,
    updated_since: datetime | None = None,
) -> QuerySet[Customer]:
    """The customers `by` may see that fit every filter given; `archived` None: both."""
    rows = matching(customers_for(by), q) if q else customers_for(by)
    if code:
        rows = rows.filter(code=code)
    for name, value in (("group", group_id), ("salesperson", salesperson_id), ("territory", territory_id)):
        if value is not None:
            rows = rows.filter(**{f"{name}_id": value})
    if tag_id is not None:
        rows = rows.filter(customertag__tag_id=tag_id)
    if archived is not None:
        rows = rows.filter(archived_at__isnull=not archived)
    if updated_since is not None:
        rows = rows.filter(updated_at__gte=updated_since)
    return rows


def contacts_of(customer_id: UUID) -> QuerySet[Contact]:
    """The people of a customer whose page `by` may open; the main one first."""
    return Contact.objects.filter(customer_id=customer_id, archived_at=None).order_by("-is_main", "name", "id")


def addresses_of(customer_id: UUID) -> QuerySet[Address]:
    return Address.objects.filter(customer_id=customer_id, archived_at=None).order_by("id")


def consents_of(customer_id: UUID) -> QuerySet[Consent]:
    """Every giving and withdrawing, the latest first."""
    return Consent.objects.filter(customer_id=customer_id).order_by("-at", "-id")


def withdrew(customers: OuterRef, purpose: str) -> Subquery:
    """Whether the last that a customer said of a purpose was no (None: they never said); to be annotated."""
    said = Consent.objects.filter(customer_id=customers, purpose=purpose).order_by("-at", "-id")
    return Subquery(said.annotate(no=~Q(given=True)).values("no")[:1])


def timeline_of(customer_id: UUID, *, kind: str = "", text: str = "") -> QuerySet[TimelineEntry]:
    """The customer's story, the newest first; `kind` is the first word of the kinds, such as `invoice`."""
    rows = TimelineEntry.objects.filter(customer_id=customer_id).order_by("-at", "-id")
    if kind:
        rows = rows.filter(kind__startswith=kind)
    if text:
        rows = rows.filter(text__icontains=text) | rows.filter(number__icontains=text)
    return rows


def _of_company(model: type[Settings], by: Actor) -> QuerySet[Settings]:
    """Rows of the current company, for who may see customers."""
    access = access_of(by)
    rows = model._default_manager.filter(company_id=access.current_company.id)
    return rows if access.allows("customer", "view") else rows.none()


def groups_for(by: Actor, *, archived: bool = False) -> QuerySet[CustomerGroup]:
    rows = _of_company(CustomerGroup, by).order_by("name", "id")
    return rows if archived else rows.filter(archived_at=None)


def terms_for(by: Actor, *, archived: bool = False) -> QuerySet[PaymentTerm]:
    """Payment terms with their parts. Two statements."""
    rows = _of_company(PaymentTerm, by).order_by("name", "id")
    return (rows if archived else rows.filter(archived_at=None)).prefetch_related("parts")


def tags_for(by: Actor) -> QuerySet[Tag]:
    return _of_company(Tag, by).order_by("name", "id")
