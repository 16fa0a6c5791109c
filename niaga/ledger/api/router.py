"""The books: closing a month and opening it again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from niaga.core.api import PROBLEMS
from niaga.core.clock import now
from niaga.ledger.api import schemas
from niaga.ledger.queries.journal import periods
from niaga.ledger.services.close_period import close_period
from niaga.ledger.services.reopen_period import reopen_period
from niaga.organization.access import access_of

router = Router(tags=["ledger"])


@router.get("/periods", response={200: list[schemas.PeriodOut], **PROBLEMS})
def list_periods(request: HttpRequest) -> Any:
    """The months that were ever closed; all others are open."""
    access_of(request.user).require("period", "view")
    return [period for _month, period in sorted(periods(by=request.user).items())]


@router.post("/periods/closure", response={200: schemas.PeriodOut, **PROBLEMS})
def post_period_closure(request: HttpRequest, response: HttpResponse, body: schemas.PeriodIn) -> Any:
    """Close a month: nothing is posted into it any more."""
    company_id = access_of(request.user).current_company.id
    close_period(company_id=company_id, month=body.first, by=request.user, at=now())
    response["Location"] = "/api/v1/periods"
    return Status(200, periods(by=request.user)[body.first])


@router.post("/periods/reopening", response={200: schemas.PeriodOut, **PROBLEMS})
def post_period_reopening(request: HttpRequest, response: HttpResponse, body: schemas.PeriodIn) -> Any:
    """Open a closed month again."""
    company_id = access_of(request.user).current_company.id
    reopen_period(company_id=company_id, month=body.first, by=request.user, at=now())
    response["Location"] = "/api/v1/periods"
    found = periods(by=request.user).get(body.first)
    return Status(200, found or {"starts": body.first, "closed_at": None})
