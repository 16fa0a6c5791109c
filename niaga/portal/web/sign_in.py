"""Signing in to the portal by a link that comes by mail or WhatsApp; there is no password."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from niaga.core.clock import now
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.public_look import public_look
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.web.public import address_of
from niaga.organization.access import SYSTEM, access_of
from niaga.portal.errors import LinkUsedUp, NoSuchAddress, TooOften
from niaga.portal.queries.visitors import Visitor, find_visitor
from niaga.portal.services.ask_sign_in import ask_sign_in
from niaga.portal.services.end_sessions import end_sessions
from niaga.portal.services.open_session import open_session
from niaga.portal.web.door import COOKIE, PATH, closed, portal_page, set_cookie

NEXT = "niaga_portal_next"


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for a link. The answer is the same whether or not the address is known."""
    if request.method == "GET" and find_visitor(token=request.COOKIES.get(COOKIE, ""), at=now()):
        return closed(HttpResponseRedirect(reverse("portal:home")))
    facts: dict[str, Any] = {"asked": request.POST.get("asked", "")[:254]}
    status = 200
    if request.method == "POST":
        try:
            ask_sign_in(asked=facts["asked"], address=address_of(request), at=now())
            facts["sent"] = True
        except NoSuchAddress as refusal:
            facts["error"], status = refusal.message, refusal.status
        except TooOften as refusal:
            facts["refusal"], status = refusal.message, refusal.status
    response = _plain(request, "portal/sign_in.html", facts, status)
    wanted = request.GET.get("next", "")
    if wanted.startswith(f"{PATH}/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        response.set_cookie(NEXT, wanted[:300], max_age=3600, path=PATH, httponly=True, samesite="Lax")
    return closed(response)


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link: looking at it signs nobody in, so that programs that read mail use nothing up."""
    if request.method == "GET":
        return closed(_plain(request, "portal/enter.html", {}, 200))
    remembered = request.POST.get("remember") == "1"
    try:
        made, lasts = open_session(
            token=token, remembered=remembered, agent=request.headers.get("User-Agent", ""),
            address=address_of(request), at=now(),
        )  # fmt: skip
    except LinkUsedUp as refusal:
        return closed(_plain(request, "portal/enter.html", {"refusal": refusal.message}, refusal.status))
    wanted = request.COOKIES.get(NEXT, "")
    safe = wanted.startswith(f"{PATH}/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = HttpResponseRedirect(wanted if safe else reverse("portal:home"))
    response.status_code = 303
    set_cookie(response, made, int(lasts.total_seconds()) if remembered else None)
    response.delete_cookie(NEXT, path=PATH)
    return closed(response)


@require_POST
@portal_page("")
def sign_out(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """This device, or with `all` every one."""
    everywhere = request.POST.get("all") == "1"
    end_sessions(person_id=visitor.person_id, session_id=None if everywhere else visitor.session_id, at=now())
    response = HttpResponseRedirect(reverse("portal:sign_in"))
    response.delete_cookie(COOKIE, path=PATH)
    return response


def _plain(request: HttpRequest, template: str, facts: dict[str, Any], status: int) -> HttpResponse:
    """Before anybody is known only a lone company says who it is."""
    companies = access_of(SYSTEM).companies
    if len(companies) == 1:
        sender = company_print(company_id=companies[0].id)
        look = public_look(PrintKind.INVOICE, company_id=companies[0].id, customer_id=None, logo=sender.logo)
        facts = {**facts, "sender": sender, "look": look, "seller": sender.company.name}
    return render(request, template, facts, status=status)
