"""A stand-in for WhatsApp's Cloud API on loopback. It counts what it takes by key, and misbehaves as told."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeWhatsapp:
    """`answer`: ok, error (500 after it took the message), refuse, busy, never (hangs up with the message taken),
    silent (answers only when `release` is set)."""

    answer: str = "ok"
    code: int = 131026
    port: int = 0
    bodies: list[dict[str, Any]] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    tokens: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v23.0"


@contextmanager
def whatsapp_server(answer: str = "ok") -> Iterator[FakeWhatsapp]:
    """A server that takes messages until the block ends."""
    fake = FakeWhatsapp(answer)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.tokens.append(self.headers.get("Authorization", ""))
            fake.bodies.append(body)
            if fake.answer in ("refuse", "busy"):
                status = 429 if fake.answer == "busy" else 400
                return self._say(status, {"error": {"code": fake.code, "message": "no"}})
            key = body["biz_opaque_callback_data"]
            fake.taken[key] += 1
            if fake.answer == "never":
                return self.connection.close()
            if fake.answer == "silent":
                fake.release.wait(20)
            if fake.answer == "error":
                return self._say(500, {"error": {"code": 131000, "message": "Something went wrong"}})
            return self._say(200, {"messages": [{"id": f"wamid.{key}"}]})

        def _say(self, status: int, told: dict[str, Any]) -> None:
            text = json.dumps(told).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
            except OSError:
                pass  # who asked is gone

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    fake.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.release.set()
        server.shutdown()
        server.server_close()
