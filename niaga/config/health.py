"""`GET /healthz`: 200 only when the database answers and a worker is alive."""

from typing import Any

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from niaga.core.queries.worker import OLDEST_HEARTBEAT, heartbeat_age


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    try:
        age = heartbeat_age()
    except Error:
        return _answer({"status": "unavailable", "database": "unreachable", "worker": "unknown"}, status=503)
    alive = age is not None and age < OLDEST_HEARTBEAT
    detail = {
        "status": "ok" if alive else "unavailable",
        "database": "ok",
        "worker": "ok" if alive else "no heartbeat",
        "heartbeat_age_seconds": None if age is None else round(age, 1),
    }
    return _answer(detail, status=200 if alive else 503)


def _answer(detail: dict[str, Any], *, status: int) -> JsonResponse:
    answer = JsonResponse(detail, status=status)
    setattr(answer, "_has_been_logged", True)  # noqa: B010  # whoever asks is told; a line for every question would bury the rest
    return answer
