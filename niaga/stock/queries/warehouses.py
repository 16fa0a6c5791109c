"""Where goods are."""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import WarehouseMissing
from niaga.stock.models import Warehouse


def warehouse_for(*, company_id: UUID, branch_id: UUID, warehouse_id: UUID | None) -> UUID:
    """The named warehouse, or the branch's first, or the company's.

    :raises NotFound: the named one is not the company's
    :raises WarehouseMissing: the company has none
    """
    own = Case(When(branch_id=branch_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = Warehouse.objects.filter(company_id=company_id, archived_at=None)
    if warehouse_id is not None:
        if not rows.filter(pk=warehouse_id).exists():
            raise NotFound(field="warehouse_id")
        return warehouse_id
    found = rows.order_by(own, "code").values_list("id", flat=True).first()
    if found is None:
        raise WarehouseMissing()
    return found


def warehouse_row(warehouse_id: UUID, *, field: str = "warehouse_id") -> Warehouse:
    """The warehouse with its branch and company. The verb checks access.

    :raises NotFound: no such warehouse, or it is archived
    """
    found = Warehouse.objects.select_related("branch", "company").filter(pk=warehouse_id, archived_at=None).first()
    if found is None:
        raise NotFound(field=field)
    return found


def visible_warehouses(*, by: Actor) -> QuerySet[Warehouse]:
    """Warehouses of the current company that the person may see."""
    seen = access_of(by).filter("stock", branch="branch_id", salesperson=None)
    return Warehouse.objects.filter(seen, archived_at=None).select_related("branch").order_by("name", "id")


def all_warehouses(*, by: Actor) -> QuerySet[Warehouse]:
    """Every warehouse of the current company, archived ones last, for the settings."""
    here = access_of(by).current_company.id
    return (
        Warehouse.objects.filter(company_id=here, is_direct=False)
        .select_related("branch")
        .order_by("archived_at", "name", "id")
    )


def first_zone(*, company_id: UUID, at: datetime) -> str:
    """The time zone whose day begins first where a company keeps goods: then a lot's day has come for all of it."""
    zones = set(Warehouse.objects.filter(company_id=company_id).values_list("branch__zone", flat=True))
    return max(zones, key=lambda zone: (day_at(at=at, zone=zone), zone), default="Asia/Jakarta")
