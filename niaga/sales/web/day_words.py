"""Why a day is offered, in words."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from niaga.sales.rules.earliest_day import Offer, Reason
from niaga.stock.rules.day_load import Measure
from niaga.ui import formatting


def why_day(offer: Offer) -> list[str]:
    """A sentence for each reason, in the order of days: "Goods come 3 Dec", "4 Dec is full"."""
    return [_words(reason) for reason in offer.reasons]


def why_in_one(offers: Sequence[Offer]) -> str:
    """The reasons of several offers, each told once."""
    return "; ".join(dict.fromkeys(words for offer in offers for words in why_day(offer)))


def measured(measure: str, figure: Decimal | int) -> str:
    """So many orders or lines, so many kilograms or cubic metres."""
    unit = {Measure.WEIGHT: " kg", Measure.VOLUME: " m³"}.get(Measure(measure), "") if measure else ""
    return f"{formatting.number(figure)}{unit}"


def _words(reason: Reason) -> str:
    facts = {
        "day": formatting.day(reason.day) if reason.day else "", "name": reason.name,
        "used": measured(reason.measure, reason.used), "limit": measured(reason.measure, reason.limit or 0),
    }  # fmt: skip
    if reason.code == "goods":
        return _("%(name)s: goods come %(day)s") % facts
    if reason.code == "never":
        return _("%(name)s: nothing is expected that would do") % facts
    if reason.code == "ready":
        return _("with the lead time and the hour of the day it can leave from %(day)s") % facts
    if reason.code == "asked":
        return _("asked for %(day)s") % facts
    if reason.code == "full":
        return _("%(day)s is full: %(used)s of %(limit)s") % facts
    if reason.code == "closed":
        return (_("%(day)s is closed: %(name)s") if reason.name else _("%(day)s is closed")) % facts
    if reason.code == "more":
        count = int(reason.used)
        text = ngettext("%(used)d further day is closed or full", "%(used)d further days are closed or full", count)
        return text % {"used": count}
    return _("no day within a year has room")
