"""What stock refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Forbidden, Invalid, Refusal


class OutOfStock(Refusal):
    """Some lines cannot be held. `lines` says of each how much was wanted and how much is free, in base units."""

    code = "out_of_stock"
    text = _("There is not enough stock for every line. Choose for each: wait for it, split it, or take it out.")


class StockGone(Refusal):
    """What the document counts on is no longer there."""

    code = "stock_gone"
    text = _("The stock changed in the meantime. Reload and try again.")


class NotEnoughFree(Refusal):
    """More would leave than is free. `lines` says of each how much was asked and how much is free, in base units."""

    code = "not_enough_free"
    text = _("Some products have less free stock than this takes away. What is reserved for orders stays.")


class WarehouseMissing(Refusal):
    code = "warehouse_missing"
    text = _("The company has no warehouse yet. Add one in the settings.")


class WarehouseInUse(Refusal):
    """It still holds goods, or has open documents."""

    code = "warehouse_in_use"
    text = _("There are still goods in this warehouse. Move them first.")


class BadStockLines(Invalid):
    """Lines that can never be right: unknown products, quantities below zero. `lines` answers each."""

    code = "bad_lines"
    text = _("Some lines need your attention.")


class OverReceived(Invalid):
    code = "over_received"
    text = _("More was received than is still expected. Add the rest as a receipt of its own.")


class ComesByTransfer(Refusal):
    """Expected goods that another warehouse sent."""

    code = "comes_by_transfer"
    text = _("Another warehouse sent these goods. Receive or change them on the page of the transfer.")


class GoesStraight(Refusal):
    """Expected goods that no warehouse waits for."""

    code = "goes_straight"
    text = _("A supplier sends these goods straight to a customer. Record it on the page of the drop-ship.")


class SupplierNameTaken(Invalid):
    code = "supplier_name_taken"
    text = _("Another supplier has this name.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    text = _("Give a reason; it stays with the document.")


class SameWarehouse(Invalid):
    code = "same_warehouse"
    text = _("Goods are moved from one warehouse to another; choose two different ones.")


class NothingToPlan(Refusal):
    code = "nothing_to_plan"
    text = _("Nothing that has to leave by that day waits for a route.")


class NobodyPicks(Refusal):
    code = "nobody_picks"
    text = _("Goods are picked by a person.")


class NotYourLine(Refusal):
    """Another picker has it, or nobody took it."""

    code = "not_your_line"
    text = _("Somebody else picks this line now. Leave these goods where they are.")


class TooMuchPicked(Invalid):
    code = "too_much_picked"
    text = _("More than is asked for cannot be picked, nor less than nothing.")


class PlateTaken(Invalid):
    code = "plate_taken"
    text = _("Another vehicle has this number plate.")


class LotsShort(Refusal):
    """There is less of good lots than has to leave. `lines` answers each product, in base units."""

    code = "lots_short"
    text = _("There is less in good lots than has to leave. What is blocked or past its day stays.")


class LotNotGood(Refusal):
    """What was fetched is of a lot that is blocked, past its day, or no longer there."""

    code = "lot_not_good"
    text = _("A lot that was fetched is blocked, past its day or used up. Put it back and take another.")


class LotsHere(Refusal):
    """By lot, or no longer by lot: only while there is none of it."""

    code = "lots_here"
    text = _("There is still some of it. It can stop being kept by lot when all of it is gone.")


class LotsMissing(Invalid):
    """What is on hand has to be told apart by lot; `lines` answers each warehouse."""

    code = "lots_missing"
    text = _("Name the lots of everything that is on hand.")


class OtherLot(Invalid):
    code = "other_lot"
    text = _("This lot is not among those that can be taken here.")


class NotYourStop(Forbidden):
    """Only who drives it tells of its door."""

    code = "not_your_stop"
    text = _("This delivery is not in a route of yours, or not any more: the office gave it to somebody else.")


class NotADriver(Invalid):
    code = "not_a_driver"
    text = _("This person may not drive. Give them the role of a driver first.")


class NotTogether(Refusal):
    """Deliveries that cannot travel together. `lines` names each that does not fit, and why."""

    code = "not_together"
    text = _("Only what one customer gets at one address from one warehouse, and what has not left, goes together.")


class GoesTogether(Refusal):
    """It leaves with others, in one deed."""

    code = "goes_together"
    text = _("This delivery travels together with others. Ship them together, or take it out of them first.")
