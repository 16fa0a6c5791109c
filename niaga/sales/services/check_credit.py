from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.sales.errors import CreditExceeded, CreditHeld, CreditOnHold, CreditOverdue
from niaga.sales.rules.credit import Hold, Standing


def check_credit(standing: Standing, *, more: Decimal, total: Decimal) -> None:
    """Whether an order may go on: confirmed (`more` is its total), amended (what it grows by), shipped (nought).

    Finance's release of the order lets it by while its `total` is within what was released.

    :raises CreditOnHold: the account was put on hold by hand, after any release
    :raises CreditOverdue: an invoice is overdue for more days than are allowed
    :raises CreditExceeded: the limit is passed, or would be
    """
    waits = standing.waits(more=more, total=total)
    if waits:
        raise refusal_of(waits[0], standing, more)


def refusal_of(hold: Hold, standing: Standing, more: Decimal) -> CreditHeld:
    """The refusal in words, with the figures it came from."""
    figures = standing.figures
    facts: dict[str, Any] = {
        "limit": figures.limit,
        "exposure": figures.exposure,
        "order": more,
        "over_by": standing.over_by(more),
    }
    if hold is Hold.ON_HOLD:
        return CreditOnHold(**facts)
    if hold is Hold.OVERDUE and standing.overdue is not None:
        return CreditOverdue(late_text(standing), **facts, invoice=standing.overdue.number,
                             overdue_days=standing.late_days, allowed_days=figures.overdue_days)  # fmt: skip
    return CreditExceeded(**facts)


def late_text(standing: Standing) -> str:
    """`Invoice INV-2026-00012 is 45 days overdue; 30 are allowed.`"""
    assert standing.overdue is not None
    return _("Invoice %(number)s is %(days)d days overdue; %(allowed)d are allowed.") % {
        "number": standing.overdue.number, "days": standing.late_days, "allowed": standing.figures.overdue_days or 0,
    }  # fmt: skip
