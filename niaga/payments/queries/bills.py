"""What a gateway is told of a request to pay."""

from niaga.payments.models import PaymentRequest, Refund
from niaga.payments.rules.gateways.shape import Bill, RefundAsked


def bill_of(request: PaymentRequest) -> Bill:
    """`request` comes with account, invoice and customer."""
    party = request.invoice.party or {}
    return Bill(
        key=str(request.id), number=request.invoice.number or "", amount=request.amount, method=request.method,
        bank=request.bank, expires_at=request.expires_at, asked_at=request.started_at or request.created_at,
        payer=request.customer.name, email=str(party.get("email") or ""), provider_id=request.provider_id,
    )  # fmt: skip


def refund_of(refund: Refund) -> RefundAsked:
    """`refund` comes with its request, and with that one's account, invoice and customer."""
    assert refund.request is not None
    return RefundAsked(str(refund.id), refund.amount, refund.reason, bill_of(refund.request))
