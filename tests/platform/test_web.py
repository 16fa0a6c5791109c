"""The web process: Django behind the bridge, and live updates, spoken to as an ASGI server does."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.test import Client

from niaga.config import bridge, live
from niaga.core.ids import new_id
from niaga.core.registry import document_readers
from niaga.organization.access import SYSTEM
from niaga.organization.services.grant_role import grant_role
from tests.everything import make_everything
from tests.makers import NOW, make_user, make_world


def scope_of(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
    }


class Exchange:
    """What the client sends and what it gets."""

    def __init__(self, *chunks: bytes) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for number, chunk in enumerate(chunks or (b"",)):
            more = number + 1 < len(chunks)
            self.incoming.put_nowait({"type": "http.request", "body": chunk, "more_body": more})
        self.sent: list[dict[str, Any]] = []
        self.changed = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        return await self.incoming.get()

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        self.changed.set()

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])

    async def until(self, text: bytes, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while text not in self.body:
                self.changed.clear()
                await self.changed.wait()


def echo(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/json")])
    facts = {
        "length": len(body),
        "path": environ["PATH_INFO"],
        "x": environ.get("HTTP_X_ONE"),
        "y": environ.get("HTTP_X_Y"),
        "too_large": environ.get(bridge.TOO_LARGE),
    }
    return iter([json.dumps(facts).encode()])


def through_bridge(*chunks: bytes, limit: int = 1000, **headers: str) -> Exchange:
    async def run() -> Exchange:
        exchange = Exchange(*chunks)
        scope = scope_of("/a/ü", "POST", **headers)
        scope["headers"].append((b"x_y", b"smuggled"))
        await bridge.Bridge(echo, limit=limit)(scope, exchange.receive, exchange.send)
        return exchange

    return asyncio.run(run())


def test_a_body_in_pieces_arrives_whole() -> None:
    exchange = through_bridge(b"a" * 300, b"b" * 300, x_one="1")

    assert exchange.status == 200
    facts = json.loads(exchange.body)
    assert facts["length"] == 600
    assert facts["path"].encode("latin-1").decode() == "/a/ü"
    assert facts["x"] == "1"
    assert facts["y"] is None


@pytest.mark.parametrize("headers", [{"content_length": "1001"}, {}])
def test_a_body_that_is_too_large_is_refused_before_it_is_kept(headers: dict[str, str]) -> None:
    started = time.monotonic()

    exchange = through_bridge(b"a" * 600, b"b" * 600, limit=1000, **headers)

    assert time.monotonic() - started < bridge.LISTEN_ON / 2, "it listened on to who had said everything"
    assert json.loads(exchange.body)["too_large"] == 1000
    assert json.loads(exchange.body)["length"] == 0
    assert exchange.incoming.empty()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [("/imports/new", "text/html", "Paling banyak 64 MB"), ("/api/v1/customers", "application/problem+json", "64 MB")],
)
def test_a_body_that_was_not_taken_is_answered_in_words(client: Client, path: str, kind: str, said: str) -> None:
    answer = client.post(path, **{bridge.TOO_LARGE: 64 * 2**20})

    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (413, kind)
    assert said in answer.content.decode()


def test_a_client_that_leaves_in_the_middle_costs_nothing() -> None:
    async def run() -> Exchange:
        exchange = Exchange(b"a", b"b")
        await exchange.incoming.get()
        await exchange.incoming.get()
        exchange.incoming.put_nowait({"type": "http.disconnect"})
        await bridge.Bridge(echo, limit=10)(scope_of("/", "POST"), exchange.receive, exchange.send)
        return exchange

    assert asyncio.run(run()).sent == []


@pytest.fixture
def readers() -> Iterator[set[UUID]]:
    """Documents of the kind `thing` that anybody logged in may see."""
    visible: set[UUID] = set()
    document_readers.add("thing", lambda _user, subject: subject in visible)
    yield visible
    document_readers._items.pop("thing")


@pytest.fixture
def session(client: Client) -> str:
    user = get_user_model().objects.create_user("watcher", password="a long password")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


COMPANY = new_id()


def notify(payload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [live.CHANNEL, payload])


def in_thread_of_its_own(work: Any) -> Any:
    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return asyncio.to_thread(run)


def drop_pool_connections() -> None:
    """The request threads keep their connections; the next test has another database."""
    for _ in range(bridge.THREADS):
        bridge.POOL.submit(connections.close_all).result()


@pytest.mark.django_db(transaction=True)
def test_who_watches_a_document_hears_of_it_and_of_no_other(readers: set[UUID], session: str) -> None:
    mine, other = new_id(), new_id()
    readers.update({mine, other})

    async def run() -> Exchange:
        exchange, stream = Exchange(), live.Live()
        task = asyncio.create_task(
            stream(scope_of(f"/live/documents/thing/{mine}", cookie=session), exchange.receive, exchange.send)
        )
        await exchange.until(b": open")
        for _ in range(50):  # until LISTEN stands
            await in_thread_of_its_own(lambda: notify(f"thing {other} OtherThing {COMPANY}"))
            await in_thread_of_its_own(lambda: notify(f"thing {mine} QuotationAccepted {COMPANY}"))
            if b"QuotationAccepted" in exchange.body:
                break
            await asyncio.sleep(0.1)
        exchange.incoming.put_nowait({"type": "http.disconnect"})
        await asyncio.wait_for(task, 10)
        assert stream.hub.count == 0
        await stream.close()
        return exchange

    try:
        exchange = asyncio.run(run())
    finally:
        drop_pool_connections()
    assert exchange.status == 200
    assert b'event: changed\ndata: {"event": "QuotationAccepted"}' in exchange.body
    assert b"OtherThing" not in exchange.body


@pytest.mark.django_db(transaction=True)
def test_whose_right_is_taken_hears_nothing_more_and_the_stream_ends(readers: set[UUID], session: str) -> None:
    mine = new_id()
    readers.add(mine)

    async def run() -> Exchange:
        exchange, stream = Exchange(), live.Live()
        task = asyncio.create_task(
            stream(scope_of(f"/live/documents/thing/{mine}", cookie=session), exchange.receive, exchange.send)
        )
        await exchange.until(b": open")
        for _ in range(50):  # until LISTEN stands
            await in_thread_of_its_own(lambda: notify(f"thing {mine} QuotationSent {COMPANY}"))
            if b"QuotationSent" in exchange.body:
                break
            await asyncio.sleep(0.1)
        readers.discard(mine)
        await in_thread_of_its_own(lambda: notify(f"thing {mine} QuotationAccepted {COMPANY}"))
        await asyncio.wait_for(task, 10)
        assert stream.hub.count == 0
        await stream.close()
        return exchange

    try:
        exchange = asyncio.run(run())
    finally:
        drop_pool_connections()
    assert b"QuotationSent" in exchange.body
    assert b"QuotationAccepted" not in exchange.body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["quotation", "order", "delivery", "invoice", "payment"])
def test_who_works_in_two_companies_watches_in_the_one_they_chose(client: Client, tmp_path: Path, kind: str) -> None:
    first, second = make_everything("Toko", tmp_path), make_everything("Warung", tmp_path)
    person = make_user(first.world.company, "owner")
    grant_role(user_id=person.pk, company_id=second.world.company.pk, role="owner", by=SYSTEM, at=NOW)
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])

    def answers() -> list[int]:
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        keys = [(kind, UUID(str(whole.ids[f"{kind}_id"]))) for whole in (first, second)]
        return [bridge.POOL.submit(live._key, cookie.encode(), *key).result() is not None for key in keys]

    try:
        in_first = answers()
        client.post(f"/companies/{second.world.company.pk}/choice")
        in_second = answers()
    finally:
        drop_pool_connections()

    assert (in_first, in_second) == ([True, False], [False, True])


@pytest.mark.django_db(transaction=True)
def test_a_list_hears_of_its_own_company_and_only_who_may_view_its_kind_watches(client: Client) -> None:
    world, other = make_world(), make_world()
    finance, picker = make_user(world.company, "finance"), make_user(world.company, "warehouse")

    def cookie_of(person: Any) -> str:
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    async def run(cookie: str) -> Exchange:
        exchange, stream = Exchange(), live.Live()
        task = asyncio.create_task(
            stream(scope_of("/live/lists/invoice", cookie=cookie), exchange.receive, exchange.send)
        )
        while not exchange.body and not task.done():
            await asyncio.sleep(0.05)
        for _ in range(50):  # until LISTEN stands
            if task.done() or b"InvoiceAllocated" in exchange.body:
                break
            await in_thread_of_its_own(lambda: notify(f"invoice {new_id()} InvoiceIssued {other.company.id}"))
            await in_thread_of_its_own(lambda: notify(f"invoice {new_id()} InvoiceAllocated {world.company.id}"))
            await asyncio.sleep(0.1)
        exchange.incoming.put_nowait({"type": "http.disconnect"})
        await asyncio.wait_for(task, 10)
        await stream.close()
        return exchange

    try:
        seen, refused = asyncio.run(run(cookie_of(finance))), asyncio.run(run(cookie_of(picker)))
    finally:
        drop_pool_connections()

    assert (seen.status, refused.status) == (200, 403)
    assert b"InvoiceAllocated" in seen.body
    assert b"InvoiceIssued" not in seen.body


@pytest.mark.django_db(transaction=True)
def test_watching_comes_back_after_the_database_dropped_the_listener(readers: set[UUID], session: str) -> None:
    mine = new_id()
    readers.add(mine)

    def drop_listeners() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND usename = current_user"
            )

    async def run() -> Exchange:
        exchange, stream = Exchange(), live.Live()
        task = asyncio.create_task(
            stream(scope_of(f"/live/documents/thing/{mine}", cookie=session), exchange.receive, exchange.send)
        )
        await exchange.until(b": open")
        await asyncio.sleep(0.5)
        await in_thread_of_its_own(drop_listeners)
        await exchange.until(b"Reconnected", 20)
        exchange.incoming.put_nowait({"type": "http.disconnect"})
        await asyncio.wait_for(task, 10)
        await stream.close()
        return exchange

    try:
        assert asyncio.run(run()).status == 200
    finally:
        drop_pool_connections()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", ["no session", "forged session", "not his document", "unknown kind", "no id"])
def test_nobody_watches_what_he_may_not_see(readers: set[UUID], session: str, case: str) -> None:
    mine = new_id()
    readers.add(mine)
    path, cookie = f"/live/documents/thing/{mine}", session
    if case == "no session":
        cookie = ""
    elif case == "forged session":
        cookie = f"{settings.SESSION_COOKIE_NAME}=0123456789"
    elif case == "not his document":
        path = f"/live/documents/thing/{new_id()}"
    elif case == "unknown kind":
        path = f"/live/documents/secret/{mine}"
    else:
        path = "/live/documents/thing/"

    async def run() -> Exchange:
        exchange, stream = Exchange(), live.Live()
        await stream(scope_of(path, cookie=cookie), exchange.receive, exchange.send)
        return exchange

    try:
        exchange = asyncio.run(run())
    finally:
        drop_pool_connections()
    assert exchange.status == (404 if case == "no id" else 403)
    assert exchange.body == b""


@pytest.mark.django_db
def test_every_page_carries_a_strict_content_policy(client: Client) -> None:
    answer = client.get("/account/login/")

    policy = {part.split()[0]: part.split()[1:] for part in answer["Content-Security-Policy"].split(";")}
    assert policy["default-src"] == ["'self'"]
    assert all("unsafe" not in word for words in policy.values() for word in words)
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]


@pytest.mark.django_db
def test_nobody_signs_up_alone(client: Client) -> None:
    client.post("/account/signup/", {"username": "x", "email": "x@example.com", "password1": "a long password 1"})

    assert not get_user_model().objects.filter(username="x").exists()


@pytest.mark.django_db
def test_after_eight_failed_log_ins_the_door_stays_shut_for_a_while(client: Client, settings: Any) -> None:
    settings.AXES_ENABLED = True
    get_user_model().objects.create_user("target", email="t@example.com", password="the right password")

    for _ in range(8):
        client.post("/account/login/", {"login": "target", "password": "wrong"})
    client.post("/account/login/", {"login": "TARGET", "password": "the right password"})
    assert "_auth_user_id" not in client.session

    other = Client(REMOTE_ADDR="10.1.1.1")
    other.post("/account/login/", {"login": "target", "password": "the right password"})
    assert "_auth_user_id" in other.session


@pytest.mark.django_db
def test_pages_speak_indonesian_until_somebody_chooses_english(client: Client) -> None:
    assert client.get("/account/login/", headers={"accept-language": "en"})["Content-Language"] == "id"

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/account/login/")["Content-Language"] == "en"


@pytest.mark.django_db
def test_what_is_not_there_is_said_as_a_page_and_to_programs_as_a_problem(client: Client) -> None:
    page = client.get("/nothing-here")
    assert page.status_code == 404
    assert "text/html" in page["Content-Type"]

    problem = client.get("/api/v1/nothing-here")
    assert problem.status_code == 404
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["code"] == "not_found"
