"""Why a message was not simply sent, in words for a person: what happened, what was kept, what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niaga.messaging.models import Email, WhatsappMessage

REASONS: Mapping[str, Promise] = {
    "partly": _("The mail server took it, but not for everybody."),
    "login": _("The mail server refused the user name or password. Check the mail settings, then send again."),
    "address": _("The mail server does not take mail for this address. Check it with the customer."),
    "refused": _("The mail server refused this mail."),
    "unable": _("The mail server cannot do what the mail settings ask of it."),
    "certificate": _("The mail server's certificate is not trusted, so nothing was sent."),
    "unreachable": _(
        "The mail server cannot be reached. The mail is kept and tried again by itself for about five hours."
    ),
    "broken": _(
        "The connection broke after the mail was handed over, before the server answered. It may have arrived."
    ),
    "stopped": _("Niaga stopped while the mail was being handed over. It may have arrived."),
    "no_server": _("There is no mail server any more. Fill in the mail settings, then send again."),
    "wa_unreachable": _(
        "WhatsApp cannot be reached. The message is kept and tried again by itself for about five hours."
    ),
    "wa_busy": _("WhatsApp takes no more just now. The message is tried again by itself for about five hours."),
    "wa_broken": _(
        "The message was handed over, but WhatsApp did not say whether it took it. It may have arrived; when WhatsApp"
        " tells of it later, this is settled by itself."
    ),
    "wa_stopped": _("Niaga stopped while the message was being handed over. It may have arrived."),
    "wa_login": _("WhatsApp refused the token or the phone id. Check the WhatsApp settings, then send again."),
    "wa_address": _("This number cannot be reached by WhatsApp. Check it with the customer."),
    "wa_template": _("WhatsApp does not know the template like this, or has not approved it. Check the template."),
    "wa_refused": _("WhatsApp refused this message."),
    "wa_link_gone": _("The link in this message has ended. Send a new one from where this came from."),
    "wa_no_line": _("WhatsApp is not set up any more. Fill in its settings, then send again."),
}


def explain(email: Email | WhatsappMessage) -> str:
    """The reason, or nothing for a message with which all is well."""
    return str(REASONS.get(email.reason, ""))
