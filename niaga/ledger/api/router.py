"""The books: what was posted, the balance of each account, and the months that are closed."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now, today
from niaga.ledger.api import profiles, schemas
from niaga.ledger.queries.account_map import account_map
from niaga.ledger.queries.journal import periods, trial_balance, visible_lines
from niaga.ledger.queries.journal_export import journal_export_for, journal_exports
from niaga.ledger.rules.plan import ChosenAccount
from niaga.ledger.services.close_period import close_period
from niaga.ledger.services.export_journal import export_journal
from niaga.ledger.services.map_accounts import map_accounts
from niaga.ledger.services.reopen_period import reopen_period
from niaga.ledger.web.journal_file import journal_file
from niaga.ledger.web.profile_file import profile_file
from niaga.organization.access import access_of

router = Router(tags=["ledger"])
router.add_router("", profiles.router)


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


@router.get("/account-map", response=schemas.AccountMapOut, summary="Show the account map")
def read_account_map(request: HttpRequest) -> Any:
    """Which account of the company's own plan plays which role in what is posted."""
    access_of(request.user).require("ledger", "view")
    return {"accounts": account_map(by=request.user)}


@router.put("/account-map", response=schemas.AccountMapOut, summary="Change the account map")
def put_account_map(request: HttpRequest, body: schemas.AccountMapIn) -> Any:
    """A change holds for what is posted from now on; what was posted stays on its account."""
    map_accounts(
        company_id=access_of(request.user).current_company.id, by=request.user, at=now(),
        accounts={one.role.value: ChosenAccount(one.code, one.name) for one in body.accounts},
    )  # fmt: skip
    return {"accounts": account_map(by=request.user)}


@router.get("/journal-exports", response=Page[schemas.JournalExportOut], summary="List exports of the journal")
def list_journal_exports(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """What was handed to an accountant, the newest first."""
    access_of(request.user).require("ledger", "view")
    return page_of(journal_exports(by=request.user), order=("-created_at", "-id"), query=query)


@router.post("/journal-exports", response={201: schemas.JournalExportOut}, summary="Export the journal")
def post_journal_export(request: HttpRequest, response: HttpResponse, body: schemas.JournalExportIn) -> Any:
    """Note an export of the journal between two days; its file is under `/content`."""
    company_id = access_of(request.user).current_company.id
    made = export_journal(company_id=company_id, since=body.since, until=body.until, by=request.user, at=now())
    response["Location"] = f"/api/v1/journal-exports/{made.id}"
    return Status(201, made)


@router.get("/journal-exports/{journal_export_id}", response=schemas.JournalExportOut, summary="Show an export")
def read_journal_export(request: HttpRequest, journal_export_id: UUID) -> Any:
    access_of(request.user).require("ledger", "view")
    return journal_export_for(export_id=journal_export_id, by=request.user)


@router.get(
    "/journal-exports/{journal_export_id}/content",
    summary="Download an export of the journal",
    openapi_extra={
        "responses": {
            200: {
                "description": "One line for each line of the journal, as CSV or XLSX.",
                "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def read_journal_export_content(request: HttpRequest, journal_export_id: UUID, query: Query[schemas.FileQuery]) -> Any:
    """Refused when something was posted in these days since: then export them again."""
    if query.journal_profile_id:
        return profile_file(export_id=journal_export_id, profile_id=query.journal_profile_id, by=request.user)
    return journal_file(export_id=journal_export_id, kind=query.format, by=request.user)
