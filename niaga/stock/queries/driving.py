"""What a driver brings: the stops of their own routes, and who may tell of a door."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.people_with import people_with
from niaga.organization.queries.users import user_names
from niaga.stock.errors import NotYourStop
from niaga.stock.models import Delivery, RouteStop

LATE_DAYS = 45
"""What was planned longer ago and never arrived is the office's to clear up."""


def _mine(by: Actor) -> Q:
    """Stops of routes that `by` drives, in the companies where they may."""
    access = access_of(by)
    here = [key for key in access.company_ids if access.allows("delivery", "drive", key)]
    return Q(route__driver_user_id=by.id, route__company_id__in=here) if by.id and here else Q(pk__in=())


def stops_to_drive(*, by: Actor, today: date, since: datetime) -> QuerySet[RouteStop]:
    """Today's stops of the person's own routes, and earlier ones whose goods did not arrive: those first.

    `since` is when today began. What is to be tried again on a later day shows then. `day` is when it is to be there.

    :raises Forbidden: the person may not drive
    """
    access_of(by).require("delivery", "drive")
    again = Greatest("route__date", "delivery__planned_date")
    rows = RouteStop.objects.filter(_mine(by), route__company_id=access_of(by).current_company.id)
    rows = rows.annotate(
        day=Case(
            When(delivery__status="shipped", delivery__planned_date__isnull=False, then=again),
            default=F("route__date"), output_field=DateField(),
        ),
        is_late=Case(When(delivery__status="shipped", day__lt=today, then=Value(True)), default=Value(False)),
    )  # fmt: skip
    wanted = (
        Q(route__date=today)
        | Q(delivery__status="shipped", day__lte=today, route__date__gte=today - timedelta(days=LATE_DAYS))
        | Q(delivery__status="delivered", delivery__proof__at__gte=since)
    )
    return (
        rows.filter(wanted)
        .select_related("route__vehicle", "route__warehouse", "delivery__customer", "delivery__joint")
        .order_by("-is_late", "day", "route__number", "position", "id")
    )


def get_own_stop(*, delivery_id: UUID, by: Actor) -> Delivery:
    """The delivery as who drives it may see it.

    :raises NotFound: none, or none of a company where the person drives
    :raises NotYourStop: the person does not drive this one, or not any more
    """
    access = access_of(by)
    here = [key for key in access.company_ids if access.allows("delivery", "drive", key)]
    is_mine = Exists(RouteStop.objects.filter(_mine(by), delivery_id=OuterRef("pk")))
    rows = Delivery.objects.select_related("customer", "company", "branch").annotate(is_mine=is_mine)
    found = rows.filter(company_id__in=here, pk=delivery_id).first()
    if found is None:
        raise NotFound()
    if not found.is_mine:
        raise NotYourStop()
    return found


def require_at_door(*, delivery: Delivery, by: Actor) -> None:
    """Of a door tells who may record deliveries there, or who drives it.

    :raises Forbidden: neither
    :raises NotYourStop: the person drives, but not this one, or not any more
    """
    access = access_of(by)
    if access.reaches("delivery", "deliver", delivery):
        return
    access.require("delivery", "drive", company_id=delivery.company_id)
    if not RouteStop.objects.filter(_mine(by), delivery_id=delivery.id).exists():
        raise NotYourStop()


def drivers_of(company_id: UUID) -> list[tuple[UUID, str]]:
    """Who may drive in a company, by name: for choices. Two statements."""
    found = user_names(people_with(company_id=company_id, kind="delivery", action="drive"))
    return sorted(found.items(), key=lambda one: one[1].casefold())
