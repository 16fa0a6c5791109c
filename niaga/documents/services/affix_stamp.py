import re
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.documents.errors import NoStampDuty, StampTaken
from niaga.documents.models import AffixedStamp
from niaga.organization.access import Actor

SERIAL = re.compile(r"[0-9A-Z]{8,40}")


@transaction.atomic
def affix_stamp(
    *, subject_kind: str, subject_id: UUID, company_id: UUID, duty: Decimal, serial: str, by: Actor, at: datetime
) -> str:
    """Note the e-meterai that was put on a document, by its serial number; once more puts a wrong one right. Returns
    the number as it is kept.

    The caller has locked the document and checked rights.

    :raises NoStampDuty: it bears none
    :raises Invalid: this is no serial number
    :raises StampTaken: that e-meterai is on another document
    """
    if not duty:
        raise NoStampDuty()
    serial = "".join(serial.split()).replace("-", "").upper()
    if not SERIAL.fullmatch(serial):
        raise Invalid(_("The serial number has 8 to 40 letters and digits."), field="serial")
    if AffixedStamp.objects.filter(company_id=company_id, serial=serial).exclude(subject_id=subject_id).exists():
        raise StampTaken(field="serial")
    before = AffixedStamp.objects.filter(subject_id=subject_id).first()
    batch = Batch()
    values = {"serial": serial, "duty": duty, "at": at, "by": by.id}
    if before is None:
        row = {"id": new_id(), "company_id": company_id, "subject_kind": subject_kind, "subject_id": subject_id}
        batch.insert(AffixedStamp, [row | values])
    else:
        batch.update(AffixedStamp, where={"id": before.id}, values=values)
    record(
        batch=batch, subject_kind=subject_kind, subject_id=subject_id, verb="stamp", by=by.id, at=at,
        company_id=company_id, data={"serial": serial, "before": before.serial if before else ""},
    )  # fmt: skip
    try:
        batch.write()
    except IntegrityError as error:
        raise StampTaken(field="serial") from error
    return serial
