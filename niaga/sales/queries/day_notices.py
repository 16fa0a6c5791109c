"""Who is told of promised days that change, and what waits to be told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.models import DayNotice, DayNoticeRule, SalesOrder, SalesOrderLine
from niaga.sales.rules.day_notice import LineDay

OPEN = ("asked", "waiting")


def notice_rules(*, company_id: UUID, customer_id: UUID) -> tuple[str, DayNoticeRule | None]:
    """The mode that holds for a customer, and the company's rule with its words. One statement."""
    rows = DayNoticeRule.objects.filter(Q(customer=None) | Q(customer=customer_id), company_id=company_id)
    found = list(rows.order_by(F("customer_id").asc(nulls_last=True)))
    company = next((row for row in found if row.customer_id is None), None)
    return (found[0].mode if found else "none"), company


def own_notice_rule(*, company_id: UUID, customer_id: UUID | None) -> DayNoticeRule | None:
    """The rule of just this customer, or of the company. The caller has checked access."""
    whose = Q(customer=None) if customer_id is None else Q(customer_id=customer_id)
    return DayNoticeRule.objects.filter(whose, company_id=company_id).first()


def notice_subject(*, by: Actor, company_id: UUID, customer_id: UUID | None) -> Any:
    """Whose rule is asked about, for who may set it; None: the company's.

    :raises NotFound: no such customer for this person
    :raises Forbidden: the person may not change customers, or of the company's rule settings
    """
    if customer_id is None:
        access_of(by).require("setting", "manage", company_id=company_id)
        return None
    customer = customer_for(by, customer_id)
    access_of(by).require("customer", "change", customer)
    return customer


def open_notice(*, order_id: UUID) -> DayNotice | None:
    """What of an order waits to be told, or to be decided on."""
    return DayNotice.objects.filter(order_id=order_id, state__in=OPEN).first()


def due_notices(*, at: datetime) -> list[UUID]:
    """The orders of which something is to be told by now, the oldest first."""
    rows = DayNotice.objects.filter(state="waiting", due_at__lte=at).order_by("due_at", "id")
    return list(rows.values_list("order_id", flat=True)[:500])


def line_days(order: SalesOrder) -> list[LineDay]:
    """The lines of an order that have not left, with the days they are promised for."""
    rows = SalesOrderLine.objects.filter(order_id=order.pk, product_id__isnull=False)
    rows = rows.filter(shipped__lt=F("quantity") - F("cancelled")).order_by("position")
    return [
        LineDay(key, text, own or order.planned_date)
        for key, text, own in rows.values_list("id", "description", "planned_date")
    ]
