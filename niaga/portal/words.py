"""How what customers tell is said, on their pages and the office's alike."""

from django.utils.translation import gettext_lazy as _

from niaga.ui.lists import Status

REASON_WORDS = {
    "price": _("The price is wrong"),
    "quantity": _("The quantity is wrong"),
    "damaged": _("Goods came damaged"),
    "not_ordered": _("This was not ordered"),
    "not_received": _("This never came"),
    "other": _("Something else"),
}
KINDS = {
    "payment": Status(_("Payment told"), "calm", "banknote"),
    "dispute": Status(_("Objection"), "warn", "message-circle-warning"),
    "change": Status(_("Change of data"), "calm", "pencil"),
}
STATES = {
    "open": Status(_("Being looked at"), "warn", "clock"),
    "settled": Status(_("Settled"), "good", "circle-check"),
    "declined": Status(_("Not accepted"), "bad", "circle-x"),
}
