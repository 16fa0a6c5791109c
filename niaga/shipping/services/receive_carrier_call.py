from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from niaga.core.services.receive_call import receive_call
from niaga.shipping.models import Carrier
from niaga.shipping.queries.carriers import keys_of
from niaga.shipping.services.take_carrier_call import SOURCE, sealed_body


@transaction.atomic
def receive_carrier_call(*, carrier: Carrier, body: bytes, headers: Mapping[str, str], at: datetime) -> bool:
    """Keep a call to a carrier's address before anything is done about it. Whether it is the carrier's own.

    One that is not proved is only counted. `headers` have small letters.
    """
    shape, keys = keys_of(carrier)
    if shape.is_signed(body, headers, keys):
        key = f"{carrier.id.hex}:{shape.event_key(body)}"
        receive_call(source=SOURCE, key=key, body=sealed_body(carrier.id, body), company_id=carrier.company_id, at=at)
        return True
    Carrier.objects.filter(pk=carrier.pk).update(refused_calls=F("refused_calls") + 1, refused_at=at)
    return False
