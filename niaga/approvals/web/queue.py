"""What waits for this person, to be decided in one tap; and everything that was ever asked."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.approvals.queries.requests import matching_requests, visible_requests, waiting_for
from niaga.approvals.web.figures import FIRST, figures_of, reasons
from niaga.approvals.web.words import STATES
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.ui.documents import Action
from niaga.ui.lists import (
    Choice,
    Empty,
    Listing,
    Moment,
    Money,
    Reference,
    Search,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address

MOST = 50


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The requests that wait for the person, the longest waiting first."""
    access_of(request.user).require("approval", "view")
    rows = waiting_for(by=request.user, at=now()).select_related("asked_by").order_by("asked_at", "id")[: MOST + 1]
    cards = [
        {"row": row, "reasons": reasons(row), "figures": figures_of(row, margin=True, names=FIRST)} for row in rows
    ]
    facts = {
        "cards": cards[:MOST], "more": len(cards) > MOST,
        "may_set": access_of(request.user).allows("approval", "manage"),
        "may_decide": access_of(request.user).allows("approval", "decide"),
    }  # fmt: skip
    return render(request, "approvals/queue.html", facts)


def asker(row: Any) -> str:
    return str(row.asked_by) if row.asked_by else "Niaga"


class RequestList(Listing):
    key, title, sort = "approval-requests", _("All approvals"), "-at"
    above = (_("Approvals"), "/approvals")
    columns = (
        Text("customer", _("Customer"), source="party", sub=asker, sort="party", phone="title"),
        Reference("number", _("Number"), sort="number", phone="meta"),
        Money("amount", _("Amount"), sort="amount", phone="value"),
        Text("rules", _("Rule"), source=lambda row: ", ".join(rule["name"] for rule in row.rules)),
        StatusColumn("status", _("Status"), statuses=STATES, phone="status"),
        Moment("at", _("Asked"), source="asked_at", sort="asked_at", phone="meta"),
    )
    filters = (
        Search("q", _("Customer or number"), match=matching_requests),
        Choice("status", _("Status"), options=[(key, state.label) for key, state in STATES.items()]),
    )
    views = (
        View(_("Waiting"), "status=waiting"), View(_("Approved"), "status=approved"),
        View(_("Not approved"), "status=rejected"),
    )  # fmt: skip
    totals = (Total("amount", _("Amount"), currency="currency"),)
    empty = Empty(
        _("Nothing was asked yet"),
        _("A quotation or an order that a rule is about comes here when somebody asks for its approval."),
        icon="stamp",
    )

    def rows(self) -> Any:
        access_of(self.request.user).require("approval", "view")
        return visible_requests(by=self.request.user).select_related("asked_by")

    def url(self, row: Any) -> str:
        return row_address("approvals:approval", row.pk)

    def actions(self) -> list[Action]:
        return []
