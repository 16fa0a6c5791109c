"""What reminders brought in: by level and month."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.invoicing.queries.level_yield import level_yield
from niaga.invoicing.web.reminder_words import level_name
from niaga.organization.access import access_of
from niaga.ui import formatting
from niaga.ui.lists import Choice, Empty, Listing, Money, Number, Text, Total

DAYS = (3, 7, 14, 30)
USUAL = 7


def _within(request: HttpRequest) -> int:
    asked = request.GET.get("within", "")
    return int(asked) if asked in {str(days) for days in DAYS} else USUAL


def _said(days: int) -> str:
    return ngettext("within %(days)d day", "within %(days)d days", days) % {"days": days}


class LevelYieldList(Listing):
    key, title, sort, template = "level_yield", _("What reminders brought in"), "-month", "invoicing/level_yield.html"
    above = (_("Receivables by age"), "/ageing")
    columns = (
        Text("level", _("Level"), source=lambda row: level_name(row.days), sort="days", phone="title"),
        Text("month", _("Month"), source=lambda row: f"{row.month:%m.%Y}", sort="month", phone="meta"),
        Number("sent", _("Told"), sort="sent"),
        Number("answered", _("Answered"), sort="answered"),
        Text("share", _("Share"), source=lambda row: formatting.percent(round(100 * row.answered / row.sent)),
             phone="meta"),
        Money("open", _("Was open"), sort="open"),
        Money("money", _("Came in"), sort="money", phone="value"),
    )  # fmt: skip
    filters = (
        Choice("within", _("Counted"), match=lambda rows, value: rows,
               options=lambda request: [(str(days), _said(days)) for days in DAYS]),
    )  # fmt: skip
    totals = (Total("money", _("Came in"), currency="currency"),)
    empty = Empty(
        _("Nobody was reminded yet"),
        _("When reminders go out, each level tells here how many were answered by a payment, and how much came."),
        icon="bell-ring",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "view")
        return level_yield(by=self.request.user, within=_within(self.request))

    def subtitle(self) -> str:
        return gettext("Payments %(when)s after a reminder, counted for the last one before them") % {
            "when": _said(_within(self.request))
        }  # fmt: skip
