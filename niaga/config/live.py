"""Live updates of a document and of a list: `GET /live/documents/<kind>/<uuid>`, `GET /live/lists/<kind>`, server-sent
events.

Each process holds one LISTEN connection, however many people watch. What is sent is only the event's name: the page
then fetches the fragment it shows, with the rights of the person who looks.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, close_old_connections
from django.utils.module_loading import import_string

from niaga.config.bridge import POOL, Receive, Scope, Send
from niaga.config.database import direct_parameters
from niaga.core.registry import document_readers
from niaga.organization.access import access_of
from niaga.organization.web.current_company import work_in_chosen

log = logging.getLogger(__name__)

CHANNEL = "niaga_live"
WAITING = 8
"""Events kept for a slow reader; what is more is dropped, since one is enough to make the page look again."""
WATCHERS = 2_000
BEAT = 20.0
LONGEST = 600.0
"""Seconds until a stream ends; the browser comes back by itself and is checked again."""

LIST = "list of "
Key = tuple[str, UUID]
"""Kind and id of a document; of a list `LIST` and the kind, and the company whose it is."""


class Hub:
    """Hands each notification of the database to the queues of those who watch that document."""

    def __init__(self) -> None:
        self.watchers: dict[Key, set[asyncio.Queue[str]]] = {}
        self.count = 0
        self._listener: asyncio.Task[None] | None = None

    def enter(self, key: Key) -> asyncio.Queue[str]:
        queue: asyncio.Queue[str] = asyncio.Queue(WAITING)
        self.watchers.setdefault(key, set()).add(queue)
        self.count += 1
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        return queue

    def leave(self, key: Key, queue: asyncio.Queue[str]) -> None:
        queues = self.watchers.get(key, set())
        queues.discard(queue)
        self.count -= 1
        if not queues:
            self.watchers.pop(key, None)

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()

    async def _listen(self) -> None:
        missed = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**direct_parameters(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    if missed:
                        self._tell_all()
                    while True:
                        async for notice in connection.notifies(timeout=BEAT):
                            self._tell(notice.payload)
                        await connection.execute("SELECT 1")  # a dead connection shows itself
            except psycopg.Error as error:
                missed = True
                log.warning("Live updates: the database went away (%s); trying again", type(error).__name__)
                await asyncio.sleep(1)

    def _tell(self, payload: str) -> None:
        try:
            kind, subject, event, company = payload.split(" ")
            keys = (kind, UUID(subject)), (LIST + kind, UUID(company))
        except ValueError:
            return
        for key in keys:
            for queue in self.watchers.get(key, ()):
                _put(queue, event)

    def _tell_all(self) -> None:
        for queues in self.watchers.values():
            for queue in queues:
                _put(queue, "Reconnected")


def _put(queue: asyncio.Queue[str], event: str) -> None:
    if not queue.full():
        queue.put_nowait(event)


class Live:
    """The ASGI application under /live/."""

    def __init__(self) -> None:
        self.hub = Hub()

    async def close(self) -> None:
        await self.hub.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = _wanted(scope["path"])
        if scope["method"] != "GET" or wanted is None:
            await _plain(send, 404)
            return
        if self.hub.count >= WATCHERS:
            await _plain(send, 503)
            return
        headers = dict(scope["headers"])
        cookie = headers.get(b"cookie", b"")

        async def key_now() -> Key | None:
            return await asyncio.get_running_loop().run_in_executor(POOL, _key, cookie, *wanted)

        key = await key_now()
        if key is None:
            await _plain(send, 403)
            return

        async def allowed() -> bool:
            return await key_now() == key

        queue = self.hub.enter(key)
        try:
            if b"last-event-id" in headers:  # back after a break: something may have been missed
                _put(queue, "Reconnected")
            await self._stream(queue, allowed, receive, send)
        finally:
            self.hub.leave(key, queue)

    async def _stream(
        self, queue: asyncio.Queue[str], allowed: Callable[[], Awaitable[bool]], receive: Receive, send: Send
    ) -> None:
        """Tell what comes into the queue, each time only to who is still `allowed`; the stream of others ends."""
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"text/event-stream"),
                    (b"cache-control", b"no-store"),
                    (b"x-accel-buffering", b"no"),
                ],
            }
        )
        await _chunk(send, "retry: 3000\n: open\n\n")
        gone = asyncio.ensure_future(_gone(receive))
        ends = time.monotonic() + LONGEST
        try:
            while not gone.done() and time.monotonic() < ends:
                waiting = asyncio.ensure_future(queue.get())
                await asyncio.wait({waiting, gone}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
                if waiting.done():
                    if not await _still(allowed):
                        break
                    number = time.time_ns()
                    await _chunk(
                        send, f"id: {number}\nevent: changed\ndata: {json.dumps({'event': waiting.result()})}\n\n"
                    )
                else:
                    waiting.cancel()
                    if not gone.done():
                        await _chunk(send, ": beat\n\n")
            if not gone.done():
                await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()


async def _still(allowed: Callable[[], Awaitable[bool]]) -> bool:
    """While the database is away nobody is judged: the browser asks again, and is refused there if need be."""
    try:
        return await allowed()
    except DatabaseError:
        return True


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _chunk(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _plain(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def _wanted(path: str) -> tuple[str, UUID | None] | None:
    """The kind, and of one document its id; None: no such address."""
    parts = path.strip("/").split("/")
    if len(parts) == 3 and parts[:2] == ["live", "lists"]:
        return parts[2], None
    if len(parts) != 4 or parts[:2] != ["live", "documents"]:
        return None
    try:
        return parts[2], UUID(parts[3])
    except ValueError:
        return None


class _Visitor:
    """As much of a request as it takes to find the person behind a session."""

    def __init__(self, session: Any) -> None:
        self.session = session


def _key(cookie: bytes, kind: str, subject: UUID | None) -> Key | None:
    """What the person of this session would watch; None: they may not. Asked in a thread, for it reads the database."""
    close_old_connections()
    reader = document_readers.get(kind)
    try:
        morsel = SimpleCookie(cookie.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if morsel is None or reader is None:
        return None
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")(session_key=morsel.value)
    user = get_user(_Visitor(store))  # type: ignore[arg-type]
    work_in_chosen(user, store)
    if not (user.is_authenticated and user.is_active):
        return None
    if subject is not None:
        return (kind, subject) if reader(user, subject) else None
    access = access_of(user)
    company_id = access.current_company.id if access.company_ids else None
    return (LIST + kind, company_id) if company_id and access.allows(kind, "view", company_id) else None
