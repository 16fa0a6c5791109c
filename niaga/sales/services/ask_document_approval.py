"""What asking for an offer's and for an order's approval have in common."""

from datetime import datetime
from uuid import UUID

from niaga.approvals.queries.gate import missing_for
from niaga.approvals.services.ask_approval import ask_approval
from niaga.core.clock import today as day_at
from niaga.organization.access import Actor
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.queries.approval_facts import facts_of
from niaga.sales.services.check_approval import subject_of


def ask_document_approval(document: Quotation | SalesOrder, *, note: str, by: Actor, at: datetime) -> UUID:
    """Ask for the yes that a locked document, read with its gate, lacks as it stands. Returns the request."""
    today = day_at(at=at, zone=document.branch.zone)
    facts = facts_of(document, today=today)
    rules = missing_for(document, facts=facts, today=today)
    return ask_approval(subject=subject_of(document), rules=rules, facts=facts, note=note, by=by, at=at).id
