from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from niaga.payments.models import Refund
from niaga.payments.queries.bills import refund_of
from niaga.payments.queries.gateway_accounts import keys_of
from niaga.payments.rules.gateways.shape import FAILED, PAID, Unreadable
from niaga.payments.rules.payment_request_flow import next_ask
from niaga.payments.services.call_gateway import Outcome, call_gateway
from niaga.payments.services.settle_refund import settle_refund


def ask_refund(*, refund_id: UUID, clock: Callable[[], datetime]) -> str:
    """Ask the gateway what became of a refund, and take its word. Its state; asking sends nothing."""
    rows = Refund.objects.select_related("request__account", "request__invoice", "request__customer")
    refund = rows.filter(pk=refund_id, status__in=("pending", "uncertain")).first()
    if refund is None or refund.request is None:
        return ""
    gateway, keys = keys_of(refund.request.account)
    asked = refund_of(refund)
    answer = call_gateway(gateway.ask_refund(keys, asked))
    at = clock()
    Refund.objects.filter(pk=refund.pk).update(asks=refund.asks + 1, next_ask_at=next_ask(refund.asks + 1, at))
    if answer.outcome is not Outcome.ANSWERED or answer.status == 404:
        return refund.status
    try:
        told = gateway.asked_refund(answer.told, asked)
    except Unreadable:
        return refund.status
    return settle_refund(refund_id=refund.id, told=told, at=at) if told.state in (PAID, FAILED) else refund.status
