"""What stock refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Refusal


class OutOfStock(Refusal):
    """Some lines cannot be held. `lines` says of each how much was wanted and how much is free, in base units."""

    code = "out_of_stock"
    text = _("There is not enough stock for every line. Choose for each: wait for it, split it, or take it out.")


class StockGone(Refusal):
    """What the document counts on is no longer there."""

    code = "stock_gone"
    text = _("The stock changed in the meantime. Reload and try again.")


class WarehouseMissing(Refusal):
    code = "warehouse_missing"
    text = _("The company has no warehouse yet. Add one in the settings.")
