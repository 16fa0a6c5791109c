"""What other systems told us, and trying again what has stopped."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.organization.queries.incoming_calls import incoming_calls
from niaga.organization.services.retry_calls import retry_calls

router = Router(tags=["company"])


class IncomingCallQuery(PageQuery):
    state: Literal["parked", "waiting", "handled"] | None = None


class IncomingCallOut(Schema):
    """`parked` has stopped and waits for a person; `error` says why the last attempt failed."""

    id: UUID
    source: str
    state: str
    received_at: datetime
    handled_at: datetime | None
    attempts: int
    next_attempt_at: datetime | None
    parked_at: datetime | None
    error: str


class RetriedOut(Schema):
    """How many are tried again."""

    retried: int


@router.get("/incoming-calls", response=Page[IncomingCallOut], summary="List incoming calls")
def list_incoming_calls(request: HttpRequest, query: Query[IncomingCallQuery]) -> Any:
    """What other systems told us, the newest first."""
    rows = incoming_calls(by=request.user)
    if query.state:
        rows = rows.filter(state=query.state)
    return page_of(rows, order=("-received_at", "-id"), query=query)


@router.post("/incoming-calls/{call_id}/retry", response=RetriedOut, summary="Try an incoming call again")
def post_incoming_call_retry(request: HttpRequest, call_id: UUID) -> Any:
    """A call that has stopped is handled again, because a person wants it."""
    return Status(200, {"retried": retry_calls(call_ids=[call_id], by=request.user, at=now())})
