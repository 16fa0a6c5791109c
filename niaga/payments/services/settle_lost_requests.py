from datetime import datetime

from django.db import transaction

from niaga.payments.models import PaymentRequest, Refund
from niaga.payments.rules.payment_request_flow import LOST_AFTER, RequestStatus
from niaga.payments.rules.refund_flow import RefundStatus


@transaction.atomic
def settle_lost_requests(*, at: datetime) -> int:
    """Requests and refunds whose worker died on the way become `uncertain`, and are asked for. How many."""
    lost = PaymentRequest.objects.filter(status=RequestStatus.SENDING, started_at__lt=at - LOST_AFTER)
    count = lost.update(status=RequestStatus.UNCERTAIN, reason="stopped", next_ask_at=at)
    refunds = Refund.objects.filter(status=RefundStatus.SENDING, started_at__lt=at - LOST_AFTER)
    return count + refunds.update(status=RefundStatus.UNCERTAIN, next_ask_at=at)
