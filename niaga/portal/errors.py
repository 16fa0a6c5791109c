"""What the portal refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, Refusal, WrongState


class TooOften(Refusal):
    status = 429
    code = "too_often"
    text = _("That was tried too often. Nothing was done; wait a while, then try again.")


class TooManyTokens(WrongState):
    code = "too_many_tokens"
    text = _("Ten tokens work already. End one that is no longer used.")


class LinkUsedUp(Refusal):
    """One answer for a link that never was, was used, or whose time is over."""

    status = 410
    code = "link_used_up"
    text = _("This link no longer works: it can be used once, for a short time. Ask for a new one.")


class NoAddress(Invalid):
    code = "no_address"
    text = _("There is no e-mail address to invite. Write it down with the contact first.")


class NoSuchAddress(Invalid):
    code = "no_such_address"
    text = _("Write an e-mail address, or a mobile number.")


class NoMobile(Invalid):
    code = "no_mobile"
    text = _("There is no mobile number that WhatsApp reaches. Write it down with the contact first.")


class WhatsappNotSetUp(WrongState):
    code = "whatsapp_not_set_up"
    text = _("WhatsApp is not set up, so nothing can go by it. Fill in its settings, or invite by mail.")


class NoTemplate(WrongState):
    code = "no_whatsapp_template"
    text = _("No approved WhatsApp template bears the link. Choose one in the settings of the customer portal.")


class WhatsappRefused(WrongState):
    code = "whatsapp_refused"
    text = _("This customer wants nothing by WhatsApp. Invite by mail.")


class InvitedJustNow(WrongState):
    code = "invited_just_now"
    text = _("A link went to this number within the last minute. Wait for it before you send another.")


class InvitedAlready(WrongState):
    code = "invited_already"
    text = _("This address has access already.")


class NothingOpen(WrongState):
    code = "nothing_open"
    text = _("Nothing is open on this invoice any more.")


class ReportedAlready(WrongState):
    """A payment of the invoice was told, and nobody has looked at it yet."""

    code = "reported_already"
    text = _("A payment of this invoice was told already. It is being looked at.")


class NothingSaid(Invalid):
    code = "nothing_said"
    text = _("Write what it is about.")


class NothingOrdered(Invalid):
    code = "nothing_ordered"
    text = _("Name at least one product and how much of it.")


class BelowLeast(Invalid):
    code = "below_least"
    text = _("It comes to less than the least order. Order more, or write to us.")


class BadProof(Invalid):
    code = "bad_proof"
    text = _("Only pictures and PDF files can be sent here, five at most, 10 MB each.")
