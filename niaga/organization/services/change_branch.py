from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Branch
from niaga.organization.services.check_values import check_zone, checked_code, checked_place
from niaga.organization.services.tracked import change_row, write


class HeadOfficeStays(WrongState):
    """A company always has its head office."""

    code = "head_office_stays"
    text = _("The head office cannot be archived.")


@transaction.atomic
def change_branch(*, branch_id: UUID, by: Actor, at: datetime, **values: Any) -> Branch:
    """Change a branch; `archived_at` closes it for new documents, None opens it again.

    :raises NotFound: no such branch
    :raises Forbidden: `by` may not manage settings
    :raises BadValue: a code, time zone or NITKU that cannot be right
    :raises AlreadyTaken: the company has another branch of this code
    :raises HeadOfficeStays: the head office would be archived
    """
    branch = Branch.objects.select_for_update(of=("self",)).select_related("company").filter(pk=branch_id).first()
    if branch is None:
        raise NotFound()
    access_of(by).require("setting", "manage", company_id=branch.company_id)
    if values.get("archived_at") is not None and branch.is_head:
        raise HeadOfficeStays()
    if "code" in values:
        values["code"] = checked_code(values["code"])
    if "zone" in values:
        check_zone(values["zone"])
    if "nitku" in values:
        values["nitku"] = checked_place(values["nitku"], npwp=branch.company.npwp)
    batch = Batch()
    change_row(batch=batch, row=branch, kind="branch", values=values, by=by.id, at=at, company_id=branch.company_id)
    write(batch, unique={"one_branch_code": "code"})
    return branch
