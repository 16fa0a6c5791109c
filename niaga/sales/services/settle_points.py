from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.pricing.queries.earn_rule import earn_rule
from niaga.pricing.services.earn_points import earn_points
from niaga.pricing.services.give_back_points import give_back_points
from niaga.pricing.services.take_back_points import take_back_points
from niaga.sales.queries.points import (
    IssuedDocument,
    credited_by,
    earning_invoices,
    orders_with_points,
    points_returned,
)


@transaction.atomic
def settle_points(*, invoice_id: UUID, at: datetime) -> None:
    """Do what an issued invoice or credit note means for its customer's points; told twice it changes nothing more.

    An invoice of orders earns by the programme of its day. A credit note takes back what the credited part had earned
    (an invoice that was not told yet is told first) and gives back the points its order had used for it, unless it is
    to be billed again.
    """
    for document in earning_invoices(invoice_ids=[invoice_id]):
        _earn(document, at)
        return
    credited = credited_by(note_id=invoice_id)
    if not credited:
        return
    for document in earning_invoices(invoice_ids=[one.invoice_id for one in credited]):
        _earn(document, at)
    for one in credited:
        take_back_points(
            customer_id=one.customer_id, earned_by=one.invoice_id, credited=one.lines, subject_kind="invoice",
            subject_id=invoice_id, number=one.number, at=at,
        )  # fmt: skip
    for order in orders_with_points(note_id=invoice_id):
        batch = Batch()
        give_back_points(
            batch=batch, source_id=order.id, used_on_source=order.points_amount,
            returned=points_returned(order_id=order.id), customer_id=order.customer_id, subject_kind="invoice",
            subject_id=invoice_id, number=credited[0].number, today=day_at(at=at, zone=order.zone), by=None, at=at,
        )  # fmt: skip
        batch.write()


def _earn(document: IssuedDocument, at: datetime) -> None:
    rule = earn_rule(company_id=document.company_id, on=document.date)
    if rule is None or rule.currency != document.currency:
        return
    earn_points(
        rule=rule, company_id=document.company_id, customer_id=document.customer_id, subject_kind="invoice",
        subject_id=document.id, number=document.number, on=document.date, lines=document.lines, at=at,
    )  # fmt: skip
