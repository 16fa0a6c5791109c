"""Work that failed for good is seen, and done again because a person wants it."""

import pytest
from django.db import connection
from django.test import Client

from niaga.core.errors import Forbidden, WrongState
from niaga.organization.queries.stopped_jobs import stopped_jobs
from niaga.organization.services.retry_jobs import retry_jobs
from tests.makers import NOW, log_in, make_user, make_world

pytestmark = pytest.mark.django_db


def make_job(status: str, queueing_lock: str | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, queueing_lock)"
            " VALUES ('billing', 'niaga.invoicing.jobs.remind', '{}', %s, 3, %s) RETURNING id",
            [status, queueing_lock],
        )
        key: int = cursor.fetchone()[0]
    return key


def state(key: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [key])
        return str(cursor.fetchone()[0])


def test_what_stopped_is_seen_and_tried_again_on_its_page() -> None:
    world = make_world()
    key, done = make_job("failed"), make_job("succeeded")
    client: Client = log_in(world.owner)

    page = client.get("/settings/jobs").content.decode()
    answer = client.post("/settings/jobs/retry", {"job": [str(key), str(done), "x"]})

    assert "remind" in page
    assert answer.status_code in (302, 303)
    assert (state(key), state(done)) == ("todo", "succeeded")
    assert stopped_jobs(by=world.owner) == []


def test_only_what_stopped_is_tried_again_and_only_by_who_manages() -> None:
    world = make_world()
    key, done = make_job("failed"), make_job("succeeded")

    with pytest.raises(WrongState):
        retry_jobs(job_ids=[done], by=world.owner, at=NOW)
    with pytest.raises(Forbidden):
        retry_jobs(job_ids=[key], by=make_user(world.company, "finance"), at=NOW)
    assert state(key) == "failed"


def test_work_that_waits_already_is_not_doubled() -> None:
    world = make_world()
    key = make_job("failed", "reminders:1")
    make_job("todo", "reminders:1")

    with pytest.raises(WrongState):
        retry_jobs(job_ids=[key], by=world.owner, at=NOW)

    assert state(key) == "failed"
