"""Midtrans: Snap for links, Core API for virtual accounts and QRIS."""

from niaga.payments.rules.gateways.midtrans import answers, calls, hooks
from niaga.payments.rules.gateways.shape import LINK, QRIS, VA, Gateway

GATEWAY = Gateway(
    code="midtrans", label="Midtrans", methods=(LINK, VA, QRIS), banks=("bca", "bni", "bri", "permata", "cimb"),
    refundable=(QRIS,), body_proves=False, needs_token=False,
    payer_names=("MIDTRANS", "VERITRANS"),
    make=calls.make, made=answers.made, ask=calls.ask, asked=answers.asked, refund=calls.refund,
    refunded=answers.refunded, ask_refund=calls.ask_refund, asked_refund=answers.asked_refund, check=calls.check,
    checked=answers.checked, is_signed=hooks.is_signed, event_key=hooks.event_key, told=hooks.told,
)  # fmt: skip
