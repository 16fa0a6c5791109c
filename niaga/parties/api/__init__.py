"""Customers and their settings at /api/v1."""

from niaga.parties.api import customers, settings

routers = (
    ("/customers", customers.router),
    ("/customer-groups", settings.groups),
    ("/payment-terms", settings.terms),
    ("/tags", settings.tags),
)
