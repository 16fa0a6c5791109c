import json
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.payments.events import PaymentRequestDoubted
from niaga.payments.models import GatewayAccount, PaymentRequest
from niaga.payments.rules.gateways import GATEWAYS
from niaga.payments.rules.gateways.shape import RefundTold
from niaga.payments.rules.payment_request_flow import move_told
from niaga.payments.services.settle_payment_request import settle_payment_request
from niaga.payments.services.settle_refund import settle_refund

SOURCE = "gateway"


def sealed_body(account_id: UUID, body: bytes) -> bytes:
    """A call as the inbox keeps it: the account that it was proved to be for, then its own bytes."""
    return account_id.hex.encode() + b"\n" + body


@transaction.atomic
def take_gateway_call(body: bytes, company_id: UUID | None, at: datetime) -> None:
    """Take what a gateway tells: the handler of its calls, whose signature was checked when they came.

    Where the signature does not cover the state (Midtrans), the gateway is asked instead of believed. Words about
    bills of other systems on the same account are passed over.

    :raises ValueError: the body is no JSON
    """
    account_id, _line, said = body.partition(b"\n")
    account = GatewayAccount.objects.filter(pk=UUID(account_id.decode())).first()
    if account is None or account.company_id != company_id:
        return
    gateway = GATEWAYS[account.kind]
    batch = Batch()
    for told in gateway.told(json.loads(said, parse_float=Decimal)):
        key = key_of(told.key)
        if key is None:
            continue
        if isinstance(told, RefundTold):
            settle_refund(refund_id=key, told=told, at=at)
        elif gateway.body_proves:
            settle_payment_request(request_id=key, told=told, account_id=account.id, at=at)
        else:
            held = PaymentRequest.objects.filter(pk=key, account_id=account.id).first()
            if held is not None and move_told(told.state, held.status) is not None:
                event = PaymentRequestDoubted(held.id)
                announce(batch=batch, event=event, company_id=account.company_id, by=None, at=at)
    batch.write()


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
