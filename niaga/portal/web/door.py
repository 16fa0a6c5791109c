"""The way in to every page of the portal: its own cookie, sent to no other address, and never an office account."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from niaga.core.clock import now
from niaga.portal.queries.visitors import Visitor, find_visitor
from niaga.portal.services.note_visit import note_visit

COOKIE, PATH = "niaga_portal", "/portal"
_KNOWN = {code for code, _name in settings.LANGUAGES}


def set_cookie(response: HttpResponseBase, token: str, seconds: int | None) -> None:
    """Without `seconds` the browser forgets it when it is closed."""
    response.set_cookie(COOKIE, token, max_age=seconds, path=PATH, httponly=True, samesite="Lax", secure=settings.HTTPS)


def speak(request: HttpRequest, language: str) -> None:
    """The language that was chosen in this browser, else the person's."""
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) not in _KNOWN and language in _KNOWN:
        translation.activate(language)
        request.LANGUAGE_CODE = language


def portal_page(page: str, subject: str = "") -> Callable[..., Callable[..., HttpResponseBase]]:
    """A view of the portal gets the visitor beside the request; who is nobody goes to sign in.

    `page` is what the visit is noted as, with the key in the address named `subject`; without a name it is not noted.
    """

    def dress(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: HttpRequest, **keys: UUID) -> HttpResponseBase:
            at = now()
            visitor = find_visitor(token=request.COOKIES.get(COOKIE, ""), at=at)
            if visitor is None:
                back = f"?next={quote(request.get_full_path())}" if request.method == "GET" else ""
                return closed(HttpResponseRedirect(f"{reverse('portal:sign_in')}{back}"))
            speak(request, visitor.language)
            timezone.activate(visitor.zone)
            response = view(request, visitor, **keys)
            if page and request.method == "GET" and response.status_code == 200:
                _note(visitor, page, keys.get(subject), at)
            return closed(response)

        return inner

    return dress


def closed(response: HttpResponseBase) -> HttpResponseBase:
    """Nobody keeps a copy, and no search engine reads it."""
    if "Cache-Control" not in response.headers:
        add_never_cache_headers(response)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _note(visitor: Visitor, page: str, subject_id: Any, at: Any) -> None:
    note_visit(
        session_id=visitor.session_id, person_id=visitor.person_id, company_id=visitor.company_id,
        customer_id=visitor.customer_id, page=page, subject_id=subject_id, at=at,
    )  # fmt: skip
