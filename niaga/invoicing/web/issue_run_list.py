"""The list of runs that issued many drafts."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.invoicing.queries.issue_runs import issue_runs
from niaga.invoicing.web.words import RUNS
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.ui.documents import Action
from niaga.ui.lists import Choice, Empty, Listing, Moment, Number, StatusColumn, Text
from niaga.ui.lists.addresses import row_address


class IssueRunList(Listing):
    key, title, sort = "issue_runs", _("Bulk issues"), "-created_at"
    columns = (
        Moment("created_at", _("Begun"), sort="created_at", phone="title"),
        StatusColumn("status", _("Status"), statuses=RUNS, phone="status"),
        Number("size", _("Drafts"), phone="value"),
        Number("issued", _("Issued"), phone="meta"),
        Number("refused", _("Refused"), phone="meta"),
        Text("person", _("By")),
        Moment("finished_at", _("Ended")),
    )
    filters = (Choice("status", _("Status"), options=[(key, status.label) for key, status in RUNS.items()]),)
    empty = Empty(
        _("Nothing was issued in bulk yet"),
        _("Tick drafts in the list of invoices, or issue all of them at once: a job numbers one after another, and what"
          " cannot be issued says why."),
        icon="stamp",
    )  # fmt: skip
    above = (_("Invoices"), "/invoices")
    export = False

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "issue")
        return issue_runs(by=self.request.user)

    def prepare(self, rows: list[Any]) -> list[Any]:
        names = user_names([row.created_by for row in rows])
        for row in rows:
            row.person = names.get(row.created_by, "Niaga")
        return rows

    def url(self, row: Any) -> str:
        return row_address("invoicing:issue_run", row.pk)

    def actions(self) -> list[Action]:
        return [Action(_("To the drafts"), url=reverse("invoicing:invoices") + "?status=draft", method="get",
                       icon="receipt-text", kind="go", key="n")]  # fmt: skip
