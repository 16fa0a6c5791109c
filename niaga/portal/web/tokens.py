"""Tokens with which a customer's programs read and order as their people do."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.portal.queries.tokens import tokens_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.create_token import LIVES, NewToken, create_token
from niaga.portal.services.revoke_token import revoke_own_token
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show


@require_http_methods(["GET", "POST"])
@portal_page("")
def tokens(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A new one is shown in the answer to its own POST and nowhere else, so no redirect and no store."""
    new: NewToken | None = None
    refusal: Refusal | None = None
    status = 200
    if request.method == "POST":
        days = request.POST.get("days", "")
        try:
            new = create_token(
                visitor=visitor, name=request.POST.get("name", ""), may_write=request.POST.get("scope") == "write",
                days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0, at=now(),
            )  # fmt: skip
            status = 201
        except Refusal as raised:
            refusal, status = raised, 422
    facts = {
        "new": new, "refusal": refusal, "typed": {} if new else request.POST, "lives": LIVES,
        "rows": list(tokens_of(visitor, at=now())[:50]),
    }  # fmt: skip
    return show(request, visitor, "portal/tokens.html", facts, place="profile", status=status)


@require_POST
@portal_page("")
def end_token(request: HttpRequest, visitor: Visitor, portal_token_id: UUID) -> HttpResponse:
    revoke_own_token(token_id=portal_token_id, visitor=visitor, at=now())
    return HttpResponseRedirect(f"{reverse('portal:tokens')}?said=ended")
