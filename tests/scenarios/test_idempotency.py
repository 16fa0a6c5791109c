"""`Idempotency-Key` under real concurrency: several server threads with connections of their own, and a real kill."""

import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from niaga.core.clock import now
from niaga.core.models import StoredAnswer
from niaga.organization.access import SYSTEM
from niaga.organization.models import Grant, User
from niaga.organization.services.create_token import create_token
from niaga.parties.models import Customer
from tests.makers import make_world

pytestmark = pytest.mark.django_db(transaction=True)
_processes = multiprocessing.get_context("fork")


def program(user: User) -> Client:
    token = create_token(user_id=user.id, name="test", by=SYSTEM, at=now())
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def send(api: Client, key: str, name: str = "Toko Satu") -> Any:
    return api.post(
        "/api/v1/customers", {"name": name}, content_type="application/json", headers={"Idempotency-Key": key}
    )


def _in_a_thread(api: Client, key: str) -> tuple[int, str]:
    try:
        answer = send(api, key)
        return answer.status_code, answer.json().get("code", "") if answer.status_code != 201 else answer.json()["id"]
    finally:
        connections.close_all()


def test_of_eight_equal_posts_at_once_one_does_the_deed_and_the_others_wait_or_get_its_answer():
    api = program(make_world().owner)

    with ThreadPoolExecutor(8) as threads:
        came = list(threads.map(lambda _turn: _in_a_thread(api, "same"), range(8)))

    done = {said for status, said in came if status == 201}
    assert {said for status, said in came if status != 201} <= {"idempotency_in_flight"}
    assert {status for status, _said in came} <= {201, 409}
    assert len(done) == 1
    assert Customer.objects.filter(name="Toko Satu").count() == 1
    assert send(api, "same").json()["id"] == done.pop()


def test_while_a_post_is_at_work_its_key_is_answered_at_once_and_after_it_with_the_stored_answer():
    world = make_world()
    api = program(world.owner)
    held = _processes.Event()
    go = _processes.Event()
    worker = _processes.Process(target=_hold_and_send, args=(api, held, go))
    connections.close_all()
    worker.start()
    assert held.wait(60)

    begun = time.monotonic()
    meanwhile = send(api, "slow")
    waited = time.monotonic() - begun
    go.set()
    worker.join(60)
    after = send(api, "slow")

    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "idempotency_in_flight")
    assert waited < 20  # the deed holds its locks much longer: nobody queued behind it
    assert (after.status_code, after["Idempotent-Replay"]) == (201, "true")
    assert Customer.objects.filter(name="Toko Satu").count() == 1


def test_a_process_killed_in_the_middle_leaves_nothing_and_the_key_may_be_used_again():
    world = make_world()
    api = program(world.owner)
    held, go = _processes.Event(), _processes.Event()
    worker = _processes.Process(target=_hold_and_send, args=(api, held, go))
    connections.close_all()
    worker.start()
    assert held.wait(60)

    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join(60)
    left = (StoredAnswer.objects.count(), Customer.objects.filter(name="Toko Satu").count())
    again = _until_free(api)

    assert left == (0, 0)
    assert (again.status_code, "Idempotent-Replay" in again) == (201, False)
    assert Customer.objects.filter(name="Toko Satu").count() == 1


def _until_free(api: Client) -> Any:
    """The database takes a moment to see that the killed process is gone."""
    for _turn in range(200):
        answer = send(api, "slow")
        if answer.status_code != 409:
            return answer
        time.sleep(0.1)
    return answer


def _hold_and_send(api: Client, held: Any, go: Any) -> None:
    """Post a customer, and stop in the deed's own transaction, just before the answer is stored."""
    connections.close_all()

    def stop(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "INSERT INTO" in sql and "core_storedanswer" in sql:
            held.set()
            go.wait(120)
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(stop):
            send(api, "slow")
    finally:
        connections.close_all()
        os._exit(0)


def test_a_replay_asks_again_whether_the_person_may_see_it():
    world = make_world()
    api = program(world.owner)
    send(api, "mine")

    Grant.objects.filter(role__company=world.company, role__code="owner", kind="customer").delete()
    replayed = send(api, "mine")

    assert replayed.status_code in (403, 404)
    assert "Toko Satu" not in replayed.content.decode()


def test_keys_belong_to_a_person_and_an_address():
    world, other = make_world(), make_world()
    api, stranger = program(world.owner), program(other.owner)

    first, second = send(api, "k"), send(stranger, "k")
    elsewhere = api.post(
        "/api/v1/tags", {"name": "Grosir"}, content_type="application/json", headers={"Idempotency-Key": "k"}
    )

    assert (first.status_code, second.status_code, elsewhere.status_code) == (201, 201, 201)
    assert first.json()["id"] != second.json()["id"]
    assert send(api, "k", name="Toko Dua").status_code == 422
    assert Customer.objects.count() == 2
