"""What jobs have to do: requests and refunds to be sent or asked for."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from niaga.payments.models import PaymentRequest, Refund

OVERLOOKED = timedelta(minutes=3)
MOST = 200


def due_request_ids(*, at: datetime) -> list[UUID]:
    """To be sent now: whose next attempt is due, and those that nobody was told of."""
    due = Q(next_attempt_at__lte=at) | Q(next_attempt_at=None, created_at__lt=at - OVERLOOKED)
    rows = PaymentRequest.objects.filter(due, status="queued").order_by("created_at")
    return list(rows.values_list("id", flat=True)[:MOST])


def due_ask_ids(*, at: datetime) -> list[UUID]:
    """To be asked for now."""
    rows = PaymentRequest.objects.filter(status__in=("pending", "uncertain"), next_ask_at__lte=at)
    return list(rows.order_by("next_ask_at").values_list("id", flat=True)[:MOST])


def due_refund_ids(*, at: datetime) -> list[UUID]:
    due = Q(next_attempt_at__lte=at) | Q(next_attempt_at=None, created_at__lt=at - OVERLOOKED)
    return list(Refund.objects.filter(due, status="queued").order_by("created_at").values_list("id", flat=True)[:MOST])


def due_refund_ask_ids(*, at: datetime) -> list[UUID]:
    rows = Refund.objects.filter(status__in=("pending", "uncertain"), next_ask_at__lte=at)
    return list(rows.order_by("next_ask_at").values_list("id", flat=True)[:MOST])
