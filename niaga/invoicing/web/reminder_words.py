"""Reminders, promises, disputes and calls in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.invoicing.models import CallOutcome, Mark
from niaga.ui import formatting
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


def stop_status(kind: str, fact: Any) -> Status:
    """Why nobody reminds of an invoice, or that a promise was not kept; `fact` is the reason or the day."""
    if kind == "disputed":
        return Status(gettext("Disputed: %(reason)s") % {"reason": fact[:60]}, "warn", "message-circle-warning")
    if kind == "promised":
        return Status(gettext("Promised by %(day)s") % {"day": formatting.day(fact)}, "calm", "handshake")
    return Status(gettext("Promised by %(day)s, not kept") % {"day": formatting.day(fact)}, "bad", "circle-alert")
