from niaga.pricing.models.price_list import WHOM, PriceList, PriceListEntry

__all__ = ["WHOM", "PriceList", "PriceListEntry"]
