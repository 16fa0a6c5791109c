from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from niaga.core.errors import Invalid
from niaga.organization.access import Actor
from niaga.sales.models import CreditDecision
from niaga.sales.services.decide_release import decide, locked_request


@transaction.atomic
def release_order(
    *, request_id: UUID, reason: str, amount: Decimal | None = None, by: Actor, at: datetime
) -> CreditDecision:
    """Let one order by, for its confirmation, amendments and shipping, while its total is within `amount` (what was
    asked for, unless said otherwise). A larger order is asked about again; a later hold by hand voids the release.

    :raises NotFound: no such request, or not for this person to know of
    :raises Forbidden: the person may not set the customer's limit
    :raises OwnOrder: they sell it, wrote it or asked for it
    :raises WrongState: it was decided, or the order no longer needs it
    :raises Invalid: no reason, or an amount below the order's total
    """
    asked = locked_request(request_id, by, at)
    granted = asked.request.amount if amount is None else amount
    if granted < asked.order.total:
        raise Invalid(_("Release at least what the order is: anything less does not let it by."), field="amount")
    texts = (gettext_noop("Finance released %(number)s for %(customer)s"), "credit.released")
    return decide(asked, True, granted, reason, texts, by, at)
