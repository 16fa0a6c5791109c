from niaga.pricing.models.coupon import Coupon, PromotionUsage, PromotionUse
from niaga.pricing.models.loyalty import (
    LoyaltyExclusion,
    LoyaltyProgramme,
    LoyaltyTier,
    PointsAccount,
    PointsEntry,
    PointsLot,
    PointsNotice,
    PointsTaking,
    TierChange,
)
from niaga.pricing.models.price_change import PriceChange, PriceChangeEntry, Publication
from niaga.pricing.models.price_list import WHOM, PriceList, PriceListEntry, PriceListRule, RuleBookVersion
from niaga.pricing.models.promotion import Promotion, PromotionScope, PromotionTier

__all__ = [
    "WHOM",
    "Coupon",
    "LoyaltyExclusion",
    "LoyaltyProgramme",
    "LoyaltyTier",
    "PointsAccount",
    "PointsEntry",
    "PointsLot",
    "PointsNotice",
    "PointsTaking",
    "PriceChange",
    "PriceChangeEntry",
    "PriceList",
    "PriceListEntry",
    "PriceListRule",
    "Promotion",
    "PromotionScope",
    "PromotionTier",
    "PromotionUsage",
    "PromotionUse",
    "Publication",
    "RuleBookVersion",
    "TierChange",
]
