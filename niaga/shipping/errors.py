"""What shipping refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, WrongState


class BadCarrier(Invalid):
    """An address, key or name of a carrier that cannot be right."""

    code = "bad_carrier"
    text = _("This cannot be right.")


class ShipmentOpen(WrongState):
    code = "shipment_open"
    text = _("This delivery has a shipment already. Cancel it before you book another one.")


class NothingToBook(Invalid):
    code = "nothing_to_book"
    text = _("Choose at least one delivery that has no shipment yet.")


class NoSuchService(Invalid):
    code = "no_such_service"
    text = _("The carrier does not offer this service.")


class BookedAtCarrier(WrongState):
    """It stands at a carrier that cannot be told by us."""

    code = "booked_at_carrier"
    text = _("It is booked at the carrier. Call the carrier off first, then cancel it here.")


class BadVisit(Invalid):
    """What a phone tells of a door cannot be right."""

    code = "bad_visit"
    text = _("This cannot be right.")


class NoCash(WrongState):
    code = "no_cash"
    text = _("No money was taken at this door.")


class CalledOff(WrongState):
    code = "called_off"
    text = _("This delivery was called off. Bring the goods back to the warehouse.")


class ArrivedAlready(WrongState):
    code = "arrived_already"
    text = _("Somebody else has recorded that this delivery arrived.")


class NotLoaded(WrongState):
    code = "not_loaded"
    text = _("This delivery has not left the warehouse yet. The office says when it is loaded.")


class ReportEnded(WrongState):
    code = "report_ended"
    text = _("This report was dealt with already.")
