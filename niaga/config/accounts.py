"""How allauth and axes behave here: no open sign-up; failed log-ins counted by name and address."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class ClosedDoor(DefaultAccountAdapter):
    """People are invited by an administrator; nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def login_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """Whose log-in is counted: what was typed, whether user name or e-mail, in one form."""
    given = credentials or {}
    text = given.get("username") or given.get("email") or given.get("login")
    if not text and request is not None:
        text = request.POST.get("login") or request.POST.get("username")
    return str(text).strip().lower() if text else None


def client_address(request: HttpRequest) -> str | None:
    """The address behind as many proxies as are trusted (`NIAGA_PROXIES`)."""
    address: str | None = get_client_ip(request)
    return address


def locked_out(request: HttpRequest, *_args: Any, **_credentials: Any) -> HttpResponse:
    """After too many failures: back to the log-in page, with the reason."""
    messages.error(request, _("Too many failed log-ins. Wait 15 minutes, then try again."))
    answer = redirect("account_login")
    answer["Retry-After"] = "900"
    return answer
