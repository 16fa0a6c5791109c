"""Runs that issue many drafts, how far they are and what became of each draft."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.invoicing.models import IssueRun, IssueRunInvoice
from niaga.organization.access import Actor, access_of


def issue_runs(*, by: Actor) -> QuerySet[IssueRun]:
    """Runs of the company that the person may see, their own always, each with how many are `issued`, `refused` and
    `waiting`."""
    access = access_of(by)
    whole = access.filter("invoice", "issue", branch=None, salesperson=None)
    mine = Q(created_by=by.id, company_id=access.current_company.id) if by.id else Q()
    counts = {
        word: Count("invoices", filter=Q(invoices__outcome=word)) for word in ("issued", "refused", "waiting", "left")
    }
    return IssueRun.objects.filter(whole | mine).annotate(**counts)


def issue_run_for(*, run_id: UUID, by: Actor) -> Any:
    """:raises Forbidden: the person may not issue
    :raises NotFound: there is none, or not for this person
    """
    access_of(by).require("invoice", "issue")
    found = issue_runs(by=by).filter(pk=run_id).first()
    if found is None:
        raise NotFound()
    return found


def refused_in(run_id: UUID) -> QuerySet[IssueRunInvoice]:
    """The drafts that a run could not issue, with their invoice and customer; for who may see the run."""
    rows = IssueRunInvoice.objects.filter(run_id=run_id, outcome="refused")
    return rows.select_related("invoice__customer").order_by("position")
