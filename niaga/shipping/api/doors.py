"""Doors: a driver's day, what was told of doors, and what was handed to the office."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.shipping.api import schemas as shapes
from niaga.shipping.errors import BadVisit
from niaga.shipping.queries.doors import get_report, open_reports, visible_visits
from niaga.shipping.queries.drivers_day import Stop, drivers_day
from niaga.shipping.rules.visit import NotAVisit, Visit, read_visit
from niaga.shipping.services.answer_position import answer_position
from niaga.shipping.services.end_report import end_report
from niaga.shipping.services.hand_in_report import hand_in_report
from niaga.shipping.services.plan_next_try import plan_next_try
from niaga.shipping.services.record_visit import record_visit
from niaga.stock.queries.deliveries import get_delivery

router = Router(tags=["shipping"])


@router.get("/my-stops", response=shapes.DriverDayOut, summary="Show a driver's own day")
def read_my_stops(request: HttpRequest) -> Any:
    """Today's stops of your own routes in their order, late ones first; no price but what is to be collected."""
    day = drivers_day(by=request.user, at=now())
    return {"date": day.today, "stops": [_stop(one) for one in day.stops]}


def _stop(stop: Stop) -> dict[str, Any]:
    row, delivery = stop.row, stop.row.delivery
    return {
        "delivery_id": delivery.id, "number": delivery.number, "route": row.route.number, "position": row.position,
        "customer": delivery.customer.name, "address": delivery.address or {}, "note": delivery.note,
        "deliveries": [{"delivery_id": one.delivery_id, "number": one.delivery.number} for one in stop.rows],
        "state": stop.state, "is_late": row.is_late, "lines": list(stop.lines), "collect": stop.collect,
    }  # fmt: skip


@router.put("/position-consent", response=shapes.PositionConsentIn, summary="Say whether positions may be kept")
def put_position_consent(request: HttpRequest, body: shapes.PositionConsentIn) -> Any:
    """Your own yes or no, as a driver; it can be taken back at any time."""
    return {"is_given": answer_position(is_given=body.is_given, by=request.user, at=now())}


def _read(body: shapes.VisitIn) -> Visit:
    try:
        return read_visit(shapes.told(body))
    except NotAVisit as error:
        raise BadVisit(field=error.field) from error


@router.get("/deliveries/{delivery_id}/visits", response=list[shapes.VisitOut], summary="List the visits at a door")
def list_visits(request: HttpRequest, delivery_id: UUID) -> Any:
    """The newest first, with what proves each: photos and the signature are attachments of the delivery."""
    get_delivery(delivery_id=delivery_id, by=request.user)
    return visible_visits(by=request.user).filter(delivery_id=delivery_id).order_by("-at", "-id")[:100]


@router.post("/deliveries/{delivery_id}/visits", response=shapes.VisitOut, summary="Tell of a door")
def post_visit(request: HttpRequest, delivery_id: UUID, body: shapes.VisitIn) -> Any:
    """Delivered, in part or not, with what proves it; by who may record deliveries, or drives this one."""
    return Status(200, record_visit(delivery_id=delivery_id, visit=_read(body), by=request.user, at=now()))


@router.post("/deliveries/{delivery_id}/next-try", response=shapes.NextTryIn, summary="Plan the next try")
def post_next_try(request: HttpRequest, delivery_id: UUID, body: shapes.NextTryIn) -> Any:
    """Of a delivery whose driver came in vain."""
    get_delivery(delivery_id=delivery_id, by=request.user)
    day = plan_next_try(delivery_id=delivery_id, next_date=body.next_date, by=request.user, at=now())
    return Status(200, {"next_date": day})


@router.post(
    "/deliveries/{delivery_id}/door-reports", response=shapes.DoorReportKeyOut, summary="Hand in a refused visit"
)
def post_door_report(request: HttpRequest, delivery_id: UUID, body: shapes.DoorReportIn) -> Any:
    """Keeps for the office what could not be taken as a visit."""
    key = hand_in_report(
        delivery_id=delivery_id, visit=_read(body), code=body.refused_code, words=body.refused_words,
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, {"id": key})


@router.get("/door-reports", response=Page[shapes.DoorReportOut], summary="List what drivers handed in")
def list_door_reports(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """What nobody has dealt with yet, the oldest first."""
    access_of(request.user).require("delivery", "view")
    return page_of(open_reports(by=request.user), order=("received_at", "id"), query=query)


@router.post("/door-reports/{report_id}/taking", response=shapes.DoorReportEndOut, summary="Take a report as a visit")
def post_taking(request: HttpRequest, report_id: UUID) -> Any:
    """With the photos and the signature that were handed in."""
    get_report(report_id=report_id, by=request.user)
    return Status(200, {"delivery_id": end_report(report_id=report_id, take=True, by=request.user, at=now())})


@router.post("/door-reports/{report_id}/closing", response=shapes.DoorReportEndOut, summary="Close a report")
def post_closing(request: HttpRequest, report_id: UUID, body: shapes.DoorReportEndIn) -> Any:
    """With a word why it is not taken."""
    get_report(report_id=report_id, by=request.user)
    done = end_report(report_id=report_id, take=False, note=body.note, by=request.user, at=now())
    return Status(200, {"delivery_id": done})
