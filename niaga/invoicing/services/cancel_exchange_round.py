from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.invoicing.models import ExchangeItem, ExchangeRound
from niaga.invoicing.rules.exchange_flow import exchange_flow
from niaga.invoicing.services.lock_exchange_round import lock_exchange_round
from niaga.organization.access import Actor


@transaction.atomic
def cancel_exchange_round(*, round_id: UUID, by: Actor, at: datetime) -> ExchangeRound:
    """Call a round off. What was taken in stays so; what waits can be planned for another day.

    :raises NotFound: there is no such round
    :raises Forbidden: the person may not write to these customers
    :raises WrongState: it is done or cancelled
    """
    found = lock_exchange_round(round_id=round_id, by=by)
    batch = Batch()
    move(
        batch=batch, flow=exchange_flow, document=found, move="cancel", by=by.pk, at=at, values={"ended_at": at}
    )  # fmt: skip
    batch.update(
        ExchangeItem, where={"round_id": round_id, "outcome": "waiting"},
        values={"outcome": "left", "decided_at": at, "decided_by": by.pk}, expect=None,
    )  # fmt: skip
    batch.write()
    return found
