"""How stamp duty (bea meterai) is shown on documents and in lists that `with_stamp` annotated."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from niaga.ui import formatting
from niaga.ui.documents import Action, Axis
from niaga.ui.lists import Choice, Status

STAMPS = {
    "due": Status(_("To be affixed"), "warn", "stamp"),
    "affixed": Status(_("Affixed"), "good", "stamp"),
}
STAMP_FILTER = Choice(
    "stamp", _("e-meterai"), options=[(key, status.label) for key, status in STAMPS.items()],
    match=lambda rows, value: rows.filter(stamp_state=value),
)  # fmt: skip


def stamp_axes(document: Any) -> list[Axis]:
    """What is due on a document and whether it was put on; nothing where no duty is."""
    if document.stamp_state == "none":
        return []
    status = STAMPS[document.stamp_state]
    text = document.stamp_serial or f"{formatting.money(document.duty, document.company.currency)} · {status.label}"
    return [Axis(_("e-meterai"), text, status.tone, status.icon)]


def stamp_actions(document: Any, *, may: bool) -> list[Action]:
    if document.stamp_state == "none" or not may:
        return []
    label = _("Affix e-meterai") if document.stamp_state == "due" else _("Put the e-meterai right")
    return [Action(label, dialog="stamp", icon="stamp")]
