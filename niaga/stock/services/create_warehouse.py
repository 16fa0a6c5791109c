from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import now
from niaga.core.errors import Invalid, NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.branches import branch_facts
from niaga.stock.models import Warehouse


class CodeTaken(Invalid):
    code = "code_taken"
    text = _("Another warehouse has this code.")


@transaction.atomic
def create_warehouse(
    *, company_id: UUID, branch_id: UUID, code: str, name: str, by: Actor, at: datetime | None = None
) -> Warehouse:
    """Add a place where goods are kept.

    :raises Forbidden: the person may not manage settings
    :raises NotFound: the branch is not the company's
    :raises Invalid: without code or name
    :raises CodeTaken: the company has a warehouse of this code
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    check_branch(branch_id, company_id)
    warehouse = Warehouse(company_id=company_id, branch_id=branch_id, **checked_place(code, name))
    save_place(warehouse, "create", by, at or now())
    return warehouse


def check_branch(branch_id: UUID, company_id: UUID) -> None:
    """:raises NotFound: the branch is not the company's"""
    if branch_facts(branch_id).company_id != company_id:
        raise NotFound(field="branch_id")


def checked_place(code: str, name: str) -> dict[str, str]:
    """:raises Invalid: without code or name"""
    if not code.strip():
        raise Invalid(_("Give the warehouse a short code."), field="code")
    if not name.strip():
        raise Invalid(_("Give the warehouse a name."), field="name")
    return {"code": code.strip().upper()[:20], "name": name.strip()[:80]}


def save_place(warehouse: Warehouse, verb: str, by: Actor, at: datetime) -> None:
    """Write a warehouse and the audit row.

    :raises CodeTaken: the company has another one of this code
    """
    try:
        with transaction.atomic():
            warehouse.save()
    except IntegrityError as error:
        if "one_warehouse_code" in str(error):
            raise CodeTaken(field="code") from error
        raise
    batch = Batch()
    record(
        batch=batch, subject_kind="warehouse", subject_id=warehouse.id, verb=verb, by=by.id, at=at,
        company_id=warehouse.company_id, data={"code": warehouse.code, "name": warehouse.name},
    )  # fmt: skip
    batch.write()
