"""Work in the background that failed for good and waits for a person."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Max
from procrastinate.contrib.django.models import ProcrastinateJob

from niaga.organization.access import Actor, access_of

MOST = 200


class StoppedJob(NamedTuple):
    """What it works on stays in the database: jobs are the installation's, not one company's."""

    id: int
    task: str
    attempts: int
    failed_at: datetime | None


def stopped_jobs(*, by: Actor) -> list[StoppedJob]:
    """The latest 200.

    :raises Forbidden: `by` may not manage settings
    """
    access_of(by).require("setting", "manage")
    rows = ProcrastinateJob.objects.filter(status="failed").annotate(failed_at=Max("procrastinateevent__at"))
    listed = rows.order_by("-id").values_list("id", "task_name", "attempts", "failed_at")
    return [StoppedJob(*row) for row in listed[:MOST]]
