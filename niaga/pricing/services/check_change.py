from niaga.core.errors import Forbidden
from niaga.organization.access import Actor
from niaga.pricing.errors import CannotHold, ListChanged
from niaga.pricing.models import PriceChange
from niaga.pricing.queries.difference_names import overtaken_lines
from niaga.pricing.queries.differences_of import differences_of, state_of
from niaga.pricing.queries.subjects import Subject
from niaga.pricing.services._carry_out import checked


def check_change(*, found: Subject, change: PriceChange, by: Actor) -> list[str]:
    """Why a change could not be published as things are, in words; empty when it can. Writes nothing."""
    wanted = differences_of(change)
    now = state_of(found, wanted)
    if overtaken := wanted.overtaken(now):
        return [str(ListChanged.text), *(line["message"] for line in overtaken_lines(found, overtaken))]
    try:
        checked(found, wanted.from_here(now), by=by, lock=False)
    except CannotHold as refusal:
        return [line["message"] for line in refusal.lines]
    except Forbidden as refusal:
        return [str(refusal.message)]
    return []
