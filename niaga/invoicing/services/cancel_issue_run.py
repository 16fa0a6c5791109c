from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.flow import move
from niaga.invoicing.models import IssueRun, IssueRunInvoice
from niaga.invoicing.rules.issue_run_flow import issue_run_flow
from niaga.organization.access import Actor, access_of


@transaction.atomic
def cancel_issue_run(*, run_id: UUID, by: Actor, at: datetime) -> IssueRun:
    """Stop a run. What it has issued stays issued; the others stay drafts.

    :raises NotFound: there is no such run
    :raises Forbidden: the person may not issue
    :raises WrongState: it is done or cancelled
    """
    run = IssueRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound()
    access_of(by).require("invoice", "issue", company_id=run.company_id)
    batch = Batch()
    move(batch=batch, flow=issue_run_flow, document=run, move="cancel", by=by.id, at=at, values={"finished_at": at})
    batch.update(
        IssueRunInvoice, where={"run_id": run_id, "outcome": "waiting"}, values={"outcome": "left"}, expect=None
    )
    batch.write()
    return run
