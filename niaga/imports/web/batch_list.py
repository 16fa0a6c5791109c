from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.imports.queries.batches import batches
from niaga.imports.web.words import STATUSES
from niaga.imports.wording import KIND_NAMES
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.ui.documents import Action
from niaga.ui.lists import Choice, Empty, Listing, Moment, Number, StatusColumn, Text
from niaga.ui.lists.addresses import row_address


def may_import(request: HttpRequest) -> bool:
    return access_of(request.user).allows("import", "create")


class BatchList(Listing):
    key, title, sort = "imports", _("Imports"), "-created_at"
    columns = (
        Text("file_name", _("File"), phone="title"),
        Text("kind", _("Holds"), source=lambda row: KIND_NAMES.get(row.kind, row.kind), phone="meta"),
        StatusColumn("status", _("Status"), statuses=STATUSES, phone="status"),
        Number("rows", _("Rows"), phone="value"),
        Number("errors", _("Wrong rows")),
        Text("person", _("By")),
        Moment("created_at", _("Sent"), sort="created_at", phone="meta"),
    )
    filters = (
        Choice("kind", _("Holds"), options=list(KIND_NAMES.items())),
        Choice("status", _("Status"), options=[(str(key), status.label) for key, status in STATUSES.items()]),
    )
    empty = Empty(
        _("Nothing imported yet"),
        _(
            "Bring what you have: customers, products, prices, stock and the sales of the past, from a spreadsheet or "
            "an export of your old system. A dry run shows what would happen, and every import can be undone."
        ),
        icon="upload",
    )
    export = False

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("import", "view")
        return batches(by=self.request.user)

    def prepare(self, rows: list[Any]) -> list[Any]:
        names = user_names([row.created_by for row in rows])
        for row in rows:
            row.person = names.get(row.created_by, "")
        return rows

    def url(self, row: Any) -> str:
        return row_address("imports:batch", row.pk)

    def actions(self) -> list[Action]:
        if not may_import(self.request):
            return []
        return [Action(_("Import a file"), url=reverse("imports:new"), method="get", icon="upload", kind="go", key="n")]
