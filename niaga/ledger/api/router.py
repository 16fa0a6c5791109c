"""The books: what was posted, the balance of each account, and the months that are closed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now, today
from niaga.ledger.api import schemas
from niaga.ledger.queries.journal import periods, trial_balance, visible_lines
from niaga.ledger.services.close_period import close_period
from niaga.ledger.services.reopen_period import reopen_period
from niaga.organization.access import access_of

router = Router(tags=["ledger"])


@router.get("/journal-lines", response=Page[schemas.JournalLineOut], summary="List journal lines")
def list_journal_lines(request: HttpRequest, query: Query[schemas.JournalQuery]) -> Any:
    """What was posted, the newest first; the lines of one `entry_id` add up to nought."""
    access_of(request.user).require("ledger", "view")
    asked = {"account__code": query.account, "entry__source_id": query.source_id, "entry__date__gte": query.since,
             "entry__date__lte": query.until}  # fmt: skip
    rows = visible_lines(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-id",), query=query)


@router.get("/trial-balance", response=schemas.TrialBalanceOut, summary="Show the trial balance")
def read_trial_balance(request: HttpRequest, query: Query[schemas.BalanceQuery]) -> Any:
    """Every account with its debits and credits between two days, and its balance at the end of the last."""
    access = access_of(request.user)
    access.require("ledger", "view")
    until = query.until or today(at=now(), zone=access.current_company.zone)
    since = query.since or until.replace(month=1, day=1)
    rows = trial_balance(by=request.user, upto=until, since=since)
    return {"since": since, "until": until, "currency": access.current_company.currency, "accounts": rows}


@router.get("/periods", response=Page[schemas.PeriodOut], summary="List closed months")
def list_periods(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """The months that were ever closed; all others are open."""
    access_of(request.user).require("period", "view")
    return page_of(periods(by=request.user), order=("starts", "id"), query=query)


@router.post("/periods/closure", response=schemas.PeriodOut, summary="Close a month")
def post_period_closure(request: HttpRequest, response: HttpResponse, body: schemas.PeriodIn) -> Any:
    """Close a month: nothing is posted into it any more."""
    company_id = access_of(request.user).current_company.id
    close_period(company_id=company_id, month=body.first, by=request.user, at=now())
    response["Location"] = "/api/v1/periods"
    return Status(200, periods(by=request.user).get(starts=body.first))


@router.post("/periods/reopening", response=schemas.PeriodOut, summary="Open a month again")
def post_period_reopening(request: HttpRequest, response: HttpResponse, body: schemas.PeriodIn) -> Any:
    """Open a closed month again."""
    company_id = access_of(request.user).current_company.id
    reopen_period(company_id=company_id, month=body.first, by=request.user, at=now())
    response["Location"] = "/api/v1/periods"
    found = periods(by=request.user).filter(starts=body.first).first()
    return Status(200, found or {"starts": body.first, "closed_at": None})
