from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.imports.rules.kinds import KINDS
from niaga.imports.rules.rights import RIGHTS
from niaga.imports.services.receive_upload import receive_upload
from niaga.imports.services.write_template import write_template
from niaga.imports.wording import KIND_HINTS, KIND_NAMES
from niaga.organization.access import access_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ICONS = {
    "branches": "store", "customers": "building-2", "products": "package", "prices": "tag", "stock": "warehouse",
    "sales": "history", "tax_serials": "landmark",
}  # fmt: skip


def kinds_for(user: Any) -> list[str]:
    """The kinds that the person may move in."""
    return [name for name in KINDS if access_of(user).allows(*RIGHTS[name])]


@login_required
def new_import(request: HttpRequest) -> HttpResponse:
    """`GET` explains and asks for a file, `POST` keeps it and goes on to its columns."""
    access = access_of(request.user)
    access.require("import", "create")
    error, field, status = "", "", 200
    chosen = request.POST.get("kind", request.GET.get("kind", ""))
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is None:
            error, field = _("Choose a file."), "file"
        else:
            try:
                batch = receive_upload(
                    company_id=access.current_company.id, chunks=sent.chunks(), file_name=sent.name or "file",
                    kind=chosen if chosen in kinds_for(request.user) else "", by=request.user, at=clock.now(),
                )  # fmt: skip
                return redirect(reverse("imports:batch", args=[batch.pk]))
            except Refusal as refusal:
                error, field = str(refusal.message), refusal.field or "file"
        status = 422
    kinds = [
        {"name": name, "label": KIND_NAMES[name], "hint": KIND_HINTS[name], "icon": _ICONS[name]}
        for name in kinds_for(request.user)
    ]
    context = {"kinds": kinds, "chosen": chosen, "error": error, "error_field": field, "title": _("Import a file")}
    return render(request, "imports/new.html", context, status=status)


@login_required
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """A file to fill in, with examples."""
    access_of(request.user).require("import", "view")
    if kind not in KINDS:
        raise NotFound()
    answer = HttpResponse(write_template(kind), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="niaga-{kind}-{get_language()}.xlsx"'
    return answer
