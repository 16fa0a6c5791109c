from niaga.pricing.models.price_list import WHOM, PriceList, PriceListEntry, PriceListRule, RuleBookVersion

__all__ = ["WHOM", "PriceList", "PriceListEntry", "PriceListRule", "RuleBookVersion"]
