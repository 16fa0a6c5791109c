"""Customers as price lists tell them apart: by group, territory and branch, and alone where a list names one."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min

from niaga.organization.access import Actor
from niaga.parties.queries.customers import customers_for


class BuyerClass(NamedTuple):
    """Customers whom no price list can tell apart, or one that a list names (`customer_id`)."""

    customer_id: UUID | None
    group_id: UUID | None
    group: str
    territory_id: UUID | None
    territory: str
    branch_id: UUID | None
    customers: int
    name: str
    """Of one of them, the first by the alphabet."""
    apart: tuple[Any, ...] = ()
    """What the caller tells them apart by besides."""


def buyer_classes(
    *, by: Actor, company_id: UUID, named: Collection[UUID], most: int, apart: Sequence[str] = ()
) -> list[BuyerClass]:
    """The customers whom `by` may see, the largest classes first; `named` ones each on their own, at most `most` rows
    of either. `apart` are further paths from the customer that tell them apart. Two statements, however many customers.
    """
    rows = customers_for(by).filter(company_id=company_id, archived_at=None)
    alone = (
        rows.filter(pk__in=list(named))
        .order_by("name", "pk")
        .values_list("pk", "group_id", "group__name", "territory_id", "territory__name", "branch_id", "name", *apart)[
            :most
        ]
    )
    found = [
        BuyerClass(key, g, gn or "", t, tn or "", b, 1, name, tuple(more))
        for key, g, gn, t, tn, b, name, *more in alone
    ]
    shared = (
        rows.exclude(pk__in=list(named))
        .values("group_id", "group__name", "territory_id", "territory__name", "branch_id", *apart)
        .annotate(customers=Count("pk"), name=Min("name"))
        .order_by("-customers", "group__name", "territory__name", "branch_id", *apart)[:most]
    )
    found += [
        BuyerClass(
            None, one["group_id"], one["group__name"] or "", one["territory_id"], one["territory__name"] or "",
            one["branch_id"], one["customers"], one["name"], tuple(one[path] for path in apart),
        )
        for one in shared
    ]  # fmt: skip
    return found


class BuyerFacts(NamedTuple):
    group_id: UUID | None
    territory_id: UUID | None
    has_tax_number: bool = False


def buyer_facts(customer_ids: Collection[UUID]) -> dict[UUID, BuyerFacts]:
    """What price lists ask of these customers. The caller has checked access. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, group_id, territory_id, tax_id <> '' AND tax_id_kind IN ('npwp', 'other')"
            " FROM parties_customer WHERE id = ANY(%s::uuid[])",
            [list(customer_ids)],
        )
        return {row[0]: BuyerFacts(*row[1:]) for row in cursor.fetchall()}
