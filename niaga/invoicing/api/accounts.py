"""Receivables by age, and statements of account."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from niaga.core.api import Page, page_of
from niaga.core.clock import now, today
from niaga.core.errors import Invalid
from niaga.invoicing.api import account_schemas as schemas
from niaga.invoicing.queries.account_sources import Narrowed
from niaga.invoicing.queries.open_items import ageing, open_items
from niaga.invoicing.queries.statement import statement_of
from niaga.invoicing.rules.statement_period import statement_period
from niaga.invoicing.services.send_statement import send_statement
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for

router = Router(tags=["invoices"])
_SUMS = tuple(schemas.Ages.model_fields)


def _day(request: HttpRequest, query: schemas.AgeingQuery) -> dt.date:
    access = access_of(request.user)
    access.require("invoice", "view")
    latest = today(at=now(), zone=access.current_company.zone)
    if query.as_of is not None and query.as_of > latest:
        raise Invalid(_("Ageing is told up to today."), field="as_of")
    return query.as_of or latest


def _narrowed(query: schemas.AgeingQuery) -> Narrowed:
    return Narrowed(query.customer_id, query.branch_id, query.salesperson_id)


@router.get("/ageing", response=schemas.AgeingOut, summary="Receivables by age")
def list_ageing(request: HttpRequest, query: Query[schemas.AgeingListQuery]) -> Any:
    """What customers owed at the end of a day, by how long it was overdue, with the totals of all of them."""
    day = _day(request, query)
    rows = ageing(by=request.user, day=day, narrowed=_narrowed(query)).select_related("customer")
    if query.group_id:
        rows = rows.filter(customer__group=query.group_id)
    totals = rows.order_by().aggregate(**{name: Coalesce(Sum(name), Decimal(0)) for name in _SUMS})
    page = page_of(rows, order=("-receivable", "customer"), query=query)
    return {"as_of": day, "currency": access_of(request.user).current_company.currency, "totals": totals, **page}


@router.get("/ageing/items", response=Page[schemas.OpenItemOut], summary="List open items")
def list_open_items(request: HttpRequest, query: Query[schemas.AgeingQuery]) -> Any:
    """The parts of invoices that were open at the end of a day, and what stood to customers' credit."""
    day = _day(request, query)
    return page_of(open_items(by=request.user, day=day, narrowed=_narrowed(query)), order=("date", "id"), query=query)


@router.get("/customers/{customer_id}/statement", response=schemas.StatementOut, summary="A customer's statement")
def read_statement(request: HttpRequest, customer_id: UUID, query: Query[schemas.StatementQuery]) -> Any:
    """Statement of account: opening balance, movements and closing balance by currency, and what is open at the end.
    As PDF: `GET /papers/statement/{customer_id}?variant=<since>_<until>_<currency>`."""
    today_here = today(at=now(), zone=access_of(request.user).current_company.zone)
    since, until = statement_period(query.since, query.until, today=today_here)
    return statement_of(customer_id=customer_id, since=since, until=until, by=request.user)


@router.post(
    "/customers/{customer_id}/statement/sending",
    response=schemas.StatementSentOut,
    summary="Mail a customer's statement",
)
def post_statement_sending(request: HttpRequest, customer_id: UUID, body: schemas.StatementSendingIn) -> Any:
    """Mail the statement of account of one currency as PDF. What became of it: `GET /emails`."""
    customer_for(request.user, customer_id)
    email_id = send_statement(customer_id=customer_id, by=request.user, at=now(), **body.dict())
    return Status(200, {"email_id": email_id})
