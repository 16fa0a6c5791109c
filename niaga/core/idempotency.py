"""A deed done once per key: the key, the deed and its answer commit in one transaction.

Used for POSTs of the API (`Idempotency-Key`) and for forms (a token in each form against double clicks).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, Refusal
from niaga.core.models import StoredAnswer


class InFlight(Refusal):
    """The same key is at work in another request."""

    code = "idempotency_in_flight"
    text = _("The same request is still being worked on. Ask again in a moment.")


class KeyReused(Invalid):
    """The key came before with another body."""

    code = "idempotency_key_reused"
    text = _("This Idempotency-Key was used for another request.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `replayed` when it comes from the store."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    replayed: bool = False


def _lock_number(principal_id: UUID, path: str, key: str) -> int:
    digest = hashlib.sha256(f"{principal_id}\n{path}\n{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def answer_once(
    *, principal_id: UUID, path: str, key: str, body: bytes, at: datetime, deed: Callable[[], Answer]
) -> Answer:
    """Do the deed, or give the answer it had. Only successes (status below 400) are stored; others roll back.

    :raises InFlight: the same key is at work elsewhere
    :raises KeyReused: the key was used with another body
    """
    body_hash = hashlib.sha256(body).digest()
    refused: Answer | None = None
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_xact_lock(%s::bigint), s.body_hash, s.status, s.headers::text, s.body"
                    " FROM (SELECT 1) AS one LEFT JOIN core_storedanswer s"
                    " ON s.principal_id = %s::uuid AND s.path = %s::text AND s.key = %s::text",
                    [_lock_number(principal_id, path, key), principal_id, path, key],
                )
                free, stored_hash, status, headers, stored_body = cursor.fetchone()
            if stored_hash is not None:
                if bytes(stored_hash) != body_hash:
                    raise KeyReused()
                return Answer(status, bytes(stored_body), orjson.loads(headers), replayed=True)
            if not free:
                raise InFlight()
            answer = deed()
            if answer.status >= 400:
                refused = answer
                transaction.set_rollback(True)
            else:
                StoredAnswer.objects.create(
                    principal_id=principal_id, path=path, key=key, body_hash=body_hash,
                    status=answer.status, headers=answer.headers, body=answer.body, at=at,
                )  # fmt: skip
                return answer
    except IntegrityError as error:
        if "one_answer_per_key" in str(error):  # committed by another between our look and our lock
            raise InFlight() from error
        raise
    return refused


def was_answered(*, principal_id: UUID, path: str, key: str) -> bool:
    """Whether the deed of this key is done."""
    return StoredAnswer.objects.filter(principal_id=principal_id, path=path, key=key).exists()
