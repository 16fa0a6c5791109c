"""The portal for customers' programs: a group of its own, behind tokens of its own."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from niaga.portal.api import schemas
from niaga.portal.api.auth import PortalAuth
from niaga.portal.api.goods import router as goods
from niaga.portal.api.money import router as money
from niaga.portal.api.office import router as office
from niaga.portal.api.returns import router as returns
from niaga.portal.queries.access import portal_settings

router = Router()
customers = Router(tags=["customer portal"], auth=PortalAuth())


@customers.get("/me", response=schemas.PortalMeOut, summary="Whose pages this token opens")
def read_me(request: HttpRequest) -> Any:
    visitor = request.auth  # type: ignore[attr-defined]
    settings = portal_settings(visitor.company_id)
    return {
        "company": visitor.here.company, "customer": visitor.here.customer, "customer_id": visitor.customer_id,
        "person": visitor.name, "currency": visitor.currency, "takes_orders": settings.takes_orders,
        "takes_returns": settings.takes_returns,
    }  # fmt: skip


for part in (goods, money, returns):
    customers.add_router("", part)
router.add_router("/portal", customers)
router.add_router("", office)
