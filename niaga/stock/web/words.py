"""How stock's states and reasons are said, on every page alike."""

from django.utils.translation import gettext_lazy as _

from niaga.ui.lists import Status

DELIVERY = {
    "draft": Status(_("To ship"), "warn", "package"),
    "picking": Status(_("Being picked"), "calm", "package-open"),
    "shipped": Status(_("On its way"), "calm", "truck"),
    "delivered": Status(_("Delivered"), "good", "circle-check"),
    "cancelled": Status(_("Cancelled"), "faint", "ban"),
}
COUNT = {
    "draft": Status(_("Counting"), "warn", "clipboard-list"),
    "posted": Status(_("Posted"), "good", "circle-check"),
    "cancelled": Status(_("Cancelled"), "faint", "ban"),
}
EXPECTED = {
    "open": Status(_("Expected"), "calm", "clock"),
    "received": Status(_("Received"), "good", "circle-check"),
    "cancelled": Status(_("Cancelled"), "faint", "ban"),
}
TRANSFER = {
    "draft": Status(_("To send"), "warn", "package"),
    "shipped": Status(_("On its way"), "calm", "truck"),
    "received": Status(_("Received"), "good", "circle-check"),
    "returned": Status(_("Came back"), "faint", "undo-2"),
    "cancelled": Status(_("Cancelled"), "faint", "ban"),
}
PICK_LIST = {
    "open": Status(_("To pick"), "warn", "clipboard-list"),
    "done": Status(_("Picked"), "good", "circle-check"),
}
REASONS = {
    "receipt": Status(_("Goods receipt"), "good", "package-plus"),
    "shipment": Status(_("Shipment"), "", "truck"),
    "adjustment": Status(_("Adjustment"), "warn", "pencil"),
    "count": Status(_("Count"), "", "clipboard-list"),
    "transfer": Status(_("Between warehouses"), "", "arrow-left-right"),
    "transit": Status(_("On the way between warehouses"), "", "truck"),
    "opening": Status(_("Opening stock"), "faint", "flag"),
    "return": Status(_("Customer's return"), "calm", "undo-2"),
    "scrap": Status(_("Scrapped"), "bad", "trash-2"),
    "lot": Status(_("Told apart by lot"), "faint", "layers"),
}
LOT = {
    "good": Status(_("Good"), "good", "circle-check"),
    "soon": Status(_("Expires soon"), "warn", "clock"),
    "over": Status(_("Past its day"), "bad", "calendar-x"),
    "blocked": Status(_("Lot blocked"), "bad", "lock"),
}
PLACES = {
    "product": "/stock/products/{}",
    "delivery": "/deliveries/{}",
    "receipt": "/stock/receipts/{}",
    "adjustment": "/stock/adjustments/{}",
    "count": "/stock/counts/{}",
    "transfer": "/stock/transfers/{}",
    "return": "/returns/{}",
}


def source_url(kind: str, id_: object) -> str:
    """Where the document behind a move is shown; nothing when it has no page."""
    return PLACES[kind].format(id_) if kind in PLACES else ""


NOT_TOGETHER = {
    "left": _("It has left, or was called off."),
    "other_customer": _("It is another customer's."),
    "other_warehouse": _("It leaves from another warehouse."),
    "other_address": _("It goes to another address."),
    "other_joint": _("It travels together with others already."),
    "other_route": _("It stands in another route."),
}
"""Why a delivery cannot travel with another."""
