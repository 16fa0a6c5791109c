"""What sales refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Forbidden, Invalid, Refusal, WrongState


class BadLines(Invalid):
    """Lines that can never be right: unknown products, quantities below zero. `lines` answers each."""

    code = "bad_lines"
    text = _("Some lines need your attention.")


class QuotationExpired(WrongState):
    code = "quotation_expired"
    text = _("This quotation is no longer valid. Ask for a new one.")


class BilledAlready(WrongState):
    code = "billed_already"
    text = _("A part of this order is invoiced already, so how it is billed can no longer be chosen.")


class PricesChanged(Refusal):
    """Prices differ from those the order was written with. `lines` shows old and new, to be taken or kept."""

    code = "prices_changed"
    text = _("Prices changed since this order was written. Take the new ones, or keep the old.")


class DayFull(Refusal):
    """The warehouse is closed on the day, or full. `lines` tells each day, and the next one with room."""

    code = "day_full"
    text = _("The warehouse takes no more on that day. Choose another one, or overfill it knowingly.")


class CreditHeld(Refusal):
    """The order waits for finance: it is asked for a release, or the limit is raised for a while."""

    code = "credit_held"


class CreditExceeded(CreditHeld):
    """The customer's limit would be passed."""

    code = "credit_exceeded"
    text = _("The customer's credit limit would be passed.")


class CreditOverdue(CreditHeld):
    """An invoice of the customer is overdue for too long."""

    code = "credit_overdue"
    text = _("An invoice of this customer is overdue for too long.")


class CreditOnHold(CreditHeld):
    """The account was put on hold by hand."""

    code = "credit_on_hold"
    text = _("The customer's credit is on hold.")


class AskedSupplier(WrongState):
    """Goods of the order are to come straight from a supplier."""

    code = "asked_supplier"
    text = _("A supplier was asked to send goods of this order. Cancel that request first.")


class NotFromSupplier(Invalid):
    """Lines that a supplier cannot send straight to the customer. `lines` answers each."""

    code = "not_from_supplier"
    text = _("Some lines cannot be sent straight by the supplier.")


class SupplierPutAway(WrongState):
    """Lines would be asked of a supplier who was put away. `lines` answers each."""

    code = "supplier_put_away"
    text = _("The supplier of some lines was put away. Choose another one for them under Supply, or our own stock.")


class MoreThanAsked(Invalid):
    """More than the supplier was asked for. `lines` answers each."""

    code = "more_than_asked"
    text = _("More was sent than this request still asks for. Record what it asks for; take the rest in as a receipt.")


class AlreadyAsked(WrongState):
    code = "already_asked"
    text = _("Finance was asked already and has not decided yet.")


class NotHeld(WrongState):
    code = "not_held"
    text = _("The customer's credit allows this: nobody needs to be asked.")


class OwnOrder(Forbidden):
    """Four eyes: who sells it, wrote it or asked for it does not release it."""

    code = "own_order"
    text = _("This is your own order, or you asked yourself. Somebody else decides about it.")


class NothingToDeliver(Refusal):
    code = "nothing_to_deliver"
    text = _("Nothing that is held in stock is left to deliver.")


class OverDelivery(Invalid):
    """More than is left of a line, or than is held for it."""

    code = "over_delivery"
    text = _("More than what is left of a line, or than is held in stock for it.")


class OverInvoicing(Invalid):
    code = "over_invoicing"
    text = _("More than what is left to invoice.")


class EmptyDocument(Invalid):
    code = "empty_document"
    text = _("Add at least one line with a product.")


class NoCustomerAddress(Invalid):
    """There is nobody to send it to."""

    code = "no_address"
    text = _("Give an e-mail address to send it to.")


class LineFixed(Refusal):
    """A line that deliveries or invoices already name: it cannot be less than they hold, nor cost something else."""

    code = "line_fixed"
    text = _("Some lines are already delivered or invoiced as they stand.")


class ChangeMade(WrongState):
    code = "change_made"
    text = _("This change is made already.")


class ChangeNotApproved(WrongState):
    code = "change_not_approved"
    text = _("This change is not approved, so it cannot be made.")


class OrderMoved(WrongState):
    """A change was asked for an order that is another by now."""

    code = "order_moved"
    text = _("The order was changed after this was asked for. Amend it as it is now.")


class AlreadyShipped(WrongState):
    code = "already_shipped"
    text = _("Goods of this order are on their way or delivered. Cancel the rest instead.")


class AlreadyInvoiced(WrongState):
    code = "already_invoiced"
    text = _("This order is invoiced, wholly or in part. Correct it by a credit note.")


class NothingLeft(WrongState):
    code = "nothing_left"
    text = _("Nothing of this order is left to cancel.")


class NothingStarted(WrongState):
    code = "nothing_started"
    text = _("Nothing was delivered or invoiced yet: cancel the whole order instead.")


class NotDone(WrongState):
    code = "not_done"
    text = _("The order is not delivered and invoiced whole. Cancel the rest, then close it.")


class NothingWaiting(WrongState):
    code = "nothing_waiting"
    text = _("No line of this order waits for stock.")


class CannotSplit(Invalid):
    code = "cannot_split"
    text = _("Split off more than nothing and less than what is left of the line.")


class NotOneInvoice(Invalid):
    """Orders that cannot stand on one invoice."""

    code = "not_one_invoice"
    text = _(
        "Orders on one invoice must have the same customer, billing address, branch, currency and way of showing tax."
    )


class GoodsInPlan(Invalid):
    """What leaves a warehouse is promised by an order, not billed by a plan. `lines` answers each."""

    code = "goods_in_plan"
    text = _("Goods from stock are sold by an order. A recurring invoice has services only.")


class RhythmFixed(WrongState):
    code = "rhythm_fixed"
    text = _("A period was made already: end this plan and write a new one to bill other days or another customer.")


class CannotSubstitute(Refusal):
    """Nothing may stand in for this line; the message says why, `facts["why"]` in one word."""

    code = "cannot_substitute"
    text = _("Nothing can go in place of this.")


class NotAgreed(CannotSubstitute):
    """The customer takes no other goods."""

    code = "not_agreed"
    text = _("This customer takes nothing else in its place.")


class NothingShort(WrongState):
    code = "nothing_short"
    text = _("So much of it is not missing, or its delivery has left.")


class DecidedAlready(WrongState):
    code = "decided_already"
    text = _("This was decided already.")
