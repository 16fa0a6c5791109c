from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.flow import move
from niaga.invoicing.models import IssueRun, IssueRunInvoice
from niaga.invoicing.rules.issue_run_flow import IssueRunStatus, issue_run_flow
from niaga.invoicing.services.issue_invoices import issue_invoices
from niaga.organization.access import Actor

AT_ONCE = 100
"""Drafts of one transaction. It holds the series of numbers, so others who issue wait for so long."""


@transaction.atomic
def carry_on_issue_run(*, run_id: UUID, by: Actor, at: datetime, at_once: int = AT_ONCE) -> bool:
    """Issue the next drafts of a run and note what became of each. Returns whether there is more to do.

    Numbers and notes commit together, so a run that is killed goes on where it was. Two who carry on the same run wait
    for each other.

    :raises NotFound: there is no such run
    """
    run = IssueRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound()
    if run.status in (IssueRunStatus.DONE, IssueRunStatus.CANCELLED):
        return False
    waiting = IssueRunInvoice.objects.filter(run_id=run_id, outcome="waiting")
    rows = dict(waiting.order_by("position").values_list("invoice_id", "id")[:at_once])
    batch = Batch()
    if run.status == IssueRunStatus.QUEUED:
        move(batch=batch, flow=issue_run_flow, document=run, move="begin", by=by.id, at=at)
    if not rows:
        if run.status == IssueRunStatus.RUNNING and batch.is_empty:
            counts = IssueRunInvoice.objects.filter(run_id=run_id).aggregate(
                issued=Count("id", filter=Q(outcome="issued")), refused=Count("id", filter=Q(outcome="refused"))
            )
            move(batch=batch, flow=issue_run_flow, document=run, move="finish", by=by.id, at=at, data=counts,
                 values={"finished_at": at})  # fmt: skip
        batch.write()
        return False
    done = issue_invoices(invoice_ids=list(rows), by=by, at=at)
    noted = [{"id": rows[key], "outcome": "issued", "code": "", "reason": ""} for key in done.numbers]
    noted += [
        {"id": rows[key], "outcome": "refused", "code": refusal.code, "reason": str(refusal.message)}
        for key, refusal in done.refused.items()
    ]
    batch.update_each(
        IssueRunInvoice, noted, values={"outcome": "v.outcome", "code": "v.code", "reason": "v.reason"},
    )  # fmt: skip
    batch.write()
    return True
