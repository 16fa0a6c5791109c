from niaga.pricing.models.coupon import Coupon, PromotionUsage, PromotionUse
from niaga.pricing.models.price_list import WHOM, PriceList, PriceListEntry, PriceListRule, RuleBookVersion
from niaga.pricing.models.promotion import Promotion, PromotionScope, PromotionTier

__all__ = [
    "WHOM",
    "Coupon",
    "PriceList",
    "PriceListEntry",
    "PriceListRule",
    "Promotion",
    "PromotionScope",
    "PromotionTier",
    "PromotionUsage",
    "PromotionUse",
    "RuleBookVersion",
]
