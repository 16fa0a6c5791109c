from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Warehouse
from niaga.stock.services.create_warehouse import check_branch, checked_place, save_place


@transaction.atomic
def change_warehouse(
    *, warehouse_id: UUID, code: str, name: str, branch_id: UUID, by: Actor, at: datetime
) -> Warehouse:
    """Rename a warehouse, or give it to another branch.

    :raises NotFound: no such warehouse, or the branch is not its company's
    :raises Forbidden: the person may not manage settings
    :raises Invalid: without code or name
    :raises CodeTaken: the company has another one of this code
    """
    warehouse = Warehouse.objects.select_for_update().filter(pk=warehouse_id, is_direct=False).first()
    if warehouse is None:
        raise NotFound()
    access_of(by).require("setting", "manage", company_id=warehouse.company_id)
    check_branch(branch_id, warehouse.company_id)
    for name_, value in checked_place(code, name).items():
        setattr(warehouse, name_, value)
    warehouse.branch_id = branch_id
    save_place(warehouse, "change", by, at)
    return warehouse
