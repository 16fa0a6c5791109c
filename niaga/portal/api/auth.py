"""Tokens of customers' programs at the door of the portal's API: never a user's, and theirs opens nothing else."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from niaga.core.clock import now
from niaga.core.errors import Forbidden
from niaga.portal.services.enter_by_token import Program, enter_by_token

READING = frozenset({"GET", "HEAD", "OPTIONS"})
PATH = "/api/v1/portal/"


class ReadOnlyPortalToken(Forbidden):
    code = "read_only_token"
    text = _("This token may only read.")


class PortalAuth(HttpBearer):
    """`Authorization: Bearer niagaportal_…`: `request.auth` is the visitor."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """:raises ReadOnlyPortalToken: a deed with a token that may only read
        :raises TooOften: too many calls within a minute
        """
        program: Program | None = getattr(request, "portal_program", None) or enter_by_token(text=token, at=now())
        if program is None:
            return None
        request.portal_program = program  # type: ignore[attr-defined]  # asked and counted once a call
        if request.method not in READING and not program.may_write:
            raise ReadOnlyPortalToken()
        return program.visitor
