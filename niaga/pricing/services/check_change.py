from niaga.core.errors import Forbidden
from niaga.organization.access import Actor
from niaga.pricing.errors import CannotHold, ListChanged
from niaga.pricing.models import PriceChange, PriceList
from niaga.pricing.queries.difference_names import overtaken_lines
from niaga.pricing.queries.differences_of import differences_of, state_of
from niaga.pricing.services._carry_out import checked


def check_change(*, price_list: PriceList, change: PriceChange, by: Actor) -> list[str]:
    """Why a change could not be published as things are, in words; empty when it can. Writes and locks nothing."""
    wanted = differences_of(change)
    now = state_of(price_list, wanted)
    if overtaken := wanted.overtaken(now):
        return [str(ListChanged.text), *(line["message"] for line in overtaken_lines(price_list, overtaken))]
    try:
        checked(price_list, wanted.from_here(now), by=by)
    except CannotHold as refusal:
        return [line["message"] for line in refusal.lines]
    except Forbidden as refusal:
        return [str(refusal.message)]
    return []
