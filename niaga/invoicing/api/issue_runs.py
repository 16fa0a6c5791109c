"""Issuing many drafts by a job, and the plan of a draft's instalments."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router, Schema, Status
from pydantic import Field

from niaga.core.api import Amount, Page, PageQuery, expected_version, page_of
from niaga.core.clock import now
from niaga.invoicing.api.schemas import InvoiceOut
from niaga.invoicing.api.views import invoice_out
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.queries.issue_runs import issue_run_for, issue_runs, refused_in
from niaga.invoicing.rules.instalments import MOST, Instalment
from niaga.invoicing.services.cancel_issue_run import cancel_issue_run
from niaga.invoicing.services.plan_instalments import plan_instalments
from niaga.invoicing.services.start_issue_run import MOST as MOST_DRAFTS
from niaga.invoicing.services.start_issue_run import start_issue_run
from niaga.organization.access import access_of

router = Router(tags=["invoices"])


class IssueRunIn(Schema):
    """The drafts; without them all that you may issue."""

    invoice_ids: list[UUID] | None = Field(None, min_length=1, max_length=MOST_DRAFTS)


class IssueRunRow(Schema):
    id: UUID
    status: str = Field(description="`queued`, `running`, `done` or `cancelled`.")
    size: int
    issued: int
    refused: int
    waiting: int
    left: int = Field(description="Drafts that a cancelled run did not come to.")
    created_at: dt.datetime
    finished_at: dt.datetime | None


class RefusedDraft(Schema):
    invoice_id: UUID
    code: str
    reason: str


class IssueRunOut(IssueRunRow):
    refused_drafts: list[RefusedDraft] = Field(description="The first 1,000.")


class InstalmentIn(Schema):
    due_date: dt.date
    amount: Amount = Field(gt=0)


class InstalmentsIn(Schema):
    """Parts of your own, or `count` equal ones by the month from `first` on; neither: by the payment term."""

    parts: list[InstalmentIn] = Field([], max_length=MOST)
    count: int | None = Field(None, ge=2, le=MOST)
    first: dt.date | None = None


def _out(response: HttpResponse, run_id: UUID, by: Any) -> Any:
    run = issue_run_for(run_id=run_id, by=by)
    run.refused_drafts = list(refused_in(run_id)[:1000]) if run.refused else []
    response["Location"] = f"/api/v1/issue-runs/{run.pk}"
    return run


@router.get("/issue-runs", response=Page[IssueRunRow], summary="List bulk issues")
def list_issue_runs(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("invoice", "issue")
    return page_of(issue_runs(by=request.user), order=("-created_at", "-id"), query=query)


@router.get("/issue-runs/{issue_run_id}", response=IssueRunOut, summary="Show a bulk issue")
def read_issue_run(request: HttpRequest, response: HttpResponse, issue_run_id: UUID) -> Any:
    return _out(response, issue_run_id, request.user)


@router.post("/issue-runs", response={201: IssueRunOut}, summary="Issue many drafts")
def post_issue_run(request: HttpRequest, response: HttpResponse, body: IssueRunIn) -> Any:
    """A job issues them one after another; ask how far it is with `GET`. What cannot be issued says why."""
    run = start_issue_run(
        invoice_ids=body.invoice_ids, by=request.user, at=now(), language=get_language() or "id"
    )  # fmt: skip
    return Status(201, _out(response, run.pk, request.user))


@router.post("/issue-runs/{issue_run_id}/cancellation", response=IssueRunOut, summary="Stop a bulk issue")
def post_issue_run_cancellation(request: HttpRequest, response: HttpResponse, issue_run_id: UUID) -> Any:
    """What is issued stays so; the others stay drafts."""
    issue_run_for(run_id=issue_run_id, by=request.user)
    cancel_issue_run(run_id=issue_run_id, by=request.user, at=now())
    return Status(200, _out(response, issue_run_id, request.user))


@router.put("/invoices/{invoice_id}/instalments", response=InvoiceOut, summary="Plan an invoice's instalments")
def put_instalments(request: HttpRequest, response: HttpResponse, invoice_id: UUID, body: InstalmentsIn) -> Any:
    """Part what a draft will claim. Their amounts are exactly `payable`; the plan is frozen when it is issued."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    plan_instalments(
        invoice_id=invoice_id, parts=[Instalment(one.due_date, one.amount) for one in body.parts], count=body.count,
        first=body.first, version=expected_version(request), by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, invoice_out(response, invoice_id=invoice_id, by=request.user))
