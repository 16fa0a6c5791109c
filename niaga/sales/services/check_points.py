from datetime import date

from django.utils.translation import gettext as _

from niaga.pricing.errors import PointsRefused, TooFewPoints
from niaga.pricing.queries.list_prices import ListPrices
from niaga.pricing.rules import PricedDocument
from niaga.ui.formatting import amount


def check_points(listed: ListPrices, *, wanted: int, priced: PricedDocument, day: date) -> None:
    """See that a document uses all the points that a person wants it to.

    :raises TooFewPoints: the customer has not so many
    :raises PointsRefused: none can be used on the day, or not so many on this document
    """
    programme = listed.book.programme
    if programme is None or not programme.holds_on(day):
        raise PointsRefused(_("Points cannot be used here: no programme is on."), field="points")
    usable = listed.standing.usable if listed.standing is not None else 0
    if usable < wanted:
        raise TooFewPoints(available=usable, wanted=wanted)
    if priced.points_used == wanted:
        return
    if wanted < programme.least_points:
        text = _("At least %(least)s points are used on a document.") % {"least": _whole(programme.least_points)}
    elif wanted % programme.step_points:
        text = _("Points are used in multiples of %(step)s.") % {"step": _whole(programme.step_points)}
    elif priced.points_most:
        text = _("At most %(most)s points can be used on this document.") % {"most": _whole(priced.points_most)}
    else:
        text = _("No points can be used on this document.")
    raise PointsRefused(text, field="points", most=priced.points_most)


def _whole(points: int) -> str:
    return amount(points, "IDR")
