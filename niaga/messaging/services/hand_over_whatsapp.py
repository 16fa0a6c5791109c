"""Giving one message to WhatsApp's Cloud API, and saying for certain what is known of it afterwards."""

from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from niaga.messaging.rules.whatsapp_call import ADDRESS, LATER, LOGIN, TEMPLATE
from niaga.messaging.services.hand_over import Answer, Outcome

TIMEOUT = httpx.Timeout(20, connect=10)
"""Seconds to wait for any single answer."""
_BIGGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """Through which number of ours a message goes."""

    phone_id: str
    token: str


def hand_over_whatsapp(*, line: Line, body: dict[str, Any]) -> tuple[Answer, str]:
    """Connect, give the message, read the answer: what is known, and the message's id at WhatsApp.

    Never raises for what a server or network does. What broke before anything was sent is surely not sent; whatever
    breaks after that, a failure of theirs (5xx) too, may have been taken.
    """
    url = f"{settings.WHATSAPP_URL}/{line.phone_id}/messages"
    try:
        answer = httpx.post(
            url, json=body, headers={"Authorization": f"Bearer {line.token}"}, timeout=TIMEOUT, trust_env=True
        )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        return Answer(Outcome.LATER, "wa_unreachable", _words(error)), ""
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, ValueError) as error:
        return Answer(Outcome.NEVER, "wa_login", _words(error)), ""
    except httpx.HTTPError as error:
        return Answer(Outcome.UNKNOWN, "wa_broken", _words(error)), ""
    return _read(answer)


def _read(answer: httpx.Response) -> tuple[Answer, str]:
    told = _json(answer)
    if answer.is_success:
        try:
            return Answer(Outcome.ACCEPTED), str(told["messages"][0]["id"])[:200]
        except (KeyError, IndexError, TypeError):
            return Answer(Outcome.UNKNOWN, "wa_broken", f"{answer.status_code}"), ""
    fault = told.get("error") if isinstance(told, dict) else None
    fault = fault if isinstance(fault, dict) else {}
    told_code = fault.get("code")
    code = told_code if isinstance(told_code, int) else -1
    words = f"{answer.status_code} {code if code >= 0 else ''} {fault.get('message', '')}"[:300].strip()
    if answer.status_code >= 500:
        return Answer(Outcome.UNKNOWN, "wa_broken", words), ""
    if answer.status_code == 429 or code in LATER:
        return Answer(Outcome.LATER, "wa_busy", words), ""
    return Answer(Outcome.NEVER, reason_of(code, answer.status_code), words), ""


def reason_of(code: int, status: int = 400) -> str:
    """The code of `queries.reasons` for an error of WhatsApp's."""
    if code in ADDRESS:
        return "wa_address"
    if code in TEMPLATE:
        return "wa_template"
    return "wa_login" if code in LOGIN or status in (401, 403) else "wa_refused"


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json() if len(answer.content) <= _BIGGEST else {}
    except ValueError:
        return {}


def _words(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:300]
