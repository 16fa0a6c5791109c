"""The points that shall pay a part of a document, as `PriceRequest.points` takes them."""

from datetime import date

from niaga.pricing.queries.list_prices import ListPrices
from niaga.pricing.rules import Points


def points_wanted(listed: ListPrices, wanted: int | None, *, day: date) -> Points | None:
    """By the programme of the day, at most so many as the buyer has; None: nobody asks, or none can be used."""
    programme = listed.book.programme
    if wanted is None or programme is None or not programme.holds_on(day):
        return None
    return programme.points(min(wanted, listed.standing.usable if listed.standing is not None else 0))
