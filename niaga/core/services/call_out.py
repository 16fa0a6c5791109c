"""Asking another system over HTTP, and saying for certain what is known of it afterwards. Called by jobs only."""

import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from niaga.core.rules.call import Call

TIMEOUT = httpx.Timeout(20, connect=10)
"""Seconds to wait for any single answer."""
LONGEST = 60.0
"""Seconds until an answer has come whole: one that drips is given up."""
_BIGGEST = 512 * 1024


class Outcome(StrEnum):
    ANSWERED = "answered"
    LATER = "later"
    """Surely nothing was done: no connection stood, or it is too busy."""
    NEVER = "never"
    """It refuses what was asked."""
    UNKNOWN = "unknown"
    """It may have been done."""


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    status: int = 0
    told: Any = None
    words: str = ""
    content: bytes = b""
    """What came, where it was asked for as bytes."""


def call_out(
    call: Call, *, bytes_up_to: int = 0, timeout: httpx.Timeout = TIMEOUT, outside_only: bool = False
) -> Answer:
    """Send one call. Never raises for what a server or network does; redirects are not followed, and of an answer no
    more is read than is of use.

    The answer is read as JSON, or with `bytes_up_to` kept as it came when it is no longer than that. `outside_only`:
    the address was typed by somebody, and must not lead into the network that this server stands in.
    """
    if outside_only and not _is_outside(call.url):
        return Answer(Outcome.NEVER, words="an address inside of this server's own network")
    most = bytes_up_to or _BIGGEST
    try:
        with httpx.stream(
            call.method, call.url, headers=dict(call.headers), json=call.body, timeout=timeout, follow_redirects=False
        ) as answer:
            content = _read(answer, most)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        return Answer(Outcome.LATER, words=_said(error))
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, ValueError) as error:
        return Answer(Outcome.NEVER, words=_said(error))
    except (httpx.HTTPError, TimeoutError) as error:
        return Answer(Outcome.UNKNOWN, words=_said(error))
    if bytes_up_to and answer.is_success:
        if len(content) > bytes_up_to:
            return Answer(Outcome.NEVER, answer.status_code, words=f"more than {bytes_up_to} bytes")
        return Answer(Outcome.ANSWERED, answer.status_code, content=content)
    told = _json(content)
    words = f"{answer.status_code} {_words(told)}".strip()
    if answer.is_success or (answer.status_code == 404 and told is not None):
        return Answer(Outcome.ANSWERED, answer.status_code, told, words)
    if answer.status_code == 429:
        return Answer(Outcome.LATER, answer.status_code, told, words)
    # 409: a key that is there already; it may be an earlier attempt of ours
    unknown = answer.status_code >= 500 or answer.status_code in (408, 409) or answer.is_redirect
    return Answer(Outcome.UNKNOWN if unknown else Outcome.NEVER, answer.status_code, told, words)


def _is_outside(url: str) -> bool:
    """Whether every address that the name stands for is a public one. A name that stands for none fails by itself."""
    host = urlsplit(url).hostname or ""
    try:
        found = {row[4][0] for row in socket.getaddrinfo(host, None)}
    except OSError:
        return True
    return all(ip_address(str(one).partition("%")[0]).is_global for one in found)


def _read(answer: httpx.Response, most: int) -> bytes:
    """What came, a little more than `most` bytes of it at the most.

    :raises TimeoutError: it took too long
    """
    ends, content = time.monotonic() + LONGEST, b""
    for chunk in answer.iter_bytes(64 * 1024):
        content += chunk
        if len(content) > most:
            break
        if time.monotonic() > ends:
            raise TimeoutError("the answer did not end")
    return content


def _json(content: bytes) -> Any:
    """Figures as they are written: never through a float."""
    try:
        return json.loads(content, parse_float=Decimal) if len(content) <= _BIGGEST else None
    except ValueError:
        return None


def _words(told: Any) -> str:
    if not isinstance(told, Mapping):
        return ""
    for name in ("error_messages", "message", "status_message", "error_code", "words"):
        if told.get(name):
            said = told[name]
            return " ".join(str(one) for one in said)[:300] if isinstance(said, list) else str(said)[:300]
    return ""


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:300]
