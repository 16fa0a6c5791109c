"""Recurring plans in words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.sales.models import RecurringPlan
from niaga.ui.lists import Status

PLANS = {
    "active": Status(_("Active"), "good", "repeat"),
    "paused": Status(_("Paused"), "warn", "pause"),
    "ended": Status(_("Ended"), "faint", "circle-check"),
}
PERIODS = {
    "left_out": Status(_("Passed over"), "faint", "pause"),
    "waiting": Status(_("Waiting"), "warn", "hourglass"),
    "draft": Status(_("Draft"), "calm", "pencil"),
    "invoiced": Status(_("Invoiced"), "good", "receipt"),
    "discarded": Status(_("Discarded"), "faint", "trash-2"),
    "aside": Status(_("Put aside"), "faint", "archive"),
}
WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")
)  # fmt: skip


def rhythm_in_words(plan: RecurringPlan) -> str:
    """Such as `Every 3 months, on the last day`."""
    facts = {"every": plan.every}
    if plan.unit == "week":
        often = gettext("Every %(every)s weeks") % facts if plan.every > 1 else gettext("Weekly")
        return gettext("%(often)s, on %(day)s") % {"often": often, "day": WEEKDAYS[plan.day - 1]}
    if plan.unit == "month":
        often = gettext("Every %(every)s months") % facts if plan.every > 1 else gettext("Monthly")
    else:
        often = gettext("Every %(every)s years") % facts if plan.every > 1 else gettext("Yearly")
    if plan.day == 31:
        return gettext("%(often)s, on the last day") % {"often": often}
    return gettext("%(often)s, on day %(day)s") % {"often": often, "day": plan.day}
