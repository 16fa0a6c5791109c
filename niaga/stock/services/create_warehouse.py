from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor, access_of
from niaga.stock.models import Warehouse


@transaction.atomic
def create_warehouse(*, company_id: UUID, branch_id: UUID, code: str, name: str, by: Actor) -> Warehouse:
    """Add a place where goods are kept.

    :raises Forbidden: the person may not manage settings
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    return Warehouse.objects.create(company_id=company_id, branch_id=branch_id, code=code, name=name)
