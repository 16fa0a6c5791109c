"""`/l/<token>`: the page of one document for who holds its link, without an account."""

import ipaddress

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from niaga.core.clock import now
from niaga.documents.errors import LinkNotFound
from niaga.documents.queries.links import find_link
from niaga.documents.registry import public_pages
from niaga.documents.services.count_opening import count_opening


@never_cache
def public_page(request: HttpRequest, token: str, rest: str = "") -> HttpResponseBase:
    """Find the link, count the opening, and let the app that owns the document answer.

    :raises LinkNotFound, LinkExpired: shown as a page of their own
    """
    at = now()
    link = find_link(token=token, at=at)
    page = public_pages.get(link.subject_kind)
    if page is None:
        raise LinkNotFound()
    if request.method == "GET" and not rest:
        agent = request.headers.get("User-Agent", "")
        count_opening(link=link, at=at, address=address_of(request), agent=agent)
    response = page(request, link, rest)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def address_of(request: HttpRequest) -> str | None:
    """The reader's address, when the server knows it."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
