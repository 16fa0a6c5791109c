"""Xendit: invoices for links, virtual accounts, QRIS codes."""

from niaga.payments.rules.gateways.shape import LINK, QRIS, VA, Gateway
from niaga.payments.rules.gateways.xendit import answers, calls, hooks

GATEWAY = Gateway(
    code="xendit", label="Xendit", methods=(LINK, VA, QRIS), banks=("BCA", "BNI", "BRI", "MANDIRI", "PERMATA"),
    refundable=(LINK,), body_proves=True, needs_token=True,
    payer_names=("XENDIT", "SINAR DIGITAL TERDEPAN"),
    make=calls.make, made=answers.made, ask=calls.ask, asked=answers.asked, refund=calls.refund,
    refunded=answers.refunded, ask_refund=calls.ask_refund, asked_refund=answers.asked_refund, check=calls.check,
    checked=answers.checked, is_signed=hooks.is_signed, event_key=hooks.event_key, told=hooks.told,
)  # fmt: skip
