"""Pure arithmetic of prices and tax."""

from niaga.pricing.rules.price_lines import price_lines
from niaga.pricing.rules.priced import Fault, PricedDocument, PricedLine, PriceRefused, Problem, Step, TaxGroup
from niaga.pricing.rules.request import (
    EVERYBODY,
    Buyer,
    LineKind,
    LineRequest,
    ListEntry,
    PriceRequest,
    TaxCategory,
    TaxPolicy,
    TaxRate,
    TaxRounding,
)

__all__ = [
    "EVERYBODY",
    "Buyer",
    "Fault",
    "LineKind",
    "LineRequest",
    "ListEntry",
    "PriceRefused",
    "PriceRequest",
    "PricedDocument",
    "PricedLine",
    "Problem",
    "Step",
    "TaxCategory",
    "TaxGroup",
    "TaxPolicy",
    "TaxRate",
    "TaxRounding",
    "price_lines",
]
