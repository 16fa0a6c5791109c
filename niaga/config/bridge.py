"""Django's WSGI application behind an ASGI server, in threads that live as long as the process.

The threads keep their database connections, so a request costs no new one; live updates share the port and need no
thread each. What was measured against a plain WSGI server stands in docs/adr.
"""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from typing import IO, Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

THREADS = int(os.environ.get("NIAGA_WEB_THREADS") or 8)
IN_MEMORY = 1024 * 1024
POOL = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="request")


TOO_LARGE = "niaga.too_large"
"""In the environment of a request whose body was not taken: the bytes it may have."""
LISTEN_ON = 30
"""Seconds for which the body that nobody wants is still read."""


class _TooLarge(Exception):
    """:param more: whether some of the body is still to come"""

    def __init__(self, *, more: bool) -> None:
        self.more = more


class Bridge:
    """Answers HTTP requests with a WSGI application.

    :param limit: bytes a request's body may have. With more the application gets an empty body and `TOO_LARGE` in its
        environment: it answers at once, in its own words, and what still comes is thrown away
    """

    def __init__(self, application: Wsgi, *, limit: int) -> None:
        self.application = application
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            body = await self._body(scope, receive)
        except _TooLarge as too_large:
            environ = {**_environment(scope, BytesIO()), "CONTENT_LENGTH": "0", TOO_LARGE: self.limit}
            await loop.run_in_executor(POOL, self._answer, loop, environ, send)
            if too_large.more:
                await _throw_away(receive)
            return
        if body is None:
            return
        try:
            await loop.run_in_executor(POOL, self._answer, loop, _environment(scope, body), send)
        finally:
            body.close()

    async def _body(self, scope: Scope, receive: Receive) -> IO[bytes] | None:
        """The whole body, on disk when large. None: the client went away.

        :raises _TooLarge: more than the limit is announced, or came
        """
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        size = int(announced) if announced.isdigit() else 0
        if size > self.limit:
            raise _TooLarge(more=True)
        body: IO[bytes] = BytesIO() if size <= IN_MEMORY else tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        received = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                return None
            chunk = message.get("body", b"")
            received += len(chunk)
            if received > self.limit:
                body.close()
                raise _TooLarge(more=message.get("more_body", False))
            body.write(chunk)
            if not message.get("more_body", False):
                body.seek(0)
                return body

    def _answer(self, loop: asyncio.AbstractEventLoop, environ: dict[str, Any], send: Send) -> None:
        """Run the application and send what it says; in a thread of the pool."""
        start: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            start["status"] = int(status[:3])
            start["headers"] = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

        def deliver(*messages: dict[str, Any]) -> None:
            asyncio.run_coroutine_threadsafe(_send_all(send, messages), loop).result()

        answer = self.application(environ, start_response)
        try:
            head = {"type": "http.response.start", **start}
            if getattr(answer, "streaming", False):
                deliver(head)
                for chunk in answer:
                    deliver({"type": "http.response.body", "body": chunk, "more_body": True})
                deliver({"type": "http.response.body", "body": b""})
            else:
                deliver(head, {"type": "http.response.body", "body": b"".join(answer)})
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()


async def _send_all(send: Send, messages: Iterable[dict[str, Any]]) -> None:
    for message in messages:
        await send(message)


async def _throw_away(receive: Receive) -> None:
    """Read on for a while: a client that is cut off while it still sends does not look at the answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LISTEN_ON):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return


def _environment(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": str(client[0]),
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": _Errors(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1"), value.decode("latin-1")
        if "_" in name:  # it would pass for the header with a dash
            continue
        if name == "content-length":
            environ["CONTENT_LENGTH"] = text
        elif name == "content-type":
            environ["CONTENT_TYPE"] = text
        else:
            key = "HTTP_" + name.upper().replace("-", "_")
            if key in environ:
                text = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
            environ[key] = text
    return environ


class _Errors:
    """`wsgi.errors`: the process's error output."""

    def write(self, text: str) -> int:
        return os.write(2, text.encode())

    def writelines(self, lines: Iterable[str]) -> None:
        self.write("".join(lines))

    def flush(self) -> None:
        pass
