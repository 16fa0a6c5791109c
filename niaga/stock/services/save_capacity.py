from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.stock.models import CapacityDay, Warehouse, WarehouseCapacity
from niaga.stock.queries.warehouses import warehouse_row
from niaga.stock.rules.capacity import OwnDay
from niaga.stock.rules.day_load import COUNTED

MOST = 1_000_000
MOST_DAYS = 400
MOST_LEAD = 60
_BY_WEEKDAY = ("limits", "weight_limits", "volume_limits")
_OF_A_DAY = ("limit", "weight_limit", "volume_limit")


@dataclass(frozen=True, slots=True)
class CapacityInput:
    """`limits` are by weekday from Monday on, None: no limit; `open_days` are weekdays, 0: Monday;
    `days` are those that are not as their weekday."""

    is_active: bool
    measure: str
    open_days: Sequence[int]
    limits: Sequence[int | None]
    rests_on_holidays: bool = True
    days: Mapping[date, OwnDay] = field(default_factory=dict)
    lead_days: int = 0
    """Open days between an order and its leaving."""
    cut_off: time | None = None
    """From this hour of the branch on an order counts as of the next day."""
    weight_limits: Sequence[int | None] = (None,) * 7
    """Kilograms by weekday, beside the others."""
    volume_limits: Sequence[int | None] = (None,) * 7
    """Cubic metres by weekday."""


@transaction.atomic
def save_capacity(*, warehouse_id: UUID, given: CapacityInput, by: Actor, at: datetime) -> WarehouseCapacity:
    """Say how much can leave a warehouse on a day. What is planned already stays where it is.

    :raises NotFound: no such warehouse
    :raises Forbidden: the person may not manage settings
    :raises Invalid: no such measure or weekday, not seven limits, no day is open, or a limit that cannot be
    """
    warehouse = warehouse_row(warehouse_id)
    access_of(by).require("setting", "manage", company_id=warehouse.company_id)
    if given.measure not in list(COUNTED):
        raise Invalid(_("Choose what is counted."), field="measure")
    days = sorted(set(given.open_days))
    if not days or not all(0 <= day <= 6 for day in days):
        raise Invalid(_("Open at least one day of the week."), field="open_days")
    for name in _BY_WEEKDAY:
        limits = getattr(given, name)
        if len(limits) != 7 or any(one is not None and not 0 <= one <= MOST for one in limits):
            raise Invalid(_("Give a limit for each day of the week, or none."), field=name)
    if not 0 <= given.lead_days <= MOST_LEAD:
        raise Invalid(_("A lead time is between 0 and 60 days."), field="lead_days")
    if len(given.days) > MOST_DAYS or any(
        limit is not None and not 0 <= limit <= MOST
        for one in given.days.values()
        for limit in (one.limit, one.weight_limit, one.volume_limit)
    ):
        raise Invalid(_("Some of the days have a limit that cannot be, or they are too many."), field="days")
    Warehouse.objects.select_for_update().only("id").get(pk=warehouse_id)  # one at a time
    held = WarehouseCapacity.objects.filter(warehouse_id=warehouse_id).only("id").first()
    values = {
        "is_active": given.is_active, "measure": given.measure, "open_days": days,
        **{name: list(getattr(given, name)) for name in _BY_WEEKDAY},
        "rests_on_holidays": given.rests_on_holidays, "lead_days": given.lead_days, "cut_off": given.cut_off,
        "updated_at": at,
    }  # fmt: skip
    saved = WarehouseCapacity(
        id=held.pk if held else new_id(), company_id=warehouse.company_id, warehouse_id=warehouse_id, **values
    )
    saved.save(force_insert=held is None, force_update=held is not None)
    CapacityDay.objects.filter(warehouse_id=warehouse_id).delete()
    batch = Batch()
    batch.insert(
        CapacityDay,
        [{"id": new_id(), "date": day, "is_closed": one.is_closed,
          **{name: None if one.is_closed else getattr(one, name) for name in _OF_A_DAY},
          "reason": " ".join(one.reason.split())[:120]} for day, one in sorted(given.days.items())],
        company_id=warehouse.company_id, warehouse_id=warehouse_id,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="warehouse", subject_id=warehouse_id, verb="save_capacity", by=by.id, at=at,
        company_id=warehouse.company_id,
        data={name: value for name, value in values.items() if name not in ("updated_at", "cut_off")}
        | {"cut_off": str(given.cut_off or "")}
        | {"days": {str(day): [one.is_closed, *(getattr(one, name) for name in _OF_A_DAY), one.reason]
                    for day, one in given.days.items()}},
    )  # fmt: skip
    batch.write()
    return saved
