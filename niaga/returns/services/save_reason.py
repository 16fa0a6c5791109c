from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of
from niaga.returns.models import Fault, ReturnReason


@transaction.atomic
def save_reason(
    *,
    company_id: UUID,
    code: str,
    name_id: str,
    name_en: str,
    fault: str = Fault.OURS,
    fee_percent: Decimal = Decimal(0),
    customer_pays_freight: bool = False,
    archive: bool = False,
    reason_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Add a reason why things come back, change it, or put it away. Returns that name it keep it, and their fee.

    :raises NotFound: no such reason
    :raises Forbidden: the person may not change settings
    :raises Invalid: code or a name is missing or too long, or the fee is no share
    """
    access_of(by).require("setting", "change", company_id=company_id)
    findings = Findings()
    values = check_values(
        ReturnReason, {"code": code.strip().upper(), "name_id": name_id, "name_en": name_en}, findings=findings
    )
    findings.raise_if_any()
    if fault not in Fault.values:
        raise Invalid(field="fault")
    if not 0 <= fee_percent < 100:
        raise Invalid(_("A fee is from 0 to less than 100 percent."), field="fee_percent")
    values |= {"fault": fault, "fee_percent": fee_percent, "customer_pays_freight": customer_pays_freight}
    row = {**values, "archived_at": at if archive else None}
    batch = Batch()
    if reason_id is None:
        reason_id = new_id()
        batch.insert(ReturnReason, [{"id": reason_id, "company_id": company_id, **row}])
    else:
        batch.update(ReturnReason, where={"id": reason_id, "company_id": company_id}, values=row, refusal=NotFound)
    record(
        batch=batch, subject_kind="return_reason", subject_id=reason_id, verb="save", by=by.id, at=at,
        company_id=company_id, data={**values, "fee_percent": str(fee_percent), "archived": archive},
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise Invalid(_("Another reason has this code."), field="code") from error
    return reason_id
