"""Which day an invoice is due next, of parts that are settled in their order. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from niaga.parties.rules.terms import Due


def next_due(dues: Sequence[Due], *, allocated: Decimal) -> date | None:
    """The earliest day of what `allocated` does not cover; the last part's when all is covered, none when no day of
    these is known."""
    upto = Decimal(0)
    known = []
    for due in dues:
        upto += due.amount
        if upto > allocated and due.due_date is not None:
            known.append(due.due_date)
    return min(known) if known else dues[-1].due_date if allocated >= upto else None
