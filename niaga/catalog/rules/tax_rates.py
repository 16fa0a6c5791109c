"""The rates that Indonesian tax categories start with. They become rows with dates; nothing computes from here."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class NewTaxRate(NamedTuple):
    """A rate from a date on: `percent` of `base_numerator` / `base_denominator` of the net price."""

    valid_from: date
    transaction_code: str
    """The Indonesian tax office's; empty elsewhere."""
    percent: Decimal
    base_numerator: int = 1
    base_denominator: int = 1
    luxury_percent: Decimal = Decimal(0)
    """PPnBM, charged by producers and importers beside PPN, in percent of the whole net price."""
    country: str = ""
    """Of delivery, ISO 3166-1 alpha-2; `*` is abroad, empty everywhere else."""
    region: str = ""
    """Province or state of delivery; several with commas between."""
    with_tax_number: bool = False
    """Only for buyers who have a tax number."""
    note: str = ""
    """Printed on documents, such as why no tax is charged."""

    @property
    def begins(self) -> tuple[date, str, str, bool]:
        """What no two rates of a category share."""
        return self.valid_from, self.country, self.region, self.with_tax_number


_NIL = Decimal(0)
_OLDEST = date(2010, 4, 1)
_ELEVEN = date(2022, 4, 1)
_TWELVE = date(2025, 1, 1)

# 10 % from 2010 (UU 42/2009), 11 % from 2022-04-01 (UU 7/2021), 12 % from 2025-01-01 with a base of 11/12 for all
# but luxury goods (PMK 131/2024, PMK 11/2025).
INDONESIA: dict[str, tuple[NewTaxRate, ...]] = {
    "general": (
        NewTaxRate(_OLDEST, "01", Decimal(10)),
        NewTaxRate(_ELEVEN, "01", Decimal(11)),
        NewTaxRate(_TWELVE, "04", Decimal(12), 11, 12),
    ),
    "luxury": (
        NewTaxRate(_OLDEST, "01", Decimal(10)),
        NewTaxRate(_ELEVEN, "01", Decimal(11)),
        NewTaxRate(_TWELVE, "01", Decimal(12)),
    ),
    "exempt": (NewTaxRate(_OLDEST, "08", _NIL),),
    "not_collected": (NewTaxRate(_OLDEST, "07", _NIL),),
}

# A company outside of Indonesia sets its own rates; until then nothing is added to its prices.
ELSEWHERE: dict[str, tuple[NewTaxRate, ...]] = {
    "general": (NewTaxRate(date(2000, 1, 1), "", _NIL),),
    "exempt": (NewTaxRate(date(2000, 1, 1), "", _NIL),),
}
