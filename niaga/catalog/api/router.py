"""Products and their settings at /api/v1."""

from ninja import Router

from niaga.catalog.api import products, settings

router = Router()
for _prefix, _router in (
    ("/products", products.router),
    ("/product-categories", settings.categories),
    ("/product-families", settings.families),
    ("/units", settings.units),
    ("/tax-categories", settings.taxes),
):
    router.add_router(_prefix, _router)
