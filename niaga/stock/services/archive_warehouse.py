from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import WarehouseInUse
from niaga.stock.models import Delivery, StockLevel, Warehouse
from niaga.stock.services.create_warehouse import save_place


@transaction.atomic
def archive_warehouse(*, warehouse_id: UUID, by: Actor, at: datetime) -> Warehouse:
    """Close a warehouse that is empty; done again, open it again.

    :raises NotFound: no such warehouse
    :raises Forbidden: the person may not manage settings
    :raises WarehouseInUse: goods are in it, or deliveries still leave from it
    """
    warehouse = Warehouse.objects.select_for_update().filter(pk=warehouse_id, is_direct=False).first()
    if warehouse is None:
        raise NotFound()
    access_of(by).require("setting", "manage", company_id=warehouse.company_id)
    if warehouse.archived_at is None:
        holds = StockLevel.objects.filter(warehouse_id=warehouse_id, on_hand__gt=0).exists()
        ships = Delivery.objects.filter(warehouse_id=warehouse_id, status__in=("draft", "picking")).exists()
        if holds or ships:
            raise WarehouseInUse()
    warehouse.archived_at = at if warehouse.archived_at is None else None
    save_place(warehouse, "archive" if warehouse.archived_at else "restore", by, at)
    return warehouse
