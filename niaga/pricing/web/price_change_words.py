"""How prepared changes and publications are said."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from niaga.ui.lists import Status

STATUSES = {
    "draft": Status(gettext_lazy("Draft"), "faint", "pencil"),
    "scheduled": Status(gettext_lazy("Scheduled"), "calm", "clock"),
    "blocked": Status(gettext_lazy("Blocked"), "bad", "octagon-x"),
    "published": Status(gettext_lazy("Published"), "good", "check"),
    "discarded": Status(gettext_lazy("Discarded"), "faint", "trash-2"),
}
KINDS = {
    "edit": gettext_lazy("Changed at once"),
    "import": gettext_lazy("Imported"),
    "change": gettext_lazy("Published"),
    "rollback": gettext_lazy("Rolled back"),
}


def counts_in_words(heads: Sequence[Any], prices: int, *, rules: bool) -> str:
    """`12 prices · formulas · 2 settings`."""
    parts = []
    if prices:
        parts.append(ngettext("%(count)d price", "%(count)d prices", prices) % {"count": prices})
    if rules:
        parts.append(_("formulas"))
    if heads:
        count = len(heads)
        parts.append(ngettext("%(count)d setting", "%(count)d settings", count) % {"count": count})
    return " · ".join(parts)
