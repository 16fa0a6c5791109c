"""What the states of mails and WhatsApp messages are called."""

from django.utils.translation import gettext_lazy as _

from niaga.messaging.rules.dispatch import EmailStatus, WhatsappStatus
from niaga.ui.lists import Status

STATUSES = {
    EmailStatus.QUEUED.value: Status(_("Waiting"), "calm", "clock"),
    EmailStatus.SENDING.value: Status(_("Being sent"), "calm", "send"),
    EmailStatus.SENT.value: Status(_("Sent"), "good", "circle-check"),
    EmailStatus.KEPT.value: Status(_("Kept here"), "faint", "inbox"),
    EmailStatus.FAILED.value: Status(_("Failed"), "bad", "circle-x"),
    EmailStatus.UNCERTAIN.value: Status(_("Uncertain"), "warn", "triangle-alert"),
}
WHATSAPP = {
    **STATUSES,
    WhatsappStatus.SENT.value: Status(_("Handed over"), "good", "check"),
    WhatsappStatus.DELIVERED.value: Status(_("Arrived"), "good", "circle-check"),
    WhatsappStatus.READ.value: Status(_("Read"), "good", "eye"),
}
CHANNELS = {"email": _("E-mail"), "whatsapp": _("WhatsApp")}
