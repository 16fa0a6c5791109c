from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Branch, Company
from niaga.organization.services.check_values import check_zone, checked_code, checked_place
from niaga.organization.services.tracked import add_row, write


@transaction.atomic
def create_branch(
    *,
    company_id: UUID,
    code: str,
    name: str,
    zone: str = "",
    is_store: bool = False,
    nitku: str = "",
    street: str = "",
    city: str = "",
    phone: str = "",
    import_batch_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Branch:
    """Open a branch; its time zone is the company's unless it has its own.

    :raises Forbidden: `by` may not manage settings
    :raises BadValue: a code, time zone or NITKU that cannot be right
    :raises AlreadyTaken: the company has a branch of this code
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    company = Company.objects.get(pk=company_id)
    zone = zone or company.zone
    check_zone(zone)
    batch = Batch()
    values: dict[str, Any] = {
        "company_id": company_id,
        "code": checked_code(code),
        "name": name,
        "zone": zone,
        "is_store": is_store,
        "nitku": checked_place(nitku, npwp=company.npwp),
        "street": street,
        "city": city,
        "phone": phone,
        "import_batch_id": import_batch_id,
    }
    branch_id = add_row(batch=batch, model=Branch, kind="branch", values=values, by=by.id, at=at, company_id=company_id)
    write(batch, unique={"one_branch_code": "code"})
    return Branch.objects.get(pk=branch_id)
