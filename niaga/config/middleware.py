"""What happens around every request of a page."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from niaga.config.bridge import TOO_LARGE
from niaga.config.errors import refusal_page, too_large
from niaga.core.errors import Refusal

Handler = Callable[[HttpRequest], HttpResponse]
_KNOWN = {code for code, _name in settings.LANGUAGES}


class WithoutNul:
    """Takes the sign NUL out of addresses and forms: nobody types it, and no text in the database can hold it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\0" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "").replace("\0", "")
        if "\0" in request.path_info:
            request.path_info = request.path_info.replace("\0", "")
            request.path = request.path.replace("\0", "")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method != "POST" or not any("\0" in text for _name, texts in request.POST.lists() for text in texts):
            return
        form = request.POST.copy()
        for name, texts in request.POST.lists():
            form.setlist(name, [text.replace("\0", "") for text in texts])
        form._mutable = False
        request.POST = form  # type: ignore[assignment]


class Refusals:
    """A refusal that no page took care of becomes a page that says why, with the refusal's status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_page(request, exception) if isinstance(exception, Refusal) else None


class LanguageAndZone:
    """Pages speak the language the person chose: cookie, profile, else Indonesian. The API heeds Accept-Language."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        zone = request.session.get("zone")
        if zone:
            timezone.activate(ZoneInfo(zone))
        else:
            timezone.deactivate()
        answer = self.get_response(request)
        answer.headers.setdefault("Content-Language", language)
        return answer

    def _language(self, request: HttpRequest) -> str:
        if request.path_info.startswith("/api/"):
            return (
                translation.get_language_from_request(request)
                if "Accept-Language" in request.headers
                else settings.LANGUAGE_CODE
            )
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen in _KNOWN:
            return chosen
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            own = getattr(request.user, "language", "")
            if own in _KNOWN:
                return str(own)
        return settings.LANGUAGE_CODE


class BodyTooLarge:
    """Answers a request whose body the server did not take, with the frame and in the language of the person."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = request.META.get(TOO_LARGE)
        return too_large(request, limit) if limit else self.get_response(request)
