"""Every word the scripts show, in the page's language."""

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

STRINGS = {
    "close": _("Close"),
    "palette": _("Search or do anything"),
    "nothing_found": _("Nothing found for “{query}”"),
    "no_connection": _("No connection. What you typed is kept here; try again when you are back online."),
    "timeout": _("The server took too long to answer. Nothing is lost; try again."),
    "error_400": _("The request could not be understood. Reload the page and try again; what you typed is kept."),
    "error_403": _("Your role does not allow this, or the page has been open too long. Reload and try again."),
    "error_404": _("This is no longer here."),
    "error_409": _(
        "The same request is still being worked on, or somebody was faster. Reload to see the present state."
    ),
    "error_413": _("This is too large to be sent."),
    "file_too_large": _("“{name}” has {size} MB; at most {most} MB can be sent here. Nothing was sent."),
    "bad_day": _("This day is only half typed. Complete it, or empty the field. Nothing was sent."),
    "bad_number": _("This is no number. Nothing was sent."),
    "error_429": _("Too many attempts. Wait a moment."),
    "error_500": _("Something went wrong on our side and nothing was written. What you typed is kept; try again."),
    "error_503": _(
        "Niaga or its database is being restarted. Nothing was half-saved: try again in a moment; what you typed is"
        " kept."
    ),
    "session_lost": _("You have been logged out"),
    "session_kept": _("What you typed is still on this page. Log in in a new tab, then come back here and continue."),
    "session_login": _("Log in"),
    "session_continue": _("I am logged in again"),
    "session_back": _("You are logged in again. Send it once more."),
    "form_renewed": _("The page had been open over a log-in. Nothing was sent; send it once more."),
    "drop_files": _("Drop files here or choose them"),
    "draft_restored": _("What you typed on {time} and had not sent was brought back."),
    "draft_other_version": _("You left unsent input of {time}, but the document has changed since."),
    "draft_discard": _("Discard"),
    "draft_use": _("Bring back"),
    "keys_rows": _("Down and up the rows"),
    "keys_open": _("Open the row"),
    "keys_pick": _("Select the row"),
    "keys_grid_next": _("Next cell"),
    "keys_grid_move": _("Move the line"),
    "keys_grid_delete": _("Delete the line"),
    "keys_grid_history": _("What this customer paid before"),
    "picked": _("{count} selected"),
    "undo": _("Undo"),
    "line_more": _("and {count} more lines"),
    "grid_line_removed": _("Line {number} removed"),
    "grid_pasted": _("{count} lines pasted"),
    "grid_unknown": _("No product “{query}”"),
    "grid_quantity": _("Quantity"),
    "grid_price": _("Price"),
    "grid_discount": _("Discount"),
    "grid_discount_hint": _("In percent or in money off the line: 5% or 5,000. Up to 100 alone is percent."),
    "grid_subtotal": _("Subtotal"),
    "grid_unit": _("Unit"),
    "grid_item": _("Item"),
    "grid_line": _("line {number}"),
    "grid_section": _("Section title"),
    "grid_note": _("Note for the customer"),
    "grid_optional": _("optional"),
    "grid_make_optional": _("Make optional"),
    "grid_make_firm": _("Make firm"),
    "grid_move_up": _("Move up"),
    "grid_move_down": _("Move down"),
    "grid_delete": _("Delete line"),
    "grid_more": _("More for this line"),
    "grid_auto_price": _("Back to the list price"),
    "grid_history": _("Price history"),
    "grid_last_paid": _("Last: {price}"),
    "grid_why": _("Why this price"),
    "grid_available": _("available {quantity}"),
    "grid_last": _("last {price}"),
    "grid_never": _("never bought"),
    "grid_find": _("SKU, name, barcode, or paste from a spreadsheet"),
    "grid_full": _("A document holds at most {count} lines."),
    "grid_prices_late": _(
        "Prices could not be computed just now; the lines are kept and will be priced when the connection is back."
    ),
    "grid_planned": _("Promised"),
    "grid_earliest": _("Earliest day"),
    "grid_days_taken": _("The days are filled in; save to keep them."),
    "grid_requested": _("Requested"),
}


@lru_cache(maxsize=8)
def _translated(language: str) -> dict[str, str]:
    return {key: str(text) for key, text in STRINGS.items()}


def client_strings() -> dict[str, str]:
    return _translated(get_language() or "id")
