from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Company
from niaga.organization.services.check_values import BadValue, checked_profile
from niaga.organization.services.tracked import change_row, write


@transaction.atomic
def change_company(*, company_id: UUID, by: Actor, at: datetime, **values: Any) -> Company:
    """Change a company's profile. Documents already issued keep what they say.

    :raises Forbidden: `by` may not manage settings
    :raises BadValue: a code, tax number, time zone or address that cannot be right; or another currency
    :raises AlreadyTaken: the code is another company's
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    company = Company.objects.select_for_update().filter(pk=company_id).first()
    if company is None:
        raise NotFound()
    if values.get("currency", company.currency) != company.currency:
        raise BadValue(_("A company keeps its currency: its books are in it."), field="currency")
    facts = checked_profile({"npwp": company.npwp, **values})
    batch = Batch()
    change_row(batch=batch, row=company, kind="company", values=facts, by=by.id, at=at, company_id=company_id)
    write(batch, unique={"organization_company_code": "code"})
    return company
