"""A recurring plan: what it billed, what comes, and its deeds."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.sales.models import RecurringPlan
from niaga.sales.queries.recurring import get_plan, periods_of, state_of
from niaga.sales.services.end_plan import end_plan
from niaga.sales.services.forecast_plan import forecast_plan
from niaga.sales.services.pause_plan import pause_plan
from niaga.sales.services.resume_plan import resume_plan
from niaga.sales.web.recurring_words import PERIODS, PLANS, rhythm_in_words
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import deed_view

MOST_SHOWN = 60


@login_required
@require_GET
def show(request: HttpRequest, recurring_plan_id: UUID) -> HttpResponse:
    plan = get_plan(plan_id=recurring_plan_id, by=request.user)
    may = access_of(request.user).reaches("invoice", "create", plan)
    coming, fault = [], ""
    try:
        coming = forecast_plan(plan=plan, at=now())
    except Refusal as refusal:
        fault = str(refusal.message)
    periods = [
        {"row": one, "status": PERIODS[state_of(one)], "invoice": one.cause.invoice if one.cause else None,
         "reason": one.cause.reason if one.cause and not one.cause.invoice_id else ""}
        for one in periods_of(plan=plan)[:MOST_SHOWN]
    ]  # fmt: skip
    context = {
        "plan": plan, "status": PLANS[plan.status], "rhythm": rhythm_in_words(plan), "coming": coming, "fault": fault,
        "currency": plan.currency, "periods": periods, "waits": any(one["reason"] for one in periods),
        "actions": _actions(plan) if may else [],
    }  # fmt: skip
    return render(request, "sales/recurring_plan.html", context)


def _actions(plan: RecurringPlan) -> list[Action]:
    if plan.status == "ended":
        return []

    def at(name: str) -> str:
        return reverse(f"sales:{name}", args=[plan.pk])

    turn = (
        Action(_("Pause"), url=at("recurring_pause"), icon="pause")
        if plan.status == "active"
        else Action(_("Resume"), url=at("recurring_resumption"), icon="play", kind="go")
    )
    gone = Consequence(
        _("End this plan?"), _("It bills nothing any more, for good. What it billed stays."), reason=_("Reason"),
        must=False, danger=True,
    )  # fmt: skip
    return [
        Action(_("End"), url=at("recurring_end"), icon="square", kind="bad", confirm=gone), turn,
        Action(_("Change"), url=at("recurring_edit"), icon="pencil", method="get", key="e"),
    ]  # fmt: skip


def _pause(request: HttpRequest, plan_id: UUID) -> str:
    return _done(request, pause_plan(plan_id=plan_id, by=request.user, at=now()), _("Paused."))


def _resume(request: HttpRequest, plan_id: UUID) -> str:
    return _done(request, resume_plan(plan_id=plan_id, by=request.user, at=now()), _("Resumed."))


def _end(request: HttpRequest, plan_id: UUID) -> str:
    reason = request.POST.get("reason", "")
    return _done(request, end_plan(plan_id=plan_id, reason=reason, by=request.user, at=now()), _("Ended."))


def _done(request: HttpRequest, plan: RecurringPlan, text: str) -> str:
    messages.success(request, text)
    return reverse("sales:recurring_plan", args=[plan.pk])


def _check(request: HttpRequest, plan_id: UUID) -> Any:
    plan = get_plan(plan_id=plan_id, by=request.user)
    access_of(request.user).require("invoice", "create", plan)


pause = deed_view("pause", _pause, check=_check)
resume = deed_view("resume", _resume, check=_check)
end = deed_view("end", _end, check=_check)
