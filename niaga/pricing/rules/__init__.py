"""Pure arithmetic of prices and tax."""

from niaga.pricing.rules.book import Basis, PriceList, PriceRule, RuleBook
from niaga.pricing.rules.buyer import EVERYBODY, Buyer
from niaga.pricing.rules.loyalty import Points, Programme
from niaga.pricing.rules.price_lines import price_lines
from niaga.pricing.rules.priced import Fault, PricedDocument, PricedLine, PriceRefused, Problem, Step, TaxGroup
from niaga.pricing.rules.request import (
    Gift,
    Kept,
    LineKind,
    LineRequest,
    ListEntry,
    PriceRequest,
    TaxCategory,
    TaxPolicy,
    TaxRate,
    TaxRounding,
)
from niaga.pricing.rules.treatment import Place, Taxing, Treatment, place_of, read_treatments, thawed

__all__ = [
    "EVERYBODY",
    "Basis",
    "Buyer",
    "Fault",
    "Gift",
    "Kept",
    "LineKind",
    "LineRequest",
    "ListEntry",
    "Place",
    "Points",
    "PriceList",
    "PriceRefused",
    "PriceRequest",
    "PriceRule",
    "PricedDocument",
    "PricedLine",
    "Problem",
    "Programme",
    "RuleBook",
    "Step",
    "TaxCategory",
    "TaxGroup",
    "TaxPolicy",
    "TaxRate",
    "TaxRounding",
    "Taxing",
    "Treatment",
    "place_of",
    "price_lines",
    "read_treatments",
    "thawed",
]
