"""Who sends goods straight to customers, and which goods."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Supplier, Supply


def visible_suppliers(*, by: Actor, archived: bool = False) -> QuerySet[Supplier]:
    """Suppliers of the current company, with how many products they send; with `archived` those put away too."""
    rows = Supplier.objects.filter(company_id=access_of(by).current_company.id)
    if not archived:
        rows = rows.filter(archived_at=None)
    return rows.annotate(product_count=Count("supplies"))


def get_supplier(*, supplier_id: UUID, by: Actor) -> Supplier:
    """:raises NotFound: none in the current company"""
    found = visible_suppliers(by=by, archived=True).filter(pk=supplier_id).first()
    if found is None:
        raise NotFound()
    return found


def suppliers_by_id(supplier_ids: Collection[UUID], *, company_id: UUID) -> dict[UUID, Supplier]:
    """Those of a company that were not put away, in one statement."""
    rows = Supplier.objects.filter(pk__in=supplier_ids, company_id=company_id, archived_at=None)
    return {one.id: one for one in rows}


def direct_supplier(product: str) -> Subquery:
    """An annotation for a queryset that has a product's id in `product`: who sends it straight to customers; none: it
    is kept here."""
    rows = Supply.objects.filter(product_id=OuterRef(product), supplier__archived_at=None)
    return Subquery(rows.values("supplier_id")[:1])


def direct_suppliers(product_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Who sends products straight to customers, by product; those that are kept here are missing. One statement, none
    without a product."""
    if not product_ids:
        return {}
    rows = Supply.objects.filter(product_id__in=product_ids, supplier__archived_at=None)
    return dict(rows.values_list("product_id", "supplier_id"))


def lead_days_of(product_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many days those usually take who send products straight to customers, by product; those that are kept here
    are missing. One statement, none without a product."""
    if not product_ids:
        return {}
    rows = Supply.objects.filter(product_id__in=product_ids, supplier__archived_at=None)
    return dict(rows.values_list("product_id", "supplier__lead_days"))


def agreed_cost(product: str, supplier: str) -> Subquery:
    """An annotation for a queryset that has a product's id in `product` and a supplier's in `supplier`: what they take
    for a base unit, in the company's own currency; none: nothing was agreed."""
    rows = Supply.objects.filter(product_id=OuterRef(product), supplier_id=OuterRef(supplier))
    return Subquery(rows.values("unit_cost")[:1])


class Agreed(NamedTuple):
    code: str
    unit_cost: Decimal | None


def agreed_with(supplier_ids: Collection[UUID], product_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Agreed]:
    """What suppliers call products and take for them, by supplier and product. One statement."""
    rows = Supply.objects.filter(supplier_id__in=supplier_ids, product_id__in=product_ids)
    return {
        (supplier_id, product_id): Agreed(code, cost)
        for supplier_id, product_id, code, cost in rows.values_list("supplier_id", "product_id", "code", "unit_cost")
    }


def supply_of(product_id: UUID) -> Supply | None:
    """How a product is supplied. The caller has checked access."""
    return Supply.objects.select_related("supplier").filter(product_id=product_id).first()
