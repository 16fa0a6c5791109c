"""`Idempotency-Key` on every POST of the API: the key, the deed and its answer commit in one transaction."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.test.client import RequestFactory
from django.urls import Resolver404, resolve

from niaga.core.api import problem, problem_of
from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.core.idempotency import Answer, answer_once
from niaga.organization.api.auth import TokenAuth
from niaga.portal.api.auth import PATH, PortalAuth

Handler = Callable[[HttpRequest], HttpResponse]
_KEPT = ("Content-Type", "Location", "ETag")
LONGEST_KEY = 255


class IdempotentPosts:
    """Wraps a POST that carries a key. A replay checks access again, by reading what the answer points to."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST" or not request.path_info.startswith("/api/"):
            return self.get_response(request)
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
            return problem(status=422, code="bad_idempotency_key", detail="The key has 1 to 255 printable characters.")
        try:
            principal_id = _principal(request)
        except Refusal as refusal:
            return problem_of(refusal)
        if principal_id is None:
            return self.get_response(request)  # the API's own door answers 401
        fresh: list[HttpResponse] = []

        def deed() -> Answer:
            response = self.get_response(request)
            fresh.append(response)
            kept = {name: response[name] for name in _KEPT if name in response}
            return Answer(response.status_code, response.content, kept)

        try:
            answer = answer_once(
                principal_id=principal_id,
                path=request.get_full_path()[:300],
                key=key,
                body=request.body,
                at=now(),
                deed=deed,
            )
        except Refusal as refusal:
            return problem_of(refusal)
        if not answer.replayed:
            return fresh[0]
        return self._refused_now(request, answer) or _response(answer)

    def _refused_now(self, request: HttpRequest, answer: Answer) -> HttpResponse | None:
        """The refusal that reading the answer's subject gets today, if it gets one."""
        place = answer.headers.get("Location")
        if place is None:
            return None
        try:
            match = resolve(place)
        except Resolver404:
            return None
        look = RequestFactory().get(place, headers={"Authorization": request.headers.get("Authorization", "")})
        seen = match.func(look, *match.args, **match.kwargs)
        return seen if seen.status_code in (401, 403, 404) else None


def _principal(request: HttpRequest) -> UUID | None:
    """Whose keys they are: a user's, or a customer's person's."""
    if request.path_info.startswith(PATH):
        visitor = PortalAuth()(request)
        return visitor.here.access_id if visitor else None
    user = TokenAuth()(request)
    return user.pk if user else None


def _response(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, headers=answer.headers)
    response["Idempotent-Replay"] = "true"
    return response
