from datetime import datetime
from decimal import Decimal

from django.db import transaction

from niaga.core.errors import Invalid
from niaga.payments.models import GatewayAccount, SandboxCharge


@transaction.atomic
def take_sandbox_charge(
    *, account: GatewayAccount, key: str, number: str, amount: Decimal, method: str, expires_at: datetime, at: datetime
) -> SandboxCharge:
    """The sandbox takes a bill; one with this key is there once, as gateways promise.

    :raises Invalid: no key, or an amount that cannot be
    """
    if not 0 < len(key) <= 60 or not 0 < amount < 10**12 or amount != int(amount):
        raise Invalid()
    charge, _made = SandboxCharge.objects.get_or_create(
        account=account, key=key,
        defaults={"number": number[:60], "amount": amount, "method": method[:10], "expires_at": expires_at,
                  "created_at": at},
    )  # fmt: skip
    return charge
