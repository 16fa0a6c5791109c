"""Error pages: they say what happened, what was kept and what to do."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import select_template
from django.utils.translation import gettext as _

from niaga.core.api import problem
from niaga.core.errors import Refusal

_CODES = {400: "bad_request", 403: "forbidden", 404: "not_found", 413: "too_large", 500: "failure", 503: "unavailable"}


def _page(request: HttpRequest, *, status: int, title: str, text: str) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return problem(status=status, code=_CODES.get(status, "refused"), detail=f"{title}. {text}")
    facts = {"status": status, "title": title, "text": text}
    template = select_template(["ui/problem.html", "config/problem.html"])
    try:
        content = template.render(facts, request)
    except Exception:  # the page's frame needs a database that is not there
        content = select_template(["config/problem.html"]).render(facts)
    answer = HttpResponse(content, status=status)
    if request.headers.get("HX-Request") == "true":
        answer.headers["HX-Reswap"] = "none"
    return answer


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return _page(request, status=refusal.status, title=_("This was not done"), text=str(refusal.message))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    answer = _page(
        request,
        status=403,
        title=_("This form has expired"),
        text=_("Nothing was changed. Go back, reload the page and send it again; what you typed is still there."),
    )
    answer.headers["X-Stale-Form"] = "1"  # the page's script fetches a new token; what was typed stays
    return answer


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, status=400, title=_("This request cannot be read"), text=_("Nothing was changed."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request, status=403, title=_("Not for your role"), text=_("Ask an administrator if you need to see this page.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request,
        status=404,
        title=_("Page not found"),
        text=_("The address is wrong, or you may not see what is there."),
    )


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """The body was not taken; the browser says the same before it sends, unless its scripts are off."""
    return _page(
        request,
        status=413,
        title=_("This is too large to be sent"),
        text=_(
            "At most %(most)s MB can be sent here. Nothing was kept. Split the file; a larger one is imported on the"
            " server with the command niaga import."
        )
        % {"most": limit // 2**20},
    )


def failure(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer = _page(
            request,
            status=503,
            title=_("The database is not answering"),
            text=_("Nothing was half-saved. It is usually back within a minute; then send it again."),
        )
        answer["Retry-After"] = "10"
        return answer
    return _page(
        request,
        status=500,
        title=_("Something went wrong on our side"),
        text=_("Nothing was half-saved. Try again; if it happens twice, tell your administrator."),
    )
