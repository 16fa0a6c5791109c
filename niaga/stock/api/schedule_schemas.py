"""Shapes of what is to come, vehicles, routes and picking."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import PlainSerializer

from niaga.catalog.api.schemas import GoodsLoadOut
from niaga.core.api import Number, named_once, plain
from niaga.stock.api.schemas import Counted, MovedQuery


class PostponementIn(Schema):
    expected_date: date
    reason: str = Field(min_length=1, max_length=200)


class PromiseStep(Schema):
    """From `date` on (null: now) so much can be promised, in base units."""

    date: date | None
    quantity: Number


class PromiseOut(Schema):
    """What can be promised of a product; what comes late, or is promised already, does not count."""

    product_id: UUID
    free: Number
    steps: list[PromiseStep]


class PlaceIn(Schema):
    product_id: UUID
    place: str = Field("", max_length=40, description="The shelf; empty: none.")


class PlacesIn(Schema):
    warehouse_id: UUID
    places: list[PlaceIn] = Field(min_length=1, max_length=10_000)

    each_once = named_once("places", "product_id")


class PlacesOut(Schema):
    products: int


Carried = Annotated[Decimal, Field(gt=0, lt=1_000_000, max_digits=9, decimal_places=3), PlainSerializer(
    plain, return_type=str, when_used="json-unless-none")]  # fmt: skip


class RouteVehicleIn(Schema):
    """Nothing: the route waits for a vehicle again. `over` overloads it knowingly, with a `reason`."""

    vehicle_id: UUID | None = None
    over: bool = False
    reason: str = Field("", max_length=200)


class VehicleIn(Schema):
    """`stops` is how many deliveries fit on a day; `zones` are cities, districts or the beginnings of post codes."""

    warehouse_id: UUID
    plate: str = Field(min_length=1, max_length=20)
    name: str = Field("", max_length=80)
    driver: str = Field("", max_length=120, description="Empty: the name of the account.")
    driver_user_id: UUID | None = Field(None, description="Whose phone shows the stops.")
    stops: int = Field(30, ge=1, le=1_000)
    zones: list[Annotated[str, Field(max_length=80)]] = Field(default_factory=list, max_length=50)
    max_weight: Carried | None = Field(None, description="Kilograms that it may carry on a day.")
    max_volume: Carried | None = Field(None, description="Cubic metres that fit into it on a day.")


class VehicleOut(VehicleIn):
    id: UUID
    archived_at: datetime | None


class RouteQuery(MovedQuery):
    """`day` is the day that is planned."""

    day: date | None = None


class RouteRow(Schema):
    id: UUID
    number: str
    date: date
    warehouse_id: UUID
    vehicle_id: UUID | None
    driver: str
    driver_user_id: UUID | None
    version: int
    created_at: datetime


class RouteDriverIn(Schema):
    """A person with an account, whose phone then shows the stops; else somebody by `driver`, the name, only."""

    driver_user_id: UUID | None = None
    driver: str = Field("", max_length=120)


class StopOut(Schema):
    position: int
    delivery_id: UUID


class RouteOut(RouteRow):
    load: GoodsLoadOut
    stops: list[StopOut] = Field(validation_alias="stop_rows")


class LoadLineOut(Schema):
    """A delivery line; `quantity` in its unit, as much as was picked of it."""

    id: UUID
    delivery_id: UUID
    name: str
    sku: str
    quantity: Counted
    unit: str
    is_loaded: bool


class LoadStopOut(Schema):
    """Deliveries of one customer to one door. `grams` and `parcels` as booked; `cash` by currency is what is due."""

    place: int
    customer: str
    deliveries: list[str]
    parcels: int
    grams: int
    load: GoodsLoadOut
    cash: dict[str, Counted]
    lines: list[LoadLineOut]


class LoadOut(Schema):
    """In the order of unloading; a vehicle is loaded the other way round."""

    route_id: UUID
    number: str
    stops: list[LoadStopOut]


class LoadedIn(Schema):
    loaded: bool = True


class StopIn(Schema):
    position: int = Field(ge=1, le=100_000)


class PickListRow(Schema):
    id: UUID
    number: str
    date: date
    status: str
    warehouse_id: UUID
    route_id: UUID
    line_count: int
    done_count: int
    short_count: int
    version: int
    created_at: datetime


class TakenLot(Schema):
    """So many base units of a lot."""

    number: str = Field(min_length=1, max_length=40)
    quantity: Counted


class PickLineOut(Schema):
    """Quantities in base units. `picked` is null until it was fetched."""

    id: UUID
    position: int
    place: str
    product_id: UUID
    sku: str
    name: str
    unit: str
    quantity: Number
    picked: Number | None
    reason: str
    picker_id: UUID | None
    delivery_id: UUID
    codes: list[str]
    lots: list[TakenLot] = Field(description="Which lots to take, or those that were taken.")

    @staticmethod
    def resolve_lots(line: Any) -> list[dict[str, Any]]:
        return [{"number": number, "quantity": quantity} for number, _day, quantity in line.lots]


class PickListOut(PickListRow):
    lines: list[PickLineOut] = Field(validation_alias="line_rows")


class PickIn(Schema):
    """`key` is yours: what comes twice counts once. A quantity below what is asked needs a reason, and so do other
    `lots` than were proposed."""

    key: UUID
    quantity: Counted
    reason: str = Field("", max_length=200)
    lots: list[TakenLot] = Field(default_factory=list, max_length=500)


class HandingBackIn(Schema):
    everyones: bool = False


class PickedOut(Schema):
    id: UUID
    quantity: Number
    picked: Number | None
    short_reason: str
