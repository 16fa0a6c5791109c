"""Saved views of lists: made, and taken away."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.ui.person import person_id
from niaga.ui.services.delete_view import delete_view
from niaga.ui.services.save_view import save_view


def _back(request: HttpRequest, query: str = "") -> HttpResponse:
    path = request.POST.get("path", "/")
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        path = "/"
    return HttpResponseRedirect(f"{path}?{query}" if query else path)


@login_required
@require_POST
def views(request: HttpRequest) -> HttpResponse:
    try:
        view = save_view(
            user_id=person_id(request),
            list_key=request.POST.get("list", ""),
            name=request.POST.get("name", ""),
            query=request.POST.get("query", ""),
            at=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return _back(request, request.POST.get("query", "")[:2000])
    messages.success(request, _("View “%(name)s” saved.") % {"name": view.name})
    return _back(request, view.query)


@login_required
@require_POST
def view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    delete_view(user_id=person_id(request), view_id=view_id)
    return _back(request)
