"""Why a mail was not simply sent, in words for a person: what happened, what was kept, what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niaga.messaging.models import Email

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
}


def explain(email: Email) -> str:
    """The reason, or nothing for a mail with which all is well."""
    return str(REASONS.get(email.reason, ""))
