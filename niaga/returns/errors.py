"""What returns refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Forbidden, Invalid, Refusal, WrongState


class OverReturn(Invalid):
    """More would come back than was shipped and is not yet on its way back; each such line is answered."""

    code = "over_return"
    text = _("More would come back than was delivered and is not on its way back already.")


class NothingToReturn(Invalid):
    code = "nothing_to_return"
    text = _("Name at least one line and how much of it comes back.")


class BadReturnLines(Invalid):
    """Lines that can never be right; each is answered."""

    code = "bad_lines"
    text = _("Some lines need your attention.")


class OutsidePolicy(Invalid):
    """A line does not fit the company's policy: who lets it by says why."""

    code = "outside_policy"
    text = _("Some of this does not fit the return policy. Say why it is authorized all the same.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    text = _("Give a reason; it stays with the return.")


class MoreThanAnnounced(Invalid):
    """More came than was announced; each such line is answered."""

    code = "more_than_announced"
    text = _("More came than was announced. Receive what was announced, and note the rest below as not announced.")


class MoreThanCame(Invalid):
    """More would be inspected than came and is undecided; each such line is answered."""

    code = "more_than_came"
    text = _("More would be decided than came in and is not decided yet.")


class NotInvoiced(WrongState):
    """What comes back is not billed, so there is nothing to credit yet."""

    code = "not_invoiced"
    text = _("A part of these goods is not invoiced yet. Invoice the order first, then settle the return.")


class GiftsWorthMore(Invalid):
    """What is kept for gifts is more than is credited."""

    code = "gifts_worth_more"
    text = _("The gifts that stay are worth more than what is credited. Take them back too, or let them stay for free.")


class CouponStays(Invalid):
    code = "coupon_stays"
    text = _("The company gives no coupon back for this.")


class CreditedAlready(Refusal):
    code = "credited_already"
    text = _("What comes back was credited already. Cancel the return, or look at the invoice's credit notes.")


class NoExchange(Invalid):
    """These lines cannot be sent anew as they were sold."""

    code = "no_exchange"
    text = _("This cannot be exchanged as it was sold. Settle it by credit, and write a new order.")


class NoPriceKnown(Invalid):
    """Nobody bought it in the days that are looked back; each such line is answered."""

    code = "no_price_known"
    text = _("Nobody bought some of these in the days that are looked back. Who may sets what is credited for them.")


class PriceNotYours(Forbidden):
    """A price was typed by somebody who may not; each such line is answered."""

    code = "price_not_yours"
    text = _("Only who may set prices of returns can credit another price than the proposed one.")


class OwnReturn(Forbidden):
    """Four eyes: who wrote a return without a document does not let it by."""

    code = "own_return"
    text = _("Nobody decides about their own. Somebody else authorizes a return without a document.")


class ReturnNeedsApproval(WrongState):
    code = "approval_needed"


class NotOfThisOrder(Invalid):
    """The document that was found does not hold these goods; each such line is answered."""

    code = "not_of_this_order"
    text = _("This order does not hold all of these goods, or no more of them can come back.")


class TooManyPhotos(Invalid):
    code = "too_many_photos"
    text = _("At most ten photographs at once. Add the others on the return's page.")


class SupplierUnreachable(Invalid):
    """Goods are sent to a supplier's address, and none is known."""

    code = "supplier_unreachable"
    text = _("This supplier has no address, or was put away. Add the address first: it stands on the slip.")


class GoesToSupplier(WrongState):
    """It does not come to our warehouse."""

    code = "goes_to_supplier"
    text = _("The customer sends this straight to the supplier. Record the supplier's answer instead.")


class MoreThanExpected(Invalid):
    code = "more_than_expected"
    text = _("More would be credited than the supplier still owes for this.")
