from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.payments.models import PaymentRequest
from niaga.payments.queries.bills import bill_of
from niaga.payments.queries.gateway_accounts import keys_of
from niaga.payments.rules.gateways.shape import EXPIRED, UNKNOWN, Bill, Gateway, Told, Unreadable
from niaga.payments.rules.payment_request_flow import GRACE, RequestStatus, next_ask
from niaga.payments.services.call_gateway import Answer, Outcome, call_gateway
from niaga.payments.services.settle_payment_request import settle_payment_request

OPEN = (RequestStatus.PENDING, RequestStatus.UNCERTAIN, RequestStatus.EXPIRED, RequestStatus.FAILED)


def ask_payment_request(*, request_id: UUID, clock: Callable[[], datetime]) -> str:
    """Ask the gateway what became of a request, and take its word. Returns the state; asking sends nothing.

    A request that ended at its time and that the gateway knows nothing of has expired.
    """
    rows = PaymentRequest.objects.select_related("account", "invoice", "customer")
    request = rows.filter(pk=request_id, status__in=OPEN).first()
    if request is None:
        return ""
    gateway, keys = keys_of(request.account)
    bill = bill_of(request)
    answer = call_gateway(gateway.ask(keys, bill))
    told = _told(gateway, answer, bill)
    at = clock()
    if told is not None and told.state == UNKNOWN and at > request.expires_at + GRACE:
        told = Told(told.key, EXPIRED, words=told.words)
    _note(request, gateway, answer, bill, told, at)
    if told is None or told.state == UNKNOWN or told.key != bill.key:
        return request.status
    return settle_payment_request(request_id=request.id, told=told, account_id=request.account_id, at=at)


def _told(gateway: Gateway, answer: Answer, bill: Bill) -> Told | None:
    if answer.outcome is not Outcome.ANSWERED:
        return None
    try:
        if answer.status == 404:
            return Told(bill.key, UNKNOWN, words=answer.words)
        return gateway.asked(answer.told, bill)
    except Unreadable:
        return None


@transaction.atomic
def _note(
    request: PaymentRequest, gateway: Gateway, answer: Answer, bill: Bill, told: Told | None, at: datetime
) -> None:
    """When it is asked next; and of a lost answer the way to pay itself."""
    held = PaymentRequest.objects.select_for_update().get(pk=request.pk)
    held.asks += 1
    waits = held.status in (RequestStatus.PENDING, RequestStatus.UNCERTAIN)
    held.next_ask_at = next_ask(held.asks, at) if waits else None
    if told is None:
        held.error = answer.words[:300]
    found = _made(gateway, answer.told, bill) if told is not None and not (held.url or held.code) else None
    if found is not None and not held.account_number:
        held.provider_id = held.provider_id or found.provider_id
        held.url, held.account_number, held.code = found.url, found.account, found.code
    held.save(update_fields=["asks", "next_ask_at", "error", "provider_id", "url", "account_number", "code"])


def _made(gateway: Gateway, told: Any, bill: Bill) -> Any:
    try:
        return gateway.made(told[0] if isinstance(told, list) and told else told, bill)
    except Unreadable:
        return None
