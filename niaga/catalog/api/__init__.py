"""Products and their settings at /api/v1."""

from niaga.catalog.api import products, settings

routers = (
    ("/products", products.router),
    ("/product-categories", settings.categories),
    ("/product-families", settings.families),
    ("/units", settings.units),
    ("/tax-categories", settings.taxes),
)
