from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.flow import check_move
from niaga.core.rules.attempts import next_attempt
from niaga.payments.models import Refund
from niaga.payments.queries.bills import refund_of
from niaga.payments.queries.gateway_accounts import keys_of
from niaga.payments.rules.gateways.shape import FAILED, PAID, UNKNOWN, RefundTold, Unreadable
from niaga.payments.rules.payment_request_flow import next_ask
from niaga.payments.rules.refund_flow import RefundStatus, refund_flow
from niaga.payments.services.call_gateway import Outcome, call_gateway
from niaga.payments.services.settle_refund import settle_refund


def send_refund(*, refund_id: UUID, clock: Callable[[], datetime]) -> str:
    """Ask the gateway to give money back: note that it is on its way, hand it over, note the answer. Its state.

    Called by jobs only. A worker that dies between the two commits leaves it `sending`, which becomes `uncertain`: it
    is asked for, and never sent again by itself.
    """
    refund = _begin(refund_id, clock())
    if refund is None or refund.request is None:
        return ""
    gateway, keys = keys_of(refund.request.account)
    asked = refund_of(refund)
    answer = call_gateway(gateway.refund(keys, asked))
    told, step = RefundTold(asked.key, UNKNOWN, words=answer.words), "doubt"
    if answer.outcome is Outcome.ANSWERED:
        try:
            told, step = gateway.refunded(answer.told, asked), "accept"
        except Unreadable as error:
            told = RefundTold(asked.key, UNKNOWN, words=f"{answer.words} {error}"[:300])
    elif answer.outcome is Outcome.NEVER:
        told = RefundTold(asked.key, FAILED, words=answer.words)
    elif answer.outcome is Outcome.LATER:
        step = "postpone"
    if told.state in (PAID, FAILED):
        return settle_refund(refund_id=refund.id, told=told, at=clock())
    return _note(refund, step, told, clock())


@transaction.atomic
def _begin(refund_id: UUID, at: datetime) -> Refund | None:
    waiting = Refund.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "request__account", "request__invoice", "request__customer"
    )
    refund = waiting.filter(pk=refund_id, status=RefundStatus.QUEUED).first()
    if refund is None:
        return None
    refund.status = check_move(refund_flow, "begin", refund.status)
    refund.attempts += 1
    refund.started_at = at
    refund.save(update_fields=["status", "attempts", "started_at"])
    return refund


@transaction.atomic
def _note(refund: Refund, step: str, told: RefundTold, at: datetime) -> str:
    held = Refund.objects.select_for_update().get(pk=refund.pk)
    if held.status != RefundStatus.SENDING or held.started_at != refund.started_at:
        return held.status
    again = next_attempt(held.attempts, at) if step == "postpone" else None
    if step == "postpone" and again is None:  # five times nothing was taken: a person decides
        step = "doubt"
    held.status = check_move(refund_flow, step, held.status)
    held.error, held.provider_id = told.words[:300], held.provider_id or told.provider_id
    held.next_attempt_at, held.next_ask_at = again, None if again else next_ask(0, at)
    held.version, held.updated_at = held.version + 1, at
    held.save()
    return held.status
