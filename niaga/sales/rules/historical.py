"""History as another system kept it: what rows look like before they are sales of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field

HISTORY_COLUMNS = (
    "number", "date", "branch", "customer", "salesperson", "product", "quantity", "amount", "discount", "coupon",
    "gross", "currency",
)  # fmt: skip
"""Columns of the staged rows, all text; `row` (int) is the row in the file."""

MOST_PLACEHOLDERS = 1_000
MOST_PLACEHOLDER_SHARE = 0.05
"""More unknown products than this, and than this share of those named: somebody forgot to move the products in."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How the file writes figures and days: regular expressions that PostgreSQL reads, and the signs behind them.

    `typed`: the stage holds figures as numbers already.
    """

    typed: bool = False

    plain: str = r"^[-+]?[0-9]{1,13}([.][0-9]{1,10})?$"
    grouped: str = r"^(?!)"
    sign: str = r"^(?!)"
    decimal: str = "."
    grouping: str = ","
    month_first: bool = False
    months: Mapping[str, int] = field(default_factory=dict)
    """What months are called, in small letters."""


@dataclass(frozen=True, slots=True)
class HistoryCounts:
    """What a file of history holds. Figures are in the company's currency.

    `not_positive` counts lines with a quantity of zero or less, `rounded` those with more than four decimals,
    `placeholders` the products that no list knew and that were made, archived.
    """

    sales: int = 0
    lines: int = 0
    total: str = "0"
    discount: str = "0"
    coupon: str = "0"
    first_day: str = ""
    last_day: str = ""
    not_positive: int = 0
    rounded: int = 0
    placeholders: int = 0
    without_customer: int = 0
