"""Customers and their settings at /api/v1."""

from ninja import Router

from niaga.parties.api import credit, customers, settings

router = Router()
for _prefix, _router in (
    ("/customers", customers.router),
    ("/credit-policy", credit.router),
    ("/customer-groups", settings.groups),
    ("/payment-terms", settings.terms),
    ("/tags", settings.tags),
):
    router.add_router(_prefix, _router)
