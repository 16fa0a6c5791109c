"""Reminders, promises, disputes and calls in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.invoicing.models import CallOutcome, Mark
from niaga.ui.lists import Status


def level_name(days: int) -> str:
    """`3 days before`, `on the due day`, `7 days after`."""
    if days == 0:
        return gettext("on the due day")
    text = (
        ngettext("%(days)d day before", "%(days)d days before", -days)
        if days < 0
        else ngettext("%(days)d day after", "%(days)d days after", days)
    )
    return text % {"days": abs(days)}


OUTCOMES: Mapping[str, str | Promise] = {
    CallOutcome.NO_ANSWER: _("No answer"),
    CallOutcome.PROMISED: _("Payment promised"),
    CallOutcome.DISPUTED: _("Invoice disputed"),
    CallOutcome.WRONG_NUMBER: _("Wrong number"),
    CallOutcome.SPOKEN: _("Spoken with"),
}
MARKS: Mapping[str, Status] = {
    Mark.TOLD: Status(_("Told"), "calm", "send"),
    Mark.CALL: Status(_("To call"), "warn", "phone"),
    Mark.SKIPPED: Status(_("Skipped"), "faint", "skip-forward"),
}
