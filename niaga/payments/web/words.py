"""How a payment's states and ways are said, on every page alike."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from niaga.ui.lists import Status

METHODS = {
    "transfer": Status(_("Transfer"), "", "landmark"),
    "cash": Status(_("Cash"), "", "banknote"),
    "giro": Status(_("Giro"), "", "scroll-text"),
    "card": Status(_("Card"), "", "credit-card"),
    "gateway": Status(_("Payment gateway"), "", "plug"),
}
STATUS = {
    "recorded": Status(_("Received"), "good", "circle-check"),
    "reversed": Status(_("Reversed"), "bad", "undo-2"),
    "advance": Status(_("Advance left"), "calm", "wallet"),
    "giro": Status(_("Giro not cleared"), "warn", "clock"),
}


def payment_state(payment: Any) -> Status:
    """Reversed, a giro that still waits, something left over, or simply received."""
    if payment.status == "reversed":
        return STATUS["reversed"]
    if payment.method == "giro" and getattr(payment, "clearing", None) is None:
        return STATUS["giro"]
    return STATUS["advance"] if payment.allocated < payment.amount else STATUS["recorded"]
