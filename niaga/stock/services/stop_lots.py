from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.catalog.services.keep_by_lot import keep_by_lot
from niaga.organization.access import Actor
from niaga.stock.errors import LotsHere
from niaga.stock.queries.levels import places_of
from niaga.stock.services.lock_levels import lock_levels


@transaction.atomic
def stop_lots(*, product_id: UUID, by: Actor, at: datetime) -> None:
    """No longer keep a product by lot: only when there is none of it anywhere. Its lots stay with their history.

    :raises NotFound: no such product
    :raises Forbidden: the person may not change products
    :raises WrongState: it is not kept by lot
    :raises LotsHere: there is some of it
    """
    keep_by_lot(product_id=product_id, is_kept=False, by=by, at=at)
    held = lock_levels(keys=[(place_id, product_id) for place_id in places_of(product_id=product_id)])
    if any(on_hand for on_hand, _held in held.values()):
        raise LotsHere()
