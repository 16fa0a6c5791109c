from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.inputs import plain_value
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import PlateTaken
from niaga.stock.models import Vehicle
from niaga.stock.queries.warehouses import warehouse_row
from niaga.stock.services.name_driver import driver_name

MOST_CARRIED = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class VehicleDetails:
    """`stops` is how many deliveries fit on a day; `zones` are cities, districts or the beginnings of post codes."""

    warehouse_id: UUID
    plate: str
    name: str = ""
    driver: str = ""
    driver_user_id: UUID | None = None
    stops: int = 30
    zones: Sequence[str] = ()
    max_weight: Decimal | None = None
    """Kilograms a day; none: no limit."""
    max_volume: Decimal | None = None
    """Cubic metres a day."""


@transaction.atomic
def save_vehicle(*, vehicle_id: UUID | None, details: VehicleDetails, by: Actor, at: datetime) -> Vehicle:
    """Add a vehicle, or change one; routes that are planned keep what they say of it.

    :raises NotFound: no such vehicle or warehouse, or they are not of one company
    :raises Forbidden: the person may not manage settings
    :raises Invalid: without a number plate, without room, or with a limit that cannot be
    :raises NotADriver: the account may not drive in the company
    :raises PlateTaken: the company has another vehicle of this plate
    """
    warehouse = warehouse_row(details.warehouse_id)
    access_of(by).require("setting", "manage", company_id=warehouse.company_id)
    vehicle = Vehicle(company_id=warehouse.company_id)
    if vehicle_id is not None:
        found = Vehicle.objects.select_for_update().filter(pk=vehicle_id, company_id=warehouse.company_id).first()
        if found is None:
            raise NotFound()
        vehicle = found
    # an account that lost its right meanwhile does not bar another change of the vehicle
    keeps = vehicle_id is not None and details.driver_user_id == vehicle.driver_user_id
    plate = " ".join(details.plate.upper().split())[:20]
    if not plate:
        raise Invalid(_("Give the number plate."), field="plate")
    if not 1 <= details.stops <= 1_000:
        raise Invalid(_("Say how many deliveries fit on a day, from 1 to 1,000."), field="stops")
    vehicle.warehouse_id, vehicle.plate, vehicle.name = warehouse.id, plate, details.name.strip()[:80]
    name = "" if keeps else driver_name(company_id=warehouse.company_id, driver_user_id=details.driver_user_id)
    vehicle.driver = details.driver.strip()[:120] or name
    vehicle.driver_user_id = details.driver_user_id
    vehicle.stops = details.stops
    vehicle.max_weight, vehicle.max_volume = _limit(details, "max_weight"), _limit(details, "max_volume")
    vehicle.zones = list(dict.fromkeys(zone.strip()[:80] for zone in details.zones if zone.strip()))[:50]
    try:
        with transaction.atomic():
            vehicle.save()
    except IntegrityError as error:
        if "one_vehicle_plate" in str(error):
            raise PlateTaken(field="plate") from error
        raise
    batch = Batch()
    record(
        batch=batch, subject_kind="vehicle", subject_id=vehicle.id, verb="change" if vehicle_id else "create",
        by=by.id, at=at, company_id=vehicle.company_id,
        data={"plate": vehicle.plate, "driver": vehicle.driver, "driver_user_id": str(vehicle.driver_user_id or ""),
              "stops": vehicle.stops, "zones": vehicle.zones,
              "max_weight": plain_value(vehicle.max_weight), "max_volume": plain_value(vehicle.max_volume)},
    )  # fmt: skip
    batch.write()
    return vehicle


def _limit(details: VehicleDetails, name: str) -> Decimal | None:
    """:raises Invalid: not more than nothing, or finer than a gram"""
    limit: Decimal | None = getattr(details, name)
    if limit is None:
        return None
    if not limit.is_finite() or not 0 < limit < MOST_CARRIED or limit != round(limit, 3):
        raise Invalid(_("More than nothing, less than a million, with at most 3 decimals."), field=name)
    return limit
