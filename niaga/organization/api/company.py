"""The company: its profile, how it counts tax and rounds, its bank accounts."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now, today
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.api import schemas
from niaga.organization.models import BankAccount
from niaga.organization.queries.companies import bank_accounts, company_profile
from niaga.organization.queries.fiscal import fiscal_setting, fiscal_settings
from niaga.organization.services.change_company import change_company
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.set_fiscal_setting import set_fiscal_setting

router = Router(tags=["company"])


def _company(request: HttpRequest) -> Any:
    here = access_of(request.user).current_company
    profile = company_profile(here.id)
    facts = {name: getattr(profile, name) for name in profile.__dataclass_fields__}
    return {**facts, "fiscal": fiscal_setting(here.id, today(at=now(), zone=here.zone))}


@router.get("/company", response=schemas.CompanyOut, summary="Show the company")
def read_company(request: HttpRequest) -> Any:
    """The company in which the token works, with the fiscal setting of its today."""
    access_of(request.user).require("setting", "view")
    return _company(request)


@router.patch("/company", response=schemas.CompanyOut, summary="Change the company's profile")
def patch_company(request: HttpRequest, body: schemas.CompanyPatch) -> Any:
    """Only what is sent is changed. Issued documents keep what they said."""
    here = access_of(request.user).current_company
    change_company(company_id=here.id, by=request.user, at=now(), **body.dict(exclude_none=True))
    return _company(request)


@router.get("/fiscal-settings", response=Page[schemas.FiscalOut], summary="List tax and rounding settings")
def list_fiscal_settings(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """How the company counts tax and rounds: each from its day on, the newest first."""
    rows = fiscal_settings(by=request.user, company_id=access_of(request.user).current_company.id)
    return page_of(rows, order=("-valid_from", "-id"), query=query)


@router.put(
    "/fiscal-settings/{valid_from}",
    response=schemas.FiscalOut,
    summary="Set tax and rounding from a day on",
)
def put_fiscal_setting(request: HttpRequest, valid_from: date, body: schemas.FiscalIn) -> Any:
    """What was before that day stays as it was; confirmed documents keep what they froze."""
    here = access_of(request.user).current_company
    return set_fiscal_setting(
        company_id=here.id, valid_from=valid_from, by=request.user, at=now(), **body.dict()
    )  # fmt: skip


@router.get(
    "/bank-accounts",
    response=Page[schemas.BankAccountRow],
    summary="List the company's bank accounts",
)
def list_bank_accounts(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Where customers transfer to, archived ones too."""
    access_of(request.user).require("setting", "view")
    return page_of(bank_accounts(by=request.user), order=("position", "id"), query=query)


def _account(request: HttpRequest, account_id: UUID) -> BankAccount:
    access_of(request.user).require("setting", "view")
    found = bank_accounts(by=request.user).filter(pk=account_id).first()
    if found is None:
        raise NotFound()
    return found


def _kept(request: HttpRequest, account_id: UUID | None = None, **values: Any) -> BankAccount:
    here = access_of(request.user).current_company
    kept_id = keep_bank_account(company_id=here.id, account_id=account_id, by=request.user, at=now(), **values)
    return _account(request, kept_id)


@router.post("/bank-accounts", response={201: schemas.BankAccountRow}, summary="Create a bank account")
def post_bank_account(request: HttpRequest, response: HttpResponse, body: schemas.BankAccountIn) -> Any:
    made = _kept(request, **body.dict())
    response["Location"] = f"/api/v1/bank-accounts/{made.id}"
    return Status(201, made)


@router.get("/bank-accounts/{account_id}", response=schemas.BankAccountRow, summary="Show a bank account")
def read_bank_account(request: HttpRequest, account_id: UUID) -> Any:
    return _account(request, account_id)


@router.put("/bank-accounts/{account_id}", response=schemas.BankAccountRow, summary="Change a bank account")
def put_bank_account(request: HttpRequest, account_id: UUID, body: schemas.BankAccountIn) -> Any:
    return _kept(request, account_id, **body.dict())


@router.put(
    "/bank-accounts/{account_id}/archive",
    response=schemas.BankAccountRow,
    summary="Archive a bank account",
)
def archive_bank_account(request: HttpRequest, account_id: UUID) -> Any:
    return _kept(request, account_id, archived_at=_account(request, account_id).archived_at or now())


@router.delete(
    "/bank-accounts/{account_id}/archive",
    response=schemas.BankAccountRow,
    summary="Restore a bank account",
)
def restore_bank_account(request: HttpRequest, account_id: UUID) -> Any:
    return _kept(request, account_id, archived_at=None)
