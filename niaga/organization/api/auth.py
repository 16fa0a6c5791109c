"""Bearer tokens at the API's door."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from niaga.core.clock import now
from niaga.core.errors import Forbidden
from niaga.organization.models import User
from niaga.organization.services.authenticate_token import authenticate_token

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ReadOnlyToken(Forbidden):
    """The token may read, and this would write."""

    code = "read_only_token"
    text = _("This token may only read.")


class TokenAuth(HttpBearer):
    """`Authorization: Bearer niaga_…`: `request.auth` and `request.user` are the token's user."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """:raises ReadOnlyToken: a deed with a token that may only read"""
        user = authenticate_token(text=token, at=now())
        if user is None:
            return None
        needed = "read" if request.method in READING else "write"
        if needed not in user.token_scopes:  # type: ignore[attr-defined]
            raise ReadOnlyToken()
        request.user = user
        return user
