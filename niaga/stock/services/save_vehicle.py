from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import PlateTaken
from niaga.stock.models import Vehicle
from niaga.stock.queries.warehouses import warehouse_row
from niaga.stock.services.name_driver import driver_name


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


@transaction.atomic
def save_vehicle(*, vehicle_id: UUID | None, details: VehicleDetails, by: Actor, at: datetime) -> Vehicle:
    """Add a vehicle, or change one; routes that are planned keep what they say of it.

    :raises NotFound: no such vehicle or warehouse, or they are not of one company
    :raises Forbidden: the person may not manage settings
    :raises Invalid: without a number plate, or without room
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
              "stops": vehicle.stops, "zones": vehicle.zones},
    )  # fmt: skip
    batch.write()
    return vehicle
