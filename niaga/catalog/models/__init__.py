from niaga.catalog.models.product import Barcode, BundlePart, Category, Product, ProductFamily, ProductUnit
from niaga.catalog.models.settings_version import SettingsVersion
from niaga.catalog.models.substitute import ProductSubstitute, SubstitutePrice
from niaga.catalog.models.tax_category import TaxCategory, TaxRate
from niaga.catalog.models.unit import Unit

__all__ = [
    "Barcode", "BundlePart", "Category", "Product", "ProductFamily", "ProductSubstitute", "ProductUnit",
    "SettingsVersion", "SubstitutePrice", "TaxCategory", "TaxRate", "Unit",
]  # fmt: skip
