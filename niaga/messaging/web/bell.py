"""The bell: a page of notices, and the newest of them in a menu."""

from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.messaging.queries.notices import notices, unread, words
from niaga.messaging.services.read_notices import read_notices

NEWEST = 8


@require_GET
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    page = Paginator(notices(by=request.user), 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, words(row)) for row in page],
        "unread": unread(by=request.user).exists(),
    }
    return render(request, "messaging/notices.html", context)


@require_GET
@login_required
def newest(request: HttpRequest) -> HttpResponse:
    """What the bell's menu shows when it is opened."""
    rows = [(row, words(row)) for row in notices(by=request.user)[:NEWEST]]
    return render(request, "messaging/parts/bell_menu.html", {"rows": rows})


@require_POST
@login_required
def reading(request: HttpRequest) -> HttpResponse:
    """All are read."""
    read_notices(by=request.user, at=now())
    return redirect("messaging:notices")


@require_GET
@login_required
def follow(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Go where a notice leads; it is read by that."""
    notice = notices(by=request.user).filter(pk=notice_id).first()
    if notice is None:
        return redirect("messaging:notices")
    read_notices(notice_ids=[notice_id], by=request.user, at=now())
    target = urlsplit(notice.url)
    return redirect(
        notice.url if notice.url and not target.netloc and not target.scheme else reverse("messaging:notices")
    )
