"""Deliveries to try a template on."""

from niaga.documents.queries.find_papers import find_papers
from niaga.documents.registry import PaperChoice
from niaga.organization.access import Actor
from niaga.stock.queries.deliveries import visible_deliveries


def trial_deliveries(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(visible_deliveries(by=by), text=text)
