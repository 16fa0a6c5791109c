"""Who decides in whose place, and when."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from niaga.approvals.queries.deputies import delegations
from niaga.approvals.services.delegate_approvals import delegate_approvals
from niaga.approvals.services.end_delegation import end_delegation
from niaga.core.clock import now, today
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.working_people import working_people
from niaga.ui.forms import DayField, once, refuse

SHOWN = 100


class DelegationForm(forms.Form):
    person = forms.ChoiceField(label=gettext_lazy("Who is away"))
    deputy = forms.ChoiceField(label=gettext_lazy("Who decides instead"))
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(label=gettext_lazy("Last day"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        access = access_of(request.user)
        here = access.current_company
        day = today(at=now(), zone=here.zone)
        super().__init__(data, initial={"person": request.user.pk, "first_day": day, "last_day": day})
        people = [(str(key), one.name) for key, one in working_people(here.id).items() if one.decides]
        mine = [one for one in people if one[0] == str(request.user.pk)]
        self.fields["person"].choices = people if access.allows("approval", "manage") else mine  # type: ignore[attr-defined]
        self.fields["deputy"].choices = [("", "–"), *people]  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def delegation_page(request: HttpRequest) -> HttpResponse:
    """Those in force and to come, those that are over, and a new one."""
    access = access_of(request.user)
    access.require("approval", "decide")
    form = DelegationForm(request, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            data = form.cleaned_data

            def deed() -> str:
                delegate_approvals(
                    company_id=access.current_company.id, person_id=UUID(data["person"]),
                    deputy_id=UUID(data["deputy"]), first_day=data["first_day"], last_day=data["last_day"],
                    reason=data["reason"], by=request.user, at=now(),
                )  # fmt: skip
                messages.success(request, _("Saved."))
                return reverse("approvals:delegations")

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    day = today(at=now(), zone=access.current_company.zone)
    rows = [
        {
            "row": row, "over": row.ended_at is not None or row.last_day < day, "ahead": row.first_day > day,
            "may_end": row.person_id == request.user.pk or access.allows("approval", "manage"),
        }
        for row in delegations(by=request.user)[:SHOWN]
    ]  # fmt: skip
    return render(request, "approvals/delegations.html", {"form": form, "rows": rows}, status=status)


@login_required
@require_POST
def end(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """Take one back at once."""
    if not delegations(by=request.user).filter(pk=delegation_id).exists():
        raise NotFound()

    def deed() -> str:
        end_delegation(delegation_id=delegation_id, by=request.user, at=now())
        messages.success(request, _("Ended."))
        return reverse("approvals:delegations")

    return once(request, deed)
