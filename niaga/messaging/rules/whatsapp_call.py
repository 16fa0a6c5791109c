"""What WhatsApp's Cloud API is told, and what it tells. Pure.

https://developers.facebook.com/docs/whatsapp/cloud-api: messages, webhooks, error codes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LATER = frozenset({4, 80007, 130429, 131048, 131056, 133016})
"""Error codes that only say: not so fast."""
LOGIN = frozenset({0, 3, 10, 190, 200})
ADDRESS = frozenset({131026, 131021, 131030})
TEMPLATE = range(132000, 133000)


def message_body(*, key: str, to: str, template: str, language: str, values: Sequence[str]) -> dict[str, Any]:
    """A template message; `key` comes back with everything that is told about it."""
    parameters = [{"type": "text", "text": value} for value in values]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to.lstrip("+"),
        "type": "template",
        "template": {
            "name": template,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": parameters}] if parameters else [],
        },
        "biz_opaque_callback_data": key,
    }


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is that of these very bytes."""
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(f"sha256={right}".encode(), header.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a message: `status` is sent, delivered, read or failed."""

    key: str
    provider_id: str
    status: str
    at: datetime | None
    error: str = ""
    code: int = 0


def statuses_of(call: Any) -> Iterator[Told]:
    """Every status in a call; what is not understood is passed over."""
    for value in _values(call, "messages"):
        for row in _rows(value.get("statuses")):
            error = next(iter(_rows(row.get("errors"))), {})
            words = " ".join(str(error.get(name, "")) for name in ("title", "message") if error.get(name))
            yield Told(
                key=str(row.get("biz_opaque_callback_data") or ""),
                provider_id=str(row.get("id") or "")[:200],
                status=str(row.get("status") or ""),
                at=_moment(row.get("timestamp")),
                error=words[:300],
                code=error["code"] if isinstance(error.get("code"), int) else 0,
            )


def _values(call: Any, field: str) -> Iterator[Mapping[str, Any]]:
    for entry in _rows(call.get("entry") if isinstance(call, dict) else None):
        for change in _rows(entry.get("changes")):
            if change.get("field") == field and isinstance(change.get("value"), dict):
                yield change["value"]


def _rows(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (row for row in value if isinstance(row, dict)) if isinstance(value, list) else ()


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
