from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from niaga.core.services.receive_call import receive_call
from niaga.payments.models import GatewayAccount, RefusedCall
from niaga.payments.queries.gateway_accounts import keys_of
from niaga.payments.services.take_gateway_call import SOURCE, sealed_body

KEPT = 50
"""Calls that prove nothing, of an account: enough to see what is wrong, too few to fill a disk."""


@transaction.atomic
def receive_gateway_call(
    *, account: GatewayAccount, body: bytes, headers: Mapping[str, str], address: str | None, at: datetime
) -> bool:
    """Keep a call to an account's address before anything is done about it. Whether it is the gateway's own.

    One that is not proved is kept apart, to be seen by people, and nothing is ever done about it. `headers` have small
    letters.
    """
    gateway, keys = keys_of(account)
    if gateway.is_signed(body, headers, keys):
        key = f"{account.id.hex}:{gateway.event_key(body, headers)}"
        receive_call(source=SOURCE, key=key, body=sealed_body(account.id, body), company_id=account.company_id, at=at)
        return True
    text = body[:8000].decode(errors="replace").replace("\x00", "")[:2000]
    RefusedCall.objects.create(account=account, at=at, body=text, address=address)
    newest = RefusedCall.objects.filter(account=account).order_by("-at", "-id").values_list("pk", flat=True)[:KEPT]
    RefusedCall.objects.filter(account=account).exclude(pk__in=list(newest)).delete()
    return False
