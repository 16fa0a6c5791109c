"""What the warehouses take on a day."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from niaga.stock.models import CapacityDay, WarehouseCapacity
from niaga.stock.rules.capacity import Capacity, OwnDay
from niaga.stock.rules.day_load import Measure


def has_capacity(*, warehouse: str = "warehouse_id") -> Exists:
    """An annotation: whether the days of a document's warehouse have limits."""
    return Exists(WarehouseCapacity.objects.filter(warehouse_id=OuterRef(warehouse), is_active=True))


def capacity_of(*, warehouse_id: UUID, since: date) -> Capacity | None:
    """The days of a warehouse from one on; None: it takes whatever it is asked for. The caller checks access."""
    row = WarehouseCapacity.objects.filter(warehouse_id=warehouse_id, is_active=True).select_related("company").first()
    if row is None:
        return None
    own = CapacityDay.objects.filter(warehouse_id=warehouse_id, date__gte=since).order_by("date")
    return Capacity(
        tuple(row.open_days),
        {row.measure: row.limits, Measure.WEIGHT: row.weight_limits, Measure.VOLUME: row.volume_limits},
        row.rests_on_holidays, row.company.country,
        {one.date: OwnDay(one.is_closed, one.limit, one.reason, one.weight_limit, one.volume_limit) for one in own},
        row.lead_days, row.cut_off,
    )  # fmt: skip


def capacity_row(*, warehouse_id: UUID) -> WarehouseCapacity | None:
    """As it is set, switched off too."""
    return WarehouseCapacity.objects.filter(warehouse_id=warehouse_id).first()


def own_days(*, warehouse_id: UUID) -> list[CapacityDay]:
    """The days that are not as their weekday."""
    return list(CapacityDay.objects.filter(warehouse_id=warehouse_id).order_by("date"))
