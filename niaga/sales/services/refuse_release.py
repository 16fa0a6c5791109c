from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from niaga.organization.access import Actor
from niaga.sales.models import CreditDecision
from niaga.sales.services.decide_release import decide, locked_request


@transaction.atomic
def refuse_release(*, request_id: UUID, reason: str, by: Actor, at: datetime) -> CreditDecision:
    """Say no, with the reason. The order stays as it is, and may be asked about again.

    :raises NotFound, Forbidden, OwnOrder, WrongState: see `release_order`
    :raises Invalid: no reason
    """
    asked = locked_request(request_id, by, at)
    texts = (gettext_noop("Finance did not release %(number)s for %(customer)s"), "credit.refused")
    return decide(asked, False, Decimal(0), reason, texts, by, at)
