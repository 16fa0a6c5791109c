from decimal import Decimal

from django.db import transaction

from niaga.core.errors import NotFound
from niaga.payments.models import GatewayAccount, SandboxCharge


@transaction.atomic
def refund_sandbox_charge(*, account: GatewayAccount, key: str, refund_key: str, amount: Decimal) -> str:
    """The sandbox gives back a part of a paid bill, once a key: `paid`, or `failed` when it has not got so much.

    :raises NotFound: no such bill
    """
    charge = SandboxCharge.objects.select_for_update().filter(account=account, key=key).first()
    if charge is None:
        raise NotFound()
    if refund_key in charge.refunds:
        return "paid"
    given = sum((Decimal(one) for one in charge.refunds.values()), Decimal(0))
    if charge.state != "paid" or amount <= 0 or given + amount > (charge.paid_amount or 0):
        return "failed"
    charge.refunds[refund_key[:60]] = str(amount)
    charge.save(update_fields=["refunds"])
    return "paid"
