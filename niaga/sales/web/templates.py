"""Prepared quotations."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.sales.queries.templates import templates_for
from niaga.sales.services.archive_template import archive_template
from niaga.ui.forms import once


@login_required
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    access_of(request.user).require("quotation", "create")
    found = list(templates_for(by=request.user))
    shown = [
        {"pk": one.pk, "name": one.name, "products": sum(1 for line in one.lines if line.get("product_id"))}
        for one in found
    ]
    return render(request, "sales/templates.html", {"templates": shown})


@login_required
@require_POST
def archive(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Take it out of the choice; Undo puts it back."""
    restore = "restore" in request.GET

    def deed() -> str:
        archive_template(template_id=template_id, restore=restore, by=request.user, at=now())
        if not restore:
            undo = reverse("sales:template_archive", args=[template_id]) + "?restore=1"
            messages.success(request, _("The template is no longer offered."), extra_tags=f"undo:{undo}")
        return reverse("sales:templates")

    return once(request, deed)
