"""How approvals says its states."""

from django.utils.translation import gettext_lazy as _

from niaga.ui.lists import Status

STATES = {
    "waiting": Status(_("Waits for approval"), "warn", "hourglass"),
    "approved": Status(_("Approved"), "good", "check"),
    "rejected": Status(_("Not approved"), "bad", "ban"),
    "withdrawn": Status(_("Taken back"), "faint", "minus"),
}
STEP_STATES = {
    "later": Status(_("Later"), "faint", "circle"),
    "open": Status(_("Waits"), "warn", "hourglass"),
    "approved": Status(_("Approved"), "good", "check"),
    "rejected": Status(_("Not approved"), "bad", "ban"),
    "passed_on": Status(_("Passed on"), "faint", "arrow-right"),
}
WHY = {
    "late": _("Nobody answered in time."),
    "nobody": _("Nobody is left here who may decide."),
}
