"""What happened at doors, for the office: the visits, those that need a next step, and what drivers handed in."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.users import name_of
from niaga.shipping.models import CashTakenIn, DeliveryVisit, DoorReport
from niaga.stock.queries.deliveries import visible_deliveries


def _seen(by: Actor) -> Q:
    return access_of(by).filter(
        "delivery", company="delivery__company_id", branch="delivery__branch_id",
        salesperson="delivery__salesperson_id",
    )  # fmt: skip


def visible_visits(*, by: Actor) -> QuerySet[DeliveryVisit]:
    """Visits at the doors of deliveries that the person may see, each with `who` was there and whether it is `settled`:
    the goods arrived, or a later visit or day follows; and whether its money is still with the driver."""
    handed_in = CashTakenIn.objects.filter(visit_id=OuterRef("pk"))
    return (
        DeliveryVisit.objects.filter(_seen(by))
        .select_related("delivery__customer")
        .annotate(
            who=name_of("by"),
            has_cash=Case(
                When(Q(cash__isnull=False) & ~Exists(handed_in), then=Value(True)), default=Value(False),
                output_field=BooleanField(),
            ),
        )
    )  # fmt: skip


def matching_visits(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(
        Q(delivery__number__icontains=text) | Q(delivery__customer__name__icontains=text)
        | Q(received_by__icontains=text)
    )  # fmt: skip


def doors_to_settle(*, by: Actor, today: date) -> QuerySet[Any]:
    """Deliveries on the road whose driver came in vain, for which no day is planned that has still to come."""
    came = DeliveryVisit.objects.filter(delivery_id=OuterRef("pk"), outcome="failed")
    undecided = came.filter(Q(next_date=None) | Q(next_date__lt=today), at__date__gte=OuterRef("planned_date"))
    open_day = Q(planned_date=None) | Q(planned_date__lt=today) | Q(Exists(undecided))
    rows = visible_deliveries(by=by).filter(open_day, Exists(came), status="shipped")
    return rows.select_related("customer").order_by("planned_date", "id")


def open_reports(*, by: Actor) -> QuerySet[DoorReport]:
    """What drivers handed in and nobody dealt with, the oldest first."""
    rows = DoorReport.objects.filter(_seen(by), end=None).select_related("delivery__customer")
    return rows.annotate(who=name_of("by")).order_by("received_at", "id")


def doors_in_need(*, by: Actor, today: date) -> QuerySet[Any]:
    """Deliveries that wait for somebody's word: their driver came in vain, or handed something in."""
    in_vain = doors_to_settle(by=by, today=today).order_by().values("pk")
    handed_in = open_reports(by=by).order_by().values("delivery_id")
    return visible_deliveries(by=by).filter(Q(pk__in=in_vain) | Q(pk__in=handed_in))


def get_report(*, report_id: UUID, by: Actor) -> DoorReport:
    """:raises NotFound: none, or none at a delivery that the person may see"""
    found = DoorReport.objects.filter(_seen(by), pk=report_id).select_related("delivery").first()
    if found is None:
        raise NotFound()
    return found
