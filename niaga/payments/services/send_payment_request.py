from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import check_move
from niaga.core.outbox import announce
from niaga.core.rules.attempts import next_attempt
from niaga.payments.events import PaymentRequestMoved
from niaga.payments.models import PaymentRequest
from niaga.payments.queries.bills import bill_of
from niaga.payments.queries.gateway_accounts import keys_of
from niaga.payments.rules.gateways.shape import Made, Unreadable
from niaga.payments.rules.payment_request_flow import RequestStatus, next_ask, payment_request_flow
from niaga.payments.services.call_gateway import Answer, Outcome, call_gateway
from niaga.payments.services.tell_of_request import tell_of_request

_MOVES = {
    Outcome.ANSWERED: "open", Outcome.NEVER: "fail", Outcome.LATER: "postpone", Outcome.UNKNOWN: "doubt",
}  # fmt: skip
SOON = timedelta(seconds=20)


def send_payment_request(*, request_id: UUID, clock: Callable[[], datetime]) -> str:
    """Ask the gateway for a way to pay: note that it is on its way, hand it over, note the answer. Returns its status.

    Called by jobs only, outside any transaction: between the two commits nothing is locked, and a worker that dies
    there leaves the request `sending`, which becomes `uncertain` and is then settled by asking. One that another worker
    has taken, or that does not wait, is left alone.
    """
    request = _begin(request_id, clock())
    if request is None:
        return ""
    gateway, keys = keys_of(request.account)
    bill = bill_of(request)
    answer, made = call_gateway(gateway.make(keys, bill)), None
    if answer.outcome is Outcome.ANSWERED:
        try:
            made = gateway.made(answer.told, bill)
        except Unreadable as error:
            answer = Answer(Outcome.UNKNOWN, answer.status, words=f"{answer.words} {error}".strip()[:300])
    return _settle(request, answer, made, clock())


@transaction.atomic
def _begin(request_id: UUID, at: datetime) -> PaymentRequest | None:
    waiting = PaymentRequest.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "account", "invoice", "customer"
    )
    request = waiting.filter(pk=request_id, status=RequestStatus.QUEUED).first()
    if request is None:
        return None
    request.status = check_move(payment_request_flow, "begin", request.status)
    request.attempts += 1
    request.started_at = at
    request.save(update_fields=["status", "attempts", "started_at"])
    return request


@transaction.atomic
def _settle(request: PaymentRequest, answer: Answer, made: Made | None, at: datetime) -> str:
    held = PaymentRequest.objects.select_for_update().get(pk=request.pk)
    if made is not None:
        held.provider_id, held.url, held.account_number, held.code = made.provider_id, made.url, made.account, made.code
        held.save(update_fields=["provider_id", "url", "account_number", "code"])
    # the gateway may have told what became of it before its answer came, and a worker taken for dead may come back
    if held.status != RequestStatus.SENDING or held.started_at != request.started_at:
        return held.status
    move = _MOVES[answer.outcome]
    again = next_attempt(held.attempts, at) if move == "postpone" else None
    if move == "postpone" and again is None:
        move = "fail"
    held.status = check_move(payment_request_flow, move, held.status)
    held.next_attempt_at, held.version, held.updated_at = again, held.version + 1, at
    held.reason, held.error = ("", "") if move == "open" else (answer.outcome.value, answer.words[:300])
    held.next_ask_at = next_ask(0, at) if move == "open" else at + SOON if move == "doubt" else None
    held.save()
    batch = Batch()
    if held.status == RequestStatus.FAILED:
        tell_of_request(batch=batch, request=held, what="failed", at=at)
    event = PaymentRequestMoved(held.id, held.invoice_id, held.status)
    announce(batch=batch, event=event, company_id=held.company_id, by=None, at=at)
    batch.write()
    return held.status
