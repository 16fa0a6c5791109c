"""Carriers, shipments, and what drivers tell of doors."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, etag, page_of
from niaga.core.clock import now
from niaga.organization.access import Actor, access_of
from niaga.shipping.api import doors
from niaga.shipping.api import schemas as shapes
from niaga.shipping.models import Carrier, Shipment, ShipmentEvent
from niaga.shipping.queries.carriers import get_carrier, shipping_settings, visible_carriers
from niaga.shipping.queries.shipments import get_shipment, label_of, visible_shipments
from niaga.shipping.queries.visits import get_visit
from niaga.shipping.services.archive_carrier import archive_carrier
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.cancel_shipment import cancel_shipment
from niaga.shipping.services.change_shipping_settings import change_shipping_settings
from niaga.shipping.services.choose_service import choose_service
from niaga.shipping.services.note_happened import note_happened
from niaga.shipping.services.retry_shipment import retry_shipment
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier
from niaga.shipping.services.share_tracking import share_tracking
from niaga.shipping.services.take_in_cash import take_in_cash
from niaga.stock.queries.deliveries import get_delivery

router = Router(tags=["shipping"])
router.add_router("", doors.router)


@router.get("/carriers", response=Page[shapes.CarrierOut], summary="List carriers")
def list_carriers(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Who brings the goods."""
    access_of(request.user).require("delivery", "view")
    return page_of(visible_carriers(by=request.user).order_by(), order=("name", "id"), query=query)


@router.post("/carriers", response={201: shapes.CarrierOut}, summary="Add a carrier")
def post_carrier(request: HttpRequest, response: HttpResponse, body: shapes.CarrierIn) -> Any:
    access = access_of(request.user)
    access.require("setting", "manage")
    key = save_carrier(
        details=CarrierDetails(**{**body.dict(), "secret": body.secret or ""}), company_id=access.current_company.id,
        by=request.user, at=now(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/carriers/{key}"
    return Status(201, get_carrier(carrier_id=key, by=request.user))


@router.get("/carriers/{carrier_id}", response=shapes.CarrierOut, summary="Show a carrier")
def read_carrier(request: HttpRequest, carrier_id: UUID) -> Any:
    access_of(request.user).require("delivery", "view")
    return get_carrier(carrier_id=carrier_id, by=request.user)


@router.put("/carriers/{carrier_id}", response=shapes.CarrierOut, summary="Change a carrier")
def put_carrier(request: HttpRequest, carrier_id: UUID, body: shapes.CarrierIn) -> Any:
    """Its kind never changes."""
    access_of(request.user).require("setting", "manage")
    held = get_carrier(carrier_id=carrier_id, by=request.user)
    save_carrier(
        details=CarrierDetails(**body.dict()), carrier_id=held.id, company_id=held.company_id, by=request.user, at=now()
    )
    return get_carrier(carrier_id=carrier_id, by=request.user)


def _archive(request: HttpRequest, carrier_id: UUID, archived: bool) -> Carrier:
    access_of(request.user).require("setting", "manage")
    get_carrier(carrier_id=carrier_id, by=request.user)
    return archive_carrier(carrier_id=carrier_id, archived=archived, by=request.user, at=now())


@router.put("/carriers/{carrier_id}/archive", response=shapes.CarrierOut, summary="Put a carrier away")
def put_carrier_archive(request: HttpRequest, carrier_id: UUID) -> Any:
    return _archive(request, carrier_id, True)


@router.delete("/carriers/{carrier_id}/archive", response=shapes.CarrierOut, summary="Take a carrier back")
def delete_carrier_archive(request: HttpRequest, carrier_id: UUID) -> Any:
    return _archive(request, carrier_id, False)


@router.get("/shipping-settings", response=shapes.ShippingSettingsIn, summary="Show what is told and kept")
def read_shipping_settings(request: HttpRequest) -> Any:
    access = access_of(request.user)
    access.require("setting", "view")
    return shipping_settings(access.current_company.id)


@router.put("/shipping-settings", response=shapes.ShippingSettingsIn, summary="Say what is told and kept")
def put_shipping_settings(request: HttpRequest, body: shapes.ShippingSettingsIn) -> Any:
    """Whether customers are mailed when goods leave, and for how many days a driver's position is kept."""
    here = access_of(request.user).current_company
    return change_shipping_settings(company_id=here.id, by=request.user, at=now(), **body.dict())


def _answer(response: HttpResponse, shipment_id: UUID, by: Actor) -> Shipment:
    found = get_shipment(shipment_id=shipment_id, by=by)
    found._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "events": list(ShipmentEvent.objects.filter(shipment_id=found.id).order_by("at", "id"))
    }
    response["ETag"] = etag(found.version)
    response["Location"] = f"/api/v1/shipments/{shipment_id}"
    return found


@router.get("/shipments", response=Page[shapes.ShipmentRow], summary="List shipments")
def list_shipments(request: HttpRequest, query: Query[shapes.ShipmentQuery]) -> Any:
    """Shipments of the deliveries you may see, the newest first."""
    access_of(request.user).require("delivery", "view")
    asked = {"delivery_id": query.delivery_id, "carrier_id": query.carrier_id, "status": query.status}
    rows = visible_shipments(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-created_at", "-id"), query=query)


@router.post("/shipments", response={201: shapes.ShipmentsOut}, summary="Give deliveries to a carrier")
def post_shipments(request: HttpRequest, body: shapes.ShipmentsIn) -> Any:
    """The own fleet and a courier have them at once; a carrier over the internet is asked by a job."""
    access_of(request.user).require("delivery", "ship")
    get_carrier(carrier_id=body.carrier_id, by=request.user)
    facts = body.dict(exclude={"delivery_ids", "carrier_id"})
    made = book_shipments(
        delivery_ids=body.delivery_ids, carrier_id=body.carrier_id, details=ShipmentDetails(**facts), by=request.user,
        at=now(),
    )  # fmt: skip
    return Status(201, {"shipment_ids": made})


@router.get("/shipments/{shipment_id}", response=shapes.ShipmentOut, summary="Show a shipment")
def read_shipment(request: HttpRequest, response: HttpResponse, shipment_id: UUID) -> Any:
    """With what happened to it, by when it happened."""
    return _answer(response, shipment_id, request.user)


@router.get("/shipments/{shipment_id}/label", summary="Get a shipment's label")
def read_label(request: HttpRequest, shipment_id: UUID) -> Any:
    """The carrier's PDF."""
    found = get_shipment(shipment_id=shipment_id, by=request.user)
    return HttpResponse(label_of(shipment_id=found.id), content_type="application/pdf")


@router.post("/shipments/{shipment_id}/service", response=shapes.ShipmentOut, summary="Choose a carrier's service")
def post_service(request: HttpRequest, response: HttpResponse, shipment_id: UUID, body: shapes.ServiceIn) -> Any:
    """Take one of the offers; a job books it."""
    get_shipment(shipment_id=shipment_id, by=request.user)
    choose_service(shipment_id=shipment_id, service=body.service, by=request.user, at=now())
    return Status(200, _answer(response, shipment_id, request.user))


@router.post("/shipments/{shipment_id}/retry", response=shapes.ShipmentOut, summary="Book a shipment again")
def post_shipment_retry(request: HttpRequest, response: HttpResponse, shipment_id: UUID) -> Any:
    """Of one that failed or is uncertain, under the same key."""
    get_shipment(shipment_id=shipment_id, by=request.user)
    retry_shipment(shipment_id=shipment_id, by=request.user, at=now())
    return Status(200, _answer(response, shipment_id, request.user))


@router.post("/shipments/{shipment_id}/cancellation", response=shapes.ShipmentOut, summary="Call a shipment off")
def post_shipment_cancellation(
    request: HttpRequest, response: HttpResponse, shipment_id: UUID, body: shapes.CallOffIn | None = None
) -> Any:
    """Its delivery can go with another carrier."""
    get_shipment(shipment_id=shipment_id, by=request.user)
    facts = body.dict() if body else {"reason": ""}
    cancel_shipment(shipment_id=shipment_id, by=request.user, at=now(), **facts)
    return Status(200, _answer(response, shipment_id, request.user))


@router.post("/shipments/{shipment_id}/events", response=shapes.ShipmentOut, summary="Write down what happened")
def post_shipment_event(
    request: HttpRequest, response: HttpResponse, shipment_id: UUID, body: shapes.HappenedIn
) -> Any:
    """As a courier told it by word of mouth; a delivered shipment delivers its delivery."""
    get_shipment(shipment_id=shipment_id, by=request.user)
    note_happened(shipment_id=shipment_id, by=request.user, at=now(), **body.dict())
    return Status(200, _answer(response, shipment_id, request.user))


@router.post(
    "/deliveries/{delivery_id}/tracking-links", response={201: shapes.TrackingOut}, summary="Make a tracking link"
)
def post_tracking_link(request: HttpRequest, delivery_id: UUID) -> Any:
    """The address of the customer's own page; it is told this once."""
    get_delivery(delivery_id=delivery_id, by=request.user)
    return Status(201, {"url": share_tracking(delivery_id=delivery_id, by=request.user, at=now())})


@router.post("/visits/{visit_id}/cash", response=shapes.TakenInOut, summary="Take in the money of a door")
def post_cash(request: HttpRequest, visit_id: UUID) -> Any:
    """The payment that records it, once."""
    get_visit(visit_id=visit_id, by=request.user)
    return Status(200, {"payment_id": take_in_cash(visit_id=visit_id, by=request.user, at=now())})
