"""How prepared changes and publications are said."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from niaga.ui.formatting import number
from niaga.ui.lists import Status

STATUSES = {
    "draft": Status(gettext_lazy("Draft"), "faint", "pencil"),
    "scheduled": Status(gettext_lazy("Scheduled"), "calm", "clock"),
    "blocked": Status(gettext_lazy("Blocked"), "bad", "octagon-x"),
    "published": Status(gettext_lazy("Published"), "good", "check"),
    "discarded": Status(gettext_lazy("Discarded"), "faint", "trash-2"),
}
PAGES = {"price_list": "pricing:price_list", "promotion": "pricing:promotion"}
HISTORIES = {"price_list": "pricing:history", "promotion": "pricing:promotion_history"}
MOST_REASON = 500
KINDS = {
    "edit": gettext_lazy("Changed at once"),
    "import": gettext_lazy("Imported"),
    "undo": gettext_lazy("Import undone"),
    "change": gettext_lazy("Published"),
    "rollback": gettext_lazy("Rolled back"),
}


def subject_url(kind: str, subject_id: UUID) -> str:
    """The page of a list or a promotion."""
    return reverse(PAGES[kind], args=[subject_id])


def reason_of(request: HttpRequest) -> str:
    """Why, as a dialog asks for it."""
    return request.POST.get("reason", "").strip()[:MOST_REASON]


def counts_in_words(heads: Sequence[Any], prices: int, *, rules: bool, kind: str = "price_list") -> str:
    """`12 prices · formulas · 2 settings`."""
    parts = []
    if prices:
        parts.append(ngettext("%(count)s price", "%(count)s prices", prices) % {"count": number(prices)})
    if rules:
        parts.append(_("formulas") if kind == "price_list" else _("steps and parts"))
    if heads:
        count = len(heads)
        parts.append(ngettext("%(count)s setting", "%(count)s settings", count) % {"count": number(count)})
    return " · ".join(parts)
