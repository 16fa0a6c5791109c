from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.invoicing.errors import NothingToIssue
from niaga.invoicing.jobs import issue_run
from niaga.invoicing.models import Invoice, IssueRun, IssueRunInvoice
from niaga.organization.access import Actor, access_of

MOST = 10_000


@transaction.atomic
def start_issue_run(
    *, invoice_ids: Sequence[UUID] | None, by: Actor, at: datetime, language: str, company_id: UUID | None = None
) -> IssueRun:
    """Have a job issue the named drafts, or with None every draft that the person may issue, the oldest first; of one
    run at most 10,000.

    Which of them are drafts is asked again when their turn comes. `language` is for the reasons of what is refused.
    The system names the company.

    :raises Forbidden: the person may not issue
    :raises NothingToIssue: there is no such draft
    """
    access = access_of(by)
    if company_id is None:
        company_id = access.current_company.id
    access.require("invoice", "issue", company_id=company_id)
    drafts = Invoice.objects.filter(access.filter("invoice", "issue"), company_id=company_id, status="draft")
    if invoice_ids is not None:
        drafts = drafts.filter(pk__in=list(invoice_ids)[:MOST])
    ids = list(drafts.order_by("created_at", "id").values_list("pk", flat=True)[:MOST])
    if not ids:
        raise NothingToIssue()
    run = IssueRun(id=new_id(), company_id=company_id, size=len(ids), created_by=by.id, created_at=at, updated_at=at)
    batch = Batch()
    batch.insert(
        IssueRun,
        [{"id": run.id, "company_id": company_id, "size": run.size, "created_by": by.id, "created_at": at,
          "updated_at": at}],
    )  # fmt: skip
    batch.insert(
        IssueRunInvoice,
        [{"id": new_id(), "invoice_id": one, "position": place} for place, one in enumerate(ids, 1)],
        run_id=run.id,
    )
    record(
        batch=batch, subject_kind="issue_run", subject_id=run.id, verb="start", by=by.id, at=at,
        company_id=company_id, to_status="queued", data={"drafts": run.size},
    )  # fmt: skip
    batch.write()
    issue_run.configure(lock=f"issue:{company_id}").defer(
        run_id=str(run.id), user_id=str(by.id) if by.id else "", language=language
    )
    return run
