"""Work in the background that stopped, and trying it again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.core.queries.worker import worker_is_alive
from niaga.organization.access import access_of
from niaga.organization.queries.stopped_jobs import MOST, stopped_jobs
from niaga.organization.services.retry_jobs import retry_jobs
from niaga.ui.forms import once


@login_required
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    rows = [
        {"row": row, "name": row.task.rpartition(".")[2].replace("_", " "), "place": row.task.split(".")[1:2]}
        for row in stopped_jobs(by=request.user)
    ]
    context = {"rows": rows, "alive": worker_is_alive(), "most": MOST}
    return render(request, "organization/jobs.html", context)


@login_required
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    access_of(request.user).require("setting", "manage")
    ids = [int(one) for one in request.POST.getlist("job") if one.isascii() and one.isdigit() and len(one) < 19]

    def deed() -> str:
        count = retry_jobs(job_ids=ids[:MOST], by=request.user, at=now())
        text = ngettext("%(count)d is tried again.", "%(count)d are tried again.", count) % {"count": count}
        messages.success(request, text)
        return reverse("organization:jobs")

    return once(request, deed)
