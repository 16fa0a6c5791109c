"""The place of imports."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core.registry import InvariantCheck, invariants
from niaga.imports.web.batch_list import may_import
from niaga.organization.access import access_of
from niaga.ui.registry import Command, Hit, NavigationGroup, NavigationItem, commands, navigation

BATCH_COUNTS = InvariantCheck(
    "An import of history holds as many sales as it counted, and an undone one none.",
    """
    SELECT b.id, b.file_name, b.status, b.counts->>'sales' AS counted, count(s.id) AS sales
    FROM imports_importbatch b LEFT JOIN sales_historicalsale s ON s.import_batch_id = b.id
    WHERE b.kind = 'sales' AND b.status IN ('done', 'undone') GROUP BY b.id
    HAVING count(s.id) <> CASE WHEN b.status = 'done' THEN (b.counts->>'sales')::bigint ELSE 0 END
    """,
)


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    word = text.strip().casefold()
    if len(word) < 3 or not ("import".startswith(word) or "impor".startswith(word)) or not may_import(request):
        return []
    return [Command(_("Import a file"), reverse("imports:new"), icon="upload")]


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="imports", label=_("Imports"), icon="upload", url_name="imports:imports",
            group=NavigationGroup.SETTINGS, order=50,
            allowed=lambda request: access_of(request.user).allows("import", "view"),
        )
    )  # fmt: skip
    commands.add("imports", _offer)
    invariants.add("import_counts", BATCH_COUNTS)
