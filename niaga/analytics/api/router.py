"""The start page's figures, for programs."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from niaga.analytics.api import schemas
from niaga.analytics.api.margins import router as margins
from niaga.analytics.queries.start_page import start_page
from niaga.core.clock import now, today
from niaga.organization.access import access_of

router = Router(tags=["figures"])
router.add_router("", margins)


@router.get("/figures", response=schemas.FiguresOut, summary="Show today's figures")
def read_figures(request: HttpRequest) -> Any:
    """Today and this month: booked, invoiced, collected, and what waits. Null is what your role may not see."""
    access = access_of(request.user)
    day = today(at=now(), zone=access.default_branch.zone)
    page = start_page(by=request.user, today=day)
    return {
        "date": day, "currency": access.current_company.currency, "booked": page.booked, "invoiced": page.invoiced,
        "collected": page.collected, "quotations_awaiting": page.awaiting, "orders_to_ship": page.to_ship,
        "invoices_overdue": page.overdue, "days": [{"date": on, "amount": amount} for on, amount in page.days],
    }  # fmt: skip
