import json
from uuid import UUID

import httpx
from django.conf import settings

from niaga.payments.models import SandboxCharge
from niaga.payments.queries.gateway_accounts import keys_of
from niaga.payments.rules.gateways.sandbox.behaviours import BEHAVIOURS, Word
from niaga.payments.rules.gateways.sandbox.hooks import signature


def tell_of_sandbox(*, charge_id: UUID, behaviour: str) -> list[int]:
    """The sandbox calls us, as a gateway over the net would. Called by jobs only. The answers' statuses."""
    charge = SandboxCharge.objects.select_related("account").get(pk=charge_id)
    _gateway, keys = keys_of(charge.account)
    address = f"{settings.GATEWAY_URLS['sandbox'].removesuffix('/sandbox')}/hooks/gateways/{charge.account.hook_path}"
    statuses = []
    for word in BEHAVIOURS[behaviour].words:
        body = words_of(charge, word)
        sign = signature(body, keys.secret if word.signed else "another key")
        headers = {"Content-Type": "application/json", "X-Sandbox-Signature": sign}
        statuses.append(httpx.post(address, content=body, headers=headers, timeout=20, trust_env=False).status_code)
    return statuses


def words_of(charge: SandboxCharge, word: Word) -> bytes:
    amount = charge.paid_amount if charge.paid_amount is not None else charge.amount
    told = {
        "key": charge.key, "id": charge.id.hex, "state": word.state, "amount": str(amount), "event": word.event,
    }  # fmt: skip
    return json.dumps(told).encode()
