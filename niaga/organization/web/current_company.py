"""In which company a person's pages work, when they work in several: kept in the session."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

SESSION_KEY = "company"


def work_in_chosen(user: Any, session: SessionBase) -> None:
    """Let the person work in the company that their session chose, if it chose one."""
    chosen = session.get(SESSION_KEY)
    if chosen and user.is_authenticated:
        user.company_choice = UUID(chosen)


class CurrentCompany:
    """Tells the user of a page which company they chose. Those who never chose cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.get(SESSION_KEY):
            work_in_chosen(request.user, request.session)
        return self.get_response(request)
