"""An export's file: one line for each line of the journal."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.api import plain
from niaga.ledger.errors import TooLongForASheet
from niaga.ledger.queries.journal_export import JournalRow, lines_of_export
from niaga.organization.access import Actor
from niaga.ui.lists.export import MOST_ROWS, csv_response, xlsx_response


@dataclass(frozen=True, slots=True)
class FileColumn:
    label: str | Promise
    export: Callable[[JournalRow], Any]


def _figure(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else Decimal(plain(amount))


COLUMNS = (
    FileColumn(_("Date"), lambda row: row.date),
    FileColumn(_("Entry"), lambda row: str(row.entry_id)),
    FileColumn(_("Kind of document"), lambda row: row.kind),
    FileColumn(_("Document"), lambda row: row.number),
    FileColumn(_("Account code"), lambda row: row.code),
    FileColumn(_("Account name"), lambda row: row.account),
    FileColumn(_("Description"), lambda row: row.description),
    FileColumn(_("Debit"), lambda row: _figure(max(row.amount, Decimal(0)))),
    FileColumn(_("Credit"), lambda row: _figure(max(-row.amount, Decimal(0)))),
    FileColumn(_("Currency"), lambda row: row.currency),
    FileColumn(_("Amount of the document"), lambda row: _figure(row.document)),
    FileColumn(_("Currency of the document"), lambda row: row.document_currency),
    FileColumn(_("Customer"), lambda row: row.customer),
)
"""The amount of the document is a debit when positive; a line that has none there (an exchange gain) leaves it out."""


def journal_file(*, export_id: UUID, kind: str, by: Actor) -> HttpResponseBase:
    """The file of an export, as `csv` or `xlsx`; streamed, so that size does not matter.

    :raises Forbidden: the person may not export the books
    :raises NotFound: there is no such export
    :raises BooksMovedOn: something was posted in its days since
    :raises TooLongForASheet: a sheet does not hold so many lines
    """
    export, rows = lines_of_export(export_id=export_id, by=by)
    name = f"{gettext('journal')}-{export.since}-{export.until}.{kind}"
    if kind == "csv":
        return csv_response(COLUMNS, rows, name)
    if export.lines > MOST_ROWS:
        raise TooLongForASheet()
    return xlsx_response(COLUMNS, rows, name, title=gettext("Journal"))
