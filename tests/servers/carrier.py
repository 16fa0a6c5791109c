"""A stand-in for a carrier's programs on loopback. It counts bookings by key, and misbehaves as told."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


@dataclass
class FakeCarrier:
    """`answer`: ok, error (500 after it took the booking), refuse, busy, never (hangs up with the booking taken), lost
    (hangs up and took nothing), garbage (200, and says nothing), silent (answers only when `release` is set)."""

    answer: str = "ok"
    port: int = 0
    cost: str = "18000"
    bodies: list[dict[str, Any]] = field(default_factory=list)
    booked: Counter[str] = field(default_factory=Counter)
    keys: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    label: bytes = PDF
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def carrier_server(answer: str = "ok") -> Iterator[FakeCarrier]:
    """A carrier that takes bookings until the block ends."""
    fake = FakeCarrier(answer)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.bodies.append(body)
            fake.keys.append(self.headers.get("Authorization", ""))
            if fake.answer in ("refuse", "busy"):
                return self._say(429 if fake.answer == "busy" else 400, {"message": "no"})
            if fake.answer == "lost":
                return self.connection.close()
            if self.path.endswith("/rates"):
                rates = [
                    {"service": "YES", "label": "Besok sampai", "cost": "32000", "days": 1},
                    {"service": "REG", "label": "Reguler", "cost": fake.cost, "days": 3},
                    {"service": "?"},
                ]
                return self._say(200, {"rates": rates})  # fmt: skip
            fake.booked[body["key"]] += 1
            if fake.answer == "never":
                return self.connection.close()
            if fake.answer == "silent":
                fake.release.wait(20)
            if fake.answer == "error":
                return self._say(500, {"message": "Something went wrong"})
            return self._say(200, [] if fake.answer == "garbage" else self._booking(body["key"]))

        def do_GET(self) -> None:
            if fake.answer == "busy":
                return self._say(429, {})
            if self.path.endswith("/label"):
                return self._send(200, "application/pdf", fake.label)
            if "/by-key/" in self.path:
                key = self.path.rpartition("/")[2]
                return self._say(200, self._booking(key)) if fake.booked[key] else self._say(404, {"state": "unknown"})
            key = self.path.split("/")[-2].removeprefix("bk-")
            return self._say(200, {"key": key, "events": fake.events})

        def _booking(self, key: str) -> dict[str, Any]:
            return {
                "id": f"bk-{key}", "key": key, "tracking_number": f"TRK{key[-8:].upper()}", "cost": fake.cost,
                "expected_date": "2026-12-01", "label": True,
            }  # fmt: skip

        def _say(self, status: int, told: Any) -> None:
            self._send(status, "application/json", json.dumps(told).encode())

        def _send(self, status: int, kind: str, content: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
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
