from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.ledger.models import JournalExport
from niaga.ledger.queries.journal_export import journal_sums
from niaga.organization.access import Actor, access_of


@transaction.atomic
def export_journal(*, company_id: UUID, since: date, until: date, by: Actor, at: datetime) -> JournalExport:
    """Hand out the journal of these days: note who does, and how much it holds. Its files are read from the books.

    :raises Forbidden: the person may not export the books
    :raises Invalid: the days are the wrong way round, or nothing is posted in them
    """
    access_of(by).require("ledger", "export", company_id=company_id)
    if until < since:
        raise Invalid(_("The last day is before the first."), field="until")
    lines, debit = journal_sums(company_id=company_id, since=since, until=until)
    if not lines:
        raise Invalid(_("Nothing is posted in these days."), field="since")
    export = JournalExport(
        id=new_id(), company_id=company_id, since=since, until=until, lines=lines, debit=debit,
        created_by=by.id, created_at=at,
    )  # fmt: skip
    batch = Batch()
    columns = ("id", "company_id", "since", "until", "lines", "debit", "created_by", "created_at")
    batch.insert(JournalExport, [{name: getattr(export, name) for name in columns}])
    record(
        batch=batch, subject_kind="journal_export", subject_id=export.id, verb="export", by=by.id, at=at,
        company_id=company_id, data={"since": str(since), "until": str(until), "lines": lines},
    )  # fmt: skip
    batch.write()
    return export
