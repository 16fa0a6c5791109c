"""A run that issues many drafts: how far it is, what was refused and why, and stopping it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.queries.worker import worker_is_alive
from niaga.invoicing.queries.issue_runs import issue_run_for, refused_in
from niaga.invoicing.services.cancel_issue_run import cancel_issue_run
from niaga.invoicing.services.start_issue_run import start_issue_run
from niaga.invoicing.web.words import RUNS
from niaga.organization.queries.users import user_names
from niaga.ui.documents import Action, Consequence
from niaga.ui.formatting import number
from niaga.ui.forms import deed_view, once
from niaga.ui.lists import Done

MOST_SHOWN = 200


@login_required
@require_GET
def show_issue_run(request: HttpRequest, issue_run_id: UUID) -> HttpResponse:
    run = issue_run_for(run_id=issue_run_id, by=request.user)
    running = run.status in ("queued", "running")
    done = run.size - run.waiting
    refused = list(refused_in(run.pk)[:MOST_SHOWN]) if run.refused else []
    text = ngettext("%(done)s of %(size)s draft", "%(done)s of %(size)s drafts", run.size)
    text %= {"done": number(done), "size": number(run.size)}
    if running and not worker_is_alive():
        text = gettext("Nothing is at work now: the worker is not running. The run goes on as soon as it is back.")
    stop = Action(
        _("Stop"), url=reverse("invoicing:cancel_issue_run", args=[run.pk]), icon="ban", kind="bad",
        confirm=Consequence(
            _("Stop here?"), _("What is issued stays issued. The others stay drafts and can be issued later."),
            button=_("Stop"), danger=True,
        ),
    )  # fmt: skip
    again = Action(
        _("Try the refused ones again"),
        url=reverse("invoicing:repeat_issue_run", args=[run.pk]),
        icon="rotate-ccw",
        kind="go",
    )
    context = {
        "run": run, "status": RUNS[run.status], "running": running, "share": 100 * done // run.size,
        "progress_text": text, "refused": refused, "more_refused": max(0, run.refused - len(refused)),
        "by": user_names([run.created_by]).get(run.created_by, "") if run.created_by else "Niaga",
        "action": stop if running else again if run.refused else None,
    }  # fmt: skip
    return render(request, "invoicing/issue_run.html", context)


def issue_picked(request: HttpRequest, ids: list[UUID]) -> Done:
    """The deed of the list on ticked drafts."""
    run = start_issue_run(invoice_ids=ids, by=request.user, at=clock.now(), language=get_language() or "id")
    return Done(_begun(run.size), url=reverse("invoicing:issue_run", args=[run.pk]))


@login_required
@require_POST
def issue_all(request: HttpRequest) -> HttpResponse:
    """Issue every draft that the person may issue."""

    def deed() -> str:
        run = start_issue_run(invoice_ids=None, by=request.user, at=clock.now(), language=get_language() or "id")
        messages.success(request, _begun(run.size))
        return reverse("invoicing:issue_run", args=[run.pk])

    return once(request, deed)


def _repeat(request: HttpRequest, run_id: UUID) -> str:
    ids = list(refused_in(run_id).values_list("invoice_id", flat=True))
    run = start_issue_run(invoice_ids=ids, by=request.user, at=clock.now(), language=get_language() or "id")
    messages.success(request, _begun(run.size))
    return reverse("invoicing:issue_run", args=[run.pk])


def _cancel(request: HttpRequest, run_id: UUID) -> str:
    cancel_issue_run(run_id=run_id, by=request.user, at=clock.now())
    messages.success(request, gettext("Stopped. What was not issued yet stays a draft."))
    return reverse("invoicing:issue_run", args=[run_id])


def _seen(request: HttpRequest, run_id: UUID) -> None:
    issue_run_for(run_id=run_id, by=request.user)


repeat_issue_run = deed_view("repeat_issue_run", _repeat, check=_seen)
cancel = deed_view("cancel", _cancel, check=_seen)


def _begun(size: int) -> str:
    text = ngettext("%(drafts)s draft is being issued.", "%(drafts)s drafts are being issued.", size)
    return text % {"drafts": number(size)}
