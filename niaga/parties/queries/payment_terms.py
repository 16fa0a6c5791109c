"""Payment terms as documents need them."""

from collections.abc import Collection
from uuid import UUID

from niaga.parties.models import TermPart
from niaga.parties.rules.terms import Part


def term_parts(term_ids: Collection[UUID]) -> dict[UUID, list[Part]]:
    """The parts of several terms, in order. One statement."""
    found: dict[UUID, list[Part]] = {}
    rows = TermPart.objects.filter(term_id__in=term_ids).order_by("term_id", "position")
    for term_id, percent, days, end_of_month in rows.values_list("term_id", "percent", "days", "end_of_month"):
        found.setdefault(term_id, []).append(Part(percent, days, end_of_month))
    return found
