from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of
from niaga.parties.errors import CodeTaken
from niaga.parties.models import CustomerGroup


@transaction.atomic
def save_group(
    *,
    company_id: UUID,
    code: str,
    name: str,
    by: Actor,
    at: datetime,
    group_id: UUID | None = None,
    archive: bool = False,
) -> CustomerGroup:
    """Add a customer group, change it, or put it away (`archive`); its customers keep it.

    :raises NotFound: there is no such group
    :raises Forbidden: `by` may not change settings
    :raises Invalid: code or name is missing or too long
    :raises CodeTaken: another group has the code
    """
    access_of(by).require("setting", "change", company_id=company_id)
    findings = Findings()
    values = check_values(CustomerGroup, {"code": code, "name": name}, findings=findings)
    findings.raise_if_any()
    values["archived_at"] = at if archive else None
    batch = Batch()
    if group_id is None:
        group_id = new_id()
        batch.insert(CustomerGroup, [{"id": group_id, "company_id": company_id, **values}])
    else:
        batch.update(CustomerGroup, where={"id": group_id, "company_id": company_id}, values=values, refusal=NotFound)
    record(batch=batch, subject_kind="customer_group", subject_id=group_id, verb="save", by=by.pk, at=at,
           company_id=company_id, data=values)  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise CodeTaken(field="code") from error
    return CustomerGroup(id=group_id, company_id=company_id, **values)
