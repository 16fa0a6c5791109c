from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.outbox import announce
from niaga.payments.events import SandboxPaid
from niaga.payments.models import SandboxCharge
from niaga.payments.rules.gateways.sandbox.behaviours import BEHAVIOURS


@transaction.atomic
def pay_sandbox_charge(*, charge_id: UUID, behaviour: str, at: datetime) -> SandboxCharge:
    """Somebody pays at the sandbox, or does not; it tells us in the way that was chosen.

    :raises NotFound: no such bill
    :raises Invalid: no such way
    :raises WrongState: it was paid before
    """
    charge = SandboxCharge.objects.select_for_update().select_related("account").filter(pk=charge_id).first()
    if charge is None:
        raise NotFound()
    chosen = BEHAVIOURS.get(behaviour)
    if chosen is None:
        raise Invalid()
    if charge.state != "pending":
        raise WrongState()
    charge.state = chosen.state
    charge.paid_amount = max(charge.amount + chosen.more, Decimal(1)) if chosen.state == "paid" else None
    charge.save(update_fields=["state", "paid_amount"])
    batch = Batch()
    event = SandboxPaid(charge.id, behaviour)
    announce(batch=batch, event=event, company_id=charge.account.company_id, by=None, at=at)
    batch.write()
    return charge
