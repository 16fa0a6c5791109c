"""How shipments are said: to the office, and to the customer in plain words."""

from django.utils.translation import gettext_lazy as _

from niaga.shipping.rules.shipment_flow import Status as State
from niaga.ui.lists import Status

SHIPMENT = {
    State.QUOTING.value: Status(_("Asking for prices"), "calm", "clock"),
    State.QUOTED.value: Status(_("Choose a service"), "warn", "list-checks"),
    State.QUEUED.value: Status(_("To be booked"), "calm", "clock"),
    State.BOOKING.value: Status(_("Being booked"), "calm", "send"),
    State.UNCERTAIN.value: Status(_("Uncertain"), "warn", "triangle-alert"),
    State.FAILED.value: Status(_("Not booked"), "bad", "circle-x"),
    State.BOOKED.value: Status(_("Booked at the carrier"), "calm", "clipboard-check"),
    State.IN_TRANSIT.value: Status(_("On its way"), "calm", "truck"),
    State.OUT.value: Status(_("Out for delivery"), "calm", "map-pin"),
    State.PROBLEM.value: Status(_("Needs attention"), "warn", "triangle-alert"),
    State.DELIVERED.value: Status(_("Delivered"), "good", "circle-check"),
    State.RETURNED.value: Status(_("Came back"), "bad", "undo-2"),
    State.CANCELLED.value: Status(_("Cancelled"), "faint", "ban"),
}
KINDS = {
    "own": Status(_("Own fleet"), "", "truck"),
    "by_hand": Status(_("Courier, entered by hand"), "", "package"),
    "rest": Status(_("Carrier over the internet"), "", "plug"),
}
REASONS = {
    "never": _("The carrier refused it."),
    "later": _("The carrier could not be reached. It is tried again by itself for some hours."),
    "answered": _("The carrier answered something that could not be read."),
    "unknown": _("It was handed over, but no clear answer came. The carrier is asked for it; it is never booked again"
                 " by itself."),
    "stopped": _("The work was cut off while it was handed over. The carrier is asked for it; it is never booked again"
                 " by itself."),
    "not_there": _("The carrier says that it has no such booking. Book it again when you are sure."),
}  # fmt: skip
"""`reason` of a shipment -> its words."""
REACHED = {
    "in_transit": Status(_("Taken by the carrier"), "calm", "truck"),
    "out": Status(_("Out for delivery"), "calm", "map-pin"),
    "problem": Status(_("Could not be delivered"), "warn", "triangle-alert"),
    "delivered": Status(_("Delivered"), "good", "circle-check"),
    "returned": Status(_("Came back"), "bad", "undo-2"),
}
"""What a person can write down of a shipment."""
TO_CUSTOMER = {
    "packed": Status(_("We are getting your goods ready"), "calm", "package"),
    "shipped": Status(_("Your goods have left us"), "calm", "package"),
    "booked": Status(_("The carrier knows of your goods"), "calm", "clipboard-check"),
    "in_transit": Status(_("On their way"), "calm", "truck"),
    "out": Status(_("The driver is bringing them to you today"), "calm", "map-pin"),
    "problem": Status(_("They could not be handed over"), "warn", "triangle-alert"),
    "delivered": Status(_("Delivered"), "good", "circle-check"),
    "returned": Status(_("They are on their way back to us"), "warn", "undo-2"),
    "cancelled": Status(_("This delivery was called off"), "faint", "ban"),
}
VISITS = {
    "delivered": Status(_("Delivered"), "good", "circle-check"),
    "part": Status(_("Delivered in part"), "warn", "package-open"),
    "failed": Status(_("Not delivered"), "bad", "circle-x"),
}
DOOR_STATES = {
    "todo": Status(_("To bring"), "calm", "truck"),
    "again": Status(_("Try again today"), "warn", "rotate-ccw"),
    "missed": Status(_("Not delivered"), "bad", "circle-x"),
    "waiting": Status(_("Not loaded yet"), "faint", "package"),
    "done": Status(_("Delivered"), "good", "circle-check"),
    "off": Status(_("Called off"), "faint", "ban"),
}
"""How a driver's stop stands."""
WHY = {
    "nobody": _("Nobody there"),
    "closed": _("Shop closed"),
    "address": _("Address not found"),
    "refused": _("Did not want it"),
    "damaged": _("Damaged"),
    "wrong": _("Not what was ordered"),
    "other": _("Another reason"),
}


def why(reason: str) -> str:
    """A reason by its code, or as somebody wrote it."""
    return str(WHY.get(reason, reason))
