"""What the states of a mail are called."""

from django.utils.translation import gettext_lazy as _

from niaga.messaging.rules.dispatch import EmailStatus
from niaga.ui.lists import Status

STATUSES = {
    EmailStatus.QUEUED.value: Status(_("Waiting"), "calm", "clock"),
    EmailStatus.SENDING.value: Status(_("Being sent"), "calm", "send"),
    EmailStatus.SENT.value: Status(_("Sent"), "good", "circle-check"),
    EmailStatus.KEPT.value: Status(_("Kept here"), "faint", "inbox"),
    EmailStatus.FAILED.value: Status(_("Failed"), "bad", "circle-x"),
    EmailStatus.UNCERTAIN.value: Status(_("Uncertain"), "warn", "triangle-alert"),
}
