from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.shipping.models import Shipment
from niaga.shipping.queries.shipments import lock_shipment
from niaga.shipping.rules.carriers.shape import Happened
from niaga.shipping.rules.shipment_flow import ASKED, Reached
from niaga.shipping.services.take_told import take_told


@transaction.atomic
def note_happened(
    *, shipment_id: UUID, state: str, words: str = "", place: str = "", by: Actor, at: datetime
) -> Shipment:
    """Write down what became of a shipment, as a courier told it by word of mouth.

    :raises NotFound: no such shipment
    :raises Forbidden: the person may not record deliveries
    :raises WrongState: it is not on its way
    :raises Invalid: no such state
    """
    shipment = lock_shipment(shipment_id=shipment_id)
    access_of(by).require("delivery", "deliver", shipment)
    if shipment.status not in ASKED:
        raise WrongState()
    if state not in {one.value for one in Reached if one is not Reached.BOOKED}:
        raise Invalid(_("Choose what happened."), field="state")
    told = Happened(new_id().hex, Reached(state), at, words.strip()[:200], place.strip()[:120])
    take_told(shipment=shipment, events=[told], by=by.id, at=at)
    return shipment
