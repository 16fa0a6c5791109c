"""Work in the background that stopped."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from niaga.core.clock import now
from niaga.organization.queries.stopped_jobs import MOST, stopped_jobs
from niaga.organization.services.retry_jobs import retry_jobs

router = Router(tags=["company"])


class StoppedJobOut(Schema):
    id: int
    task: str
    attempts: int
    failed_at: datetime | None


class RetryIn(Schema):
    job_ids: list[Annotated[int, Field(ge=1, lt=2**63)]] = Field(min_length=1, max_length=MOST)


class RetriedJobsOut(Schema):
    """How many are tried again."""

    retried: int


@router.get("/stopped-jobs", response=list[StoppedJobOut], summary="List stopped work")
def list_stopped_jobs(request: HttpRequest) -> Any:
    """What failed in the background for good, the latest 200."""
    return [job._asdict() for job in stopped_jobs(by=request.user)]


@router.post("/stopped-jobs/retry", response=RetriedJobsOut, summary="Try stopped work again")
def post_stopped_jobs_retry(request: HttpRequest, body: RetryIn) -> Any:
    """Because a person wants it; what did not stop stays as it is."""
    return Status(200, {"retried": retry_jobs(job_ids=body.job_ids, by=request.user, at=now())})
