"""What payments refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.approvals.errors import ApprovalNeeded
from niaga.core.errors import Invalid, Refusal, WrongState


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


class GiroNotReturned(WrongState):
    code = "giro_not_returned"
    text = _("Only a giro that the bank returned costs its customer a fee.")


class GiroFeeCharged(WrongState):
    """Whatever is clicked, retried or raced: a returned giro's fee is charged once."""

    code = "giro_fee_charged"
    text = _("The fee of this returned giro is charged already.")


class NoGiroFee(WrongState):
    code = "no_giro_fee"
    text = _("No fee is charged for this payment.")


class GiroFeeWaived(WrongState):
    code = "giro_fee_waived"
    text = _("Nothing of this fee is charged any more.")


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


class PayoutTied(WrongState):
    code = "payout_tied"
    text = _("This payout stands on another line of a bank statement already.")


class NotThisPayout(Invalid):
    code = "not_this_payout"
    text = _("This payout does not fit the line: its amount, currency or bank account is another.")


class ProposalChanged(WrongState):
    code = "proposal_changed"
    text = _("What the line may be has changed since you looked: an invoice was paid, or another line took it.")


class GatewayMissing(Invalid):
    code = "gateway_missing"
    text = _("No payment gateway is set up. Add one under Settings, Payment gateways.")


class MethodNotOffered(Invalid):
    code = "method_not_offered"
    text = _("This way to pay is not offered.")


class OnlyRupiah(Invalid):
    code = "only_rupiah"
    text = _("Gateways and QRIS take whole rupiah only.")


class NothingToPay(Invalid):
    code = "nothing_to_pay"
    text = _("Nothing is open on this invoice.")


class TooManyRequests(Refusal):
    status = 429
    code = "too_many_requests"
    text = _("Too many ways to pay this invoice were made today. Use one of them, or try again tomorrow.")


class BadGatewayAccount(Invalid):
    code = "bad_gateway_account"
    text = _("Copy the key as the gateway shows it: without spaces and line breaks.")


class RefundTooMuch(Invalid):
    code = "refund_too_much"
    text = _("More is refunded than is left of it.")


class RefundNeedsApproval(ApprovalNeeded):
    """A rule asks for a yes before so much money goes back. `amount` is how much, in the payment's currency."""

    code = "refund_needs_approval"


class NotRefundableThere(Invalid):
    code = "not_refundable_there"
    text = _("The gateway cannot give this payment back by itself. Refund it by transfer or in cash.")


class BadQrisText(Invalid):
    code = "bad_qris"
    text = _("This is no QRIS code. Paste the whole text that a scanner reads from it; it begins with 000201.")


class BadQrisPicture(Invalid):
    """Nothing on a picture can be the company's code; `text` says why."""

    code = "bad_qris_picture"
    text = _("No code can be read on this picture. Take it from straight ahead, sharp, and without reflections.")


class NothingToPayOut(Invalid):
    """No payment settles the invoice of a credit note any more, or nothing is left of the note."""

    code = "nothing_to_pay_out"
    text = _(
        "No money can go back for this: either its credit is used up, or no payment settles its invoice any more. What"
        " is left stays the customer's credit, for a later invoice."
    )
