"""What payments refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, WrongState


class WrongCurrency(Invalid):
    code = "wrong_currency"
    text = _("This bank account is in another currency than the payment.")


class NotThisCustomers(Invalid):
    code = "not_this_customers"
    text = _("This invoice belongs to another customer.")


class AllocatedTooMuch(Invalid):
    """More was asked to be allocated than was paid, or than is open."""

    code = "allocated_too_much"
    text = _("More is allocated than was paid or than is open on the invoice.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    text = _("Give a reason; it stays with the document.")


class NoGiro(Invalid):
    code = "no_giro"
    text = _("Only a giro can be returned by the bank.")


class BookedFromStatement(WrongState):
    """A payment that a bank line was booked to is taken back where it was booked."""

    code = "booked_from_statement"
    text = _("This payment stands on a bank statement: undo the booking of its bank line instead.")


class BadStatement(Invalid):
    code = "bad_statement"
    text = _("This file cannot be read as a bank statement.")


class OtherAccount(Invalid):
    code = "other_account"
    text = _("The statement is of another bank account, or in another currency.")


class PartsDiffer(Invalid):
    code = "parts_differ"
    text = _("The parts do not make the amount of the line.")


class LineDone(WrongState):
    """Somebody else booked the line first."""

    code = "line_done"
    text = _("Somebody booked this line meanwhile. Nothing of yours was booked.")


class AlreadyTied(WrongState):
    code = "already_tied"
    text = _("This payment stands on another line of a bank statement already.")


class NotThisPayment(Invalid):
    code = "not_this_payment"
    text = _("This payment does not fit the line: its amount, currency or state is another.")


class ProposalChanged(WrongState):
    code = "proposal_changed"
    text = _("What the line may be has changed since you looked: an invoice was paid, or another line took it.")
