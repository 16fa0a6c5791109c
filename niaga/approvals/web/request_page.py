"""The page where one request is decided: what asks for it, its figures and lines, its customer, who decides."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from niaga.approvals.models import ApprovalRequest
from niaga.approvals.queries.requests import may_answer, people_named, request_for
from niaga.approvals.registry import approval_subjects
from niaga.approvals.rules.condition import is_worse as got_worse
from niaga.approvals.rules.condition import read_condition, read_facts
from niaga.approvals.services.decide_approval import decide_approval
from niaga.approvals.services.withdraw_approval import withdraw_approval
from niaga.approvals.web.figures import figures_of, reasons, sees_margin
from niaga.approvals.web.words import STATES, STEP_STATES, WHY
from niaga.approvals.wording import joined
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.ui.forms import deed_view
from niaga.ui.registry.panels import customer_panels


@login_required
@require_GET
def show(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    access = access_of(request.user)
    access.require("approval", "view")
    at = now()
    found = request_for(request_id=approval_id, by=request.user, at=at)
    asked = found.status == "waiting" and may_answer(found, by=request.user, at=at)
    margin = asked or sees_margin(found, request.user)
    source = approval_subjects.get(found.subject_kind)
    subject = source(request, found.subject_id, approval_id=found.pk, sees_margin=margin) if source else None
    today = dict(subject.facts) if subject and subject.facts is not None and found.status == "waiting" else None
    own = request.user.pk in found.excluded
    facts = {
        "row": found, "state": STATES[found.status], "asked": asked, "own": own and found.status == "waiting",
        "subject": subject, "reasons": reasons(found), "figures": figures_of(found, margin=margin, now=today),
        "worse": today is not None and _is_worse(found, today), "steps": _steps(found), "margin": margin,
        "panel": customer_panels(request, [found.party_id]).get(found.party_id, ()),
        "may_withdraw": found.status == "waiting"
        and (request.user.pk in (found.asked_by_id, found.salesperson_id) or access.allows("approval", "manage")),
    }  # fmt: skip
    return render(request, "approvals/request.html", facts)


def _is_worse(found: ApprovalRequest, today: Mapping[str, Any]) -> bool:
    """Whether the document went on in the wrong direction since it was asked: then a yes does not let it by."""
    before = read_facts(found.facts)
    if any(before.get(name) != today.get(name) for name in ("party", "currency")):
        return True
    return any(got_worse(read_condition(rule["condition"]), before, today) for rule in found.rules)


def _steps(found: ApprovalRequest) -> list[dict[str, Any]]:
    """Each step with its people, and what they said."""
    names = user_names(people_named(found))
    told = []
    for step in found.told_steps:  # type: ignore[attr-defined]
        said = [one for one in found.told_decisions if one.step_id == step.pk]  # type: ignore[attr-defined]
        people = sorted(names.get(one, "") for one in step.people)
        told.append(
            {
                "step": step, "state": STEP_STATES[step.status], "said": said, "why": WHY.get(step.why, ""),
                "people": joined(people, all_of=step.is_all) if people else _("nobody"),
            }
        )  # fmt: skip
    return told


def _check(request: HttpRequest, approval_id: UUID) -> None:
    request_for(request_id=approval_id, by=request.user, at=now())


def _back(request: HttpRequest, approval_id: UUID) -> str:
    """From the queue back to the queue, from its page back to it."""
    if request.POST.get("back") == "queue":
        return reverse("approvals:approvals")
    return reverse("approvals:approval", args=[approval_id])


def _decide(request: HttpRequest, approval_id: UUID, *, approved: bool) -> str:
    decide_approval(
        request_id=approval_id, approved=approved, reason=request.POST.get("reason", ""),
        facts_hash=request.POST.get("facts_hash") or None, by=request.user, at=now(),
    )  # fmt: skip
    messages.success(request, _("Approved.") if approved else _("Not approved. Who asked is told."))
    return _back(request, approval_id)


def _withdraw(request: HttpRequest, approval_id: UUID) -> str:
    withdraw_approval(request_id=approval_id, note=request.POST.get("reason", ""), by=request.user, at=now())
    messages.success(request, _("Taken back: nobody is asked any more."))
    return reverse("approvals:approval", args=[approval_id])


approve = deed_view("approve", lambda request, key: _decide(request, key, approved=True), check=_check)
reject = deed_view("reject", lambda request, key: _decide(request, key, approved=False), check=_check)
withdraw = deed_view("withdraw", _withdraw, check=_check)
