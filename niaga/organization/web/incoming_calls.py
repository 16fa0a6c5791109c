"""What other systems told us, what became of it, and what has stopped and waits for a person."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from niaga.core.clock import now
from niaga.organization.queries.incoming_calls import incoming_calls
from niaga.organization.services.retry_calls import retry_calls
from niaga.ui.lists import BulkAction, Choice, Done, Empty, Listing, Moment, Number, Status, StatusColumn, Text, View

STATES = {
    "parked": Status(_("Stopped"), "bad", "circle-x"),
    "waiting": Status(_("Waiting"), "calm", "clock"),
    "handled": Status(_("Handled"), "good", "circle-check"),
}


def _retry(request: HttpRequest, ids: Sequence[UUID]) -> Done:
    count = retry_calls(call_ids=ids, by=request.user, at=now())
    return Done(ngettext("%(count)d is tried again.", "%(count)d are tried again.", count) % {"count": count})


class IncomingCallList(Listing):
    key, title, sort, template = "incoming_calls", _("Incoming calls"), "-received_at", "organization/incoming.html"
    above = (_("Settings"), "/settings")
    columns = (
        Text("source", _("From"), source=lambda row: row.source.capitalize(), phone="title"),
        StatusColumn("state", _("Status"), statuses=STATES, phone="status"),
        Moment("received_at", _("Received"), sort="received_at", phone="value"),
        Number("attempts", _("Attempts")),
        Text("error", _("Why it failed"), phone="meta"),
        Moment("next_attempt_at", _("Next attempt")),
    )
    filters = (Choice("state", _("Status"), options=[(code, state.label) for code, state in STATES.items()]),)
    views = (View(_("Stopped"), "state=parked"),)
    bulk = (BulkAction("retry", _("Try again"), act=_retry, icon="rotate-cw"),)
    empty = Empty(
        _("Nobody has called yet"),
        _("What WhatsApp and other systems tell Niaga is kept here before anything is done about it."),
        icon="inbox",
    )

    def rows(self) -> QuerySet[Any]:
        return incoming_calls(by=self.request.user)
