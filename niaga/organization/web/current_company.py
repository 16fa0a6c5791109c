"""In which company a person's pages work, when they work in several: kept in the session."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SESSION_KEY = "company"


class CurrentCompany:
    """Tells the user of a page which company they chose. Those who never chose cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        chosen = request.session.get(SESSION_KEY) if with_session else None
        if chosen and request.user.is_authenticated:
            request.user.company_choice = UUID(chosen)
        return self.get_response(request)
