"""What another system may do to us, and what a typed address may not."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from niaga.core.rules.call import Call
from niaga.core.services import call_out as module
from niaga.core.services.call_out import Outcome, call_out


@contextmanager
def endless() -> Iterator[tuple[str, list[int]]]:
    """A server whose answer does not end; its address, and how many bytes each call took off it."""
    given: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given.append(0)
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    given[-1] += self.wfile.write(b"1" * 65_536)
            except OSError:
                pass

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", given
    server.shutdown()


def test_of_an_answer_without_end_no_more_is_read_than_is_of_use():
    with endless() as (url, given):
        as_json, as_bytes = call_out(Call("GET", url)), call_out(Call("GET", url), bytes_up_to=100_000)

    assert (as_json.outcome, as_json.told) == (Outcome.ANSWERED, None)
    assert (as_bytes.outcome, as_bytes.content) == (Outcome.NEVER, b"")
    assert max(given) < 20_000_000


def test_an_answer_that_does_not_end_in_time_is_uncertain(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "LONGEST", -1.0)

    with endless() as (url, _given):
        answer = call_out(Call("GET", url))

    assert answer.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "[fe80::1]"]
)
def test_a_typed_address_never_leads_into_our_own_network(host: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module.httpx, "stream", lambda *_words, **_more: pytest.fail("it was asked"))

    answer = call_out(Call("GET", f"https://{host}/"), outside_only=True)

    assert answer.outcome is Outcome.NEVER
