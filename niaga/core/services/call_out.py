"""Asking another system over HTTP, and saying for certain what is known of it afterwards. Called by jobs only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import httpx

TIMEOUT = httpx.Timeout(20, connect=10)
"""Seconds to wait for any single answer."""
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
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: Mapping[str, Any] | None = None,
    bytes_up_to: int = 0,
    timeout: httpx.Timeout = TIMEOUT,
) -> Answer:
    """Send one call. Never raises for what a server or network does; redirects are not followed.

    The answer is read as JSON, or with `bytes_up_to` kept as it came when it is no longer than that.
    """
    try:
        answer = httpx.request(method, url, headers=dict(headers), json=body, timeout=timeout, follow_redirects=False)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        return Answer(Outcome.LATER, words=_said(error))
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, ValueError) as error:
        return Answer(Outcome.NEVER, words=_said(error))
    except httpx.HTTPError as error:
        return Answer(Outcome.UNKNOWN, words=_said(error))
    if bytes_up_to and answer.is_success:
        if len(answer.content) > bytes_up_to:
            return Answer(Outcome.NEVER, answer.status_code, words=f"{len(answer.content)} bytes")
        return Answer(Outcome.ANSWERED, answer.status_code, content=answer.content)
    told = _json(answer)
    words = f"{answer.status_code} {_words(told)}".strip()
    if answer.is_success or (answer.status_code == 404 and told is not None):
        return Answer(Outcome.ANSWERED, answer.status_code, told, words)
    if answer.status_code == 429:
        return Answer(Outcome.LATER, answer.status_code, told, words)
    # 409: a key that is there already; it may be an earlier attempt of ours
    unknown = answer.status_code >= 500 or answer.status_code in (408, 409) or answer.is_redirect
    return Answer(Outcome.UNKNOWN if unknown else Outcome.NEVER, answer.status_code, told, words)


def _json(answer: httpx.Response) -> Any:
    """Figures as they are written: never through a float."""
    try:
        return json.loads(answer.content, parse_float=Decimal) if len(answer.content) <= _BIGGEST else None
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
