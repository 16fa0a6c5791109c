"""`GET /healthz`."""

import pytest
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db


def beat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_workerheartbeat (name, at) VALUES ('w', clock_timestamp() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_health_is_good_while_a_heartbeat_is_younger_than_thirty_seconds(client: Client) -> None:
    beat(25)

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.parametrize("age", [None, 31])
def test_health_is_bad_without_a_worker(client: Client, age: int | None) -> None:
    if age:
        beat(age)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["worker"] == "no heartbeat"
    assert answer.json()["database"] == "ok"


def test_health_is_bad_when_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def refuse() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"
