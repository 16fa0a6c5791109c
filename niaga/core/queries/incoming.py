"""Calls of other systems that wait to be handled."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from niaga.core.models import IncomingCall

OVERLOOKED = timedelta(minutes=3)
MOST = 500


def due_call_ids(*, at: datetime) -> list[UUID]:
    """Calls to be tried again now, and those that nobody was told of, the oldest first."""
    due = Q(next_attempt_at__lte=at) | Q(next_attempt_at=None, received_at__lt=at - OVERLOOKED)
    found = IncomingCall.objects.filter(due, handled_at=None, parked_at=None).order_by("received_at")
    return list(found.values_list("id", flat=True)[:MOST])


def calls_of(company_id: UUID) -> QuerySet[IncomingCall]:
    """Calls for a company with `state` (parked, waiting, handled), the newest first; the caller has checked the right.
    What they said stays in the database."""
    state = Case(
        When(parked_at__isnull=False, then=Value("parked")),
        When(handled_at__isnull=False, then=Value("handled")),
        default=Value("waiting"),
        output_field=CharField(),
    )
    rows = IncomingCall.objects.filter(company_id=company_id).annotate(state=state)
    return rows.defer("body").order_by("-received_at", "-id")
