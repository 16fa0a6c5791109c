from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.organization.access import Actor, access_of
from niaga.sales.models import ProForma
from niaga.sales.queries.pro_formas import current_state, get_pro_forma

_WHY = {
    "replaced": _("A newer pro-forma replaced this one. Hand that one over."),
    "ended": _("The order ended; its pro-forma holds no longer."),
    "changed": _("The order changed since. Make a new pro-forma; it says that it replaces this one."),
    "expired": _("This pro-forma is no longer valid. Make a new one."),
}


def current_pro_forma(*, pro_forma_id: UUID, by: Actor, at: datetime) -> ProForma:
    """A pro-forma that may go to the customer, for a person who may send its order.

    :raises NotFound: none, or none that `by` may see
    :raises Forbidden: the person may not send the order
    :raises WrongState: it was replaced, its order changed or ended, or its last day is over
    """
    found = get_pro_forma(pro_forma_id=pro_forma_id, by=by)
    access_of(by).require("order", "send", found.order)
    state = current_state(found, today=day_at(at=at, zone=found.order.branch.zone))
    if state != "valid":
        raise WrongState(_WHY[state])
    return found
