from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import WrongState
from niaga.shipping.errors import ArrivedAlready, BadVisit, CalledOff, NotLoaded
from niaga.shipping.rules.visit import Visit


def check_visit(visit: Visit, *, held: Mapping[UUID, Decimal], today: date) -> None:
    """`held` is what was brought, by line of the delivery.

    :raises BadVisit: nobody is named, no reason is given, or lines and figures that cannot be right
    """
    if visit.outcome == "failed":
        if not visit.reason:
            raise BadVisit(_("Say why it could not be delivered."), field="reason")
        if visit.refused or visit.cash:
            raise BadVisit(_("Nothing was handed over, so nothing was refused or paid."), field="outcome")
        if visit.next_date is not None and visit.next_date < today:
            raise BadVisit(_("The next try cannot be in the past."), field="next_date")
        return
    if not visit.received_by:
        raise BadVisit(_("Say who took the goods."), field="received_by")
    named = [one.line_id for one in visit.refused]
    if len(set(named)) != len(named) or any(one.quantity > held.get(one.line_id, Decimal(0)) for one in visit.refused):
        raise BadVisit(_("No more can be refused than was brought."), field="refused")
    if any(not one.reason for one in visit.refused):
        raise BadVisit(_("Say of each why it was refused."), field="refused")
    if bool(visit.refused) != (visit.outcome == "part"):
        raise BadVisit(_("Name what was refused when it was delivered in part."), field="refused")
    if visit.refused and {one.line_id: one.quantity for one in visit.refused} == held:
        raise BadVisit(_("Everything was refused: then it was not delivered."), field="outcome")


def check_proof(visit: Visit, *, asks_signature: bool, asks_photo: bool) -> None:
    """:raises BadVisit: the company wants to see what is missing"""
    if asks_signature and not (visit.signature or visit.kept_signature):
        raise BadVisit(_("The signature of who took the goods is missing."), field="signature")
    if asks_photo and not (visit.photos or visit.kept_photos):
        raise BadVisit(_("A photo of the goods at the door is missing."), field="photos")


_REFUSALS = {"cancelled": CalledOff, "delivered": ArrivedAlready, "draft": NotLoaded, "picking": NotLoaded}


def require_on_its_way(delivery: Any) -> None:
    """:raises CalledOff, ArrivedAlready, NotLoaded: there is nothing to hand over any more, or not yet"""
    if delivery.status != "shipped":
        raise _REFUSALS.get(delivery.status, WrongState)()
