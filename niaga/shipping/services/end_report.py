from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.shipping.errors import ReportEnded
from niaga.shipping.models import DoorReport, DoorReportEnd
from niaga.shipping.rules.visit import read_visit
from niaga.shipping.services.record_visit import record_visit
from niaga.stock.queries.together import lock_together


@transaction.atomic
def end_report(*, report_id: UUID, take: bool, note: str = "", by: Actor, at: datetime) -> UUID:
    """Take what a driver handed in as the visit it tells of, or close it with a word why not: the driver was
    at the door, and holds what was paid there. The delivery's id.

    :raises NotFound: no such report
    :raises Forbidden: the person may not record deliveries there
    :raises ReportEnded: it was dealt with before
    :raises Invalid: closed without a word
    :raises WrongState, BadVisit: see `record_visit`; it stays open
    """
    report = DoorReport.objects.filter(pk=report_id).first()
    if report is None:
        raise NotFound()
    members = lock_together(delivery_ids=[report.delivery_id])  # all that the verb below locks, before any of it
    delivery = next(one for one in members if one.id == report.delivery_id)
    access_of(by).require("delivery", "deliver", delivery)
    if DoorReportEnd.objects.filter(report_id=report.id).exists():
        raise ReportEnded()
    note = note.strip()[:300]
    if not take and not note:
        raise Invalid(field="note")
    if take:
        kept = [UUID(one) for one in report.photo_ids]
        visit = replace(read_visit(report.told), kept_photos=kept, kept_signature=report.signature_id)
        record_visit(delivery_id=delivery.id, visit=visit, told_by=report.by, by=by, at=at)
    batch = Batch()
    batch.insert(
        DoorReportEnd,
        [
            {
                "id": new_id(), "company_id": report.company_id, "report_id": report.id,
                "visit_id": report.id if take else None, "note": note, "at": at, "by": by.id,
            }
        ],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, verb="take_report" if take else "close_report",
        by=by.id, at=at, company_id=report.company_id, note=note,
    )  # fmt: skip
    batch.write()
    return delivery.id
