from niaga.pricing.models.price_change import PriceChange, PriceChangeEntry, Publication
from niaga.pricing.models.price_list import WHOM, PriceList, PriceListEntry, PriceListRule, RuleBookVersion

__all__ = [
    "WHOM",
    "PriceChange",
    "PriceChangeEntry",
    "PriceList",
    "PriceListEntry",
    "PriceListRule",
    "Publication",
    "RuleBookVersion",
]
