"""One declarative class per list: columns, filters, totals, deeds. See README, "A list page"."""

from niaga.ui.lists.columns import (
    Badge,
    Column,
    Day,
    Moment,
    Money,
    Number,
    Percent,
    Quantity,
    Reference,
    Status,
    StatusColumn,
    Text,
)
from niaga.ui.lists.filters import Choice, Days, Filter, Flag, OneDay, Search
from niaga.ui.lists.listing import Listing
from niaga.ui.lists.parts import BulkAction, Done, Empty, Total, View

__all__ = [
    "Badge",
    "BulkAction",
    "Choice",
    "Column",
    "Day",
    "Days",
    "Done",
    "Empty",
    "Filter",
    "Flag",
    "Listing",
    "Moment",
    "Money",
    "Number",
    "OneDay",
    "Percent",
    "Quantity",
    "Reference",
    "Search",
    "Status",
    "StatusColumn",
    "Text",
    "Total",
    "View",
]
