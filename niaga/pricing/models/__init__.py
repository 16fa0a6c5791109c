from niaga.pricing.models.price_list import PriceList, PriceListEntry

__all__ = ["PriceList", "PriceListEntry"]
