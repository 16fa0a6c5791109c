"""How pages answer htmx: redirects become whole pages, a lost session and a Refusal are said where the person is."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from niaga.core.errors import Refusal
from niaga.ui import formatting

SHOWN_LINES = 12  # of a refusal with an answer for each line; the others are counted


class PageAnswers:
    """Last in MIDDLEWARE. Touches only htmx requests, Refusals that a page let through, and what a script sends for one
    person (`X-For-User`); never the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.headers.get("X-For-User")
        if person and person != str(request.user.pk):  # somebody else logged in since, or nobody is
            return HttpResponse(status=401)
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or response.status_code not in (301, 302, 303):
            return response
        target = response.headers.get("Location", "/")
        if _is_login(target) and not request.user.is_authenticated:
            answer = HttpResponse(status=401)
            answer["HX-Reswap"] = "none"
            return answer
        if request.method == "GET":
            return response  # the browser follows; htmx swaps what it asked for
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = target
        answer.cookies = response.cookies
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal) or request.path.startswith("/api/"):
            return None
        if request.headers.get("HX-Request") == "true":
            return refusal_answer(exception)
        accepts = request.headers.get("Accept", "")
        if "application/json" in accepts and "text/html" not in accepts:
            facts = {"code": exception.code, "message": str(exception.message), "field": exception.field}
            body = {**facts, "lines": exception.lines}
            return HttpResponse(json.dumps(body, default=str), status=exception.status, content_type="application/json")
        if request.method == "POST" and exception.status in (409, 412, 422) and (back := _same_site(request)):
            messages.error(request, str(exception.message))
            answer = HttpResponse(status=303)
            answer["Location"] = back
            return answer
        return None  # the project's own page says it


def refusal_answer(refusal: Refusal) -> HttpResponse:
    """For htmx: nothing is swapped; the script shows the message beside its field, or as one that stays."""
    facts: dict[str, Any] = {"code": refusal.code, "message": str(refusal.message), "field": refusal.field}
    if refusal.lines:
        facts["lines"] = [_of_line(line) for line in refusal.lines[:SHOWN_LINES]]
        facts["more"] = max(0, len(refusal.lines) - SHOWN_LINES)
    answer = HttpResponse(status=refusal.status)
    answer["HX-Reswap"] = "none"
    answer["HX-Trigger"] = json.dumps({"refused": facts})
    return answer


def _of_line(line: dict[str, Any]) -> dict[str, str]:
    """A refused line's number and words: what it is, why not, and what there is of what was wanted."""
    words = [str(line[name]) for name in ("description", "message") if line.get(name)]
    if line.get("wanted") is not None and line.get("available") is not None:
        numbers = {"wanted": formatting.number(line["wanted"]), "available": formatting.number(line["available"])}
        words.append(_("%(wanted)s wanted, %(available)s available") % numbers)
    return {"line": str(line.get("line") or ""), "text": ": ".join(words)[:160]}


def _is_login(target: str) -> bool:
    try:
        return urlsplit(target).path == reverse("account_login")
    except NoReverseMatch:
        return False


def _same_site(request: HttpRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host() or parts.path == request.path:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
