"""The gateway that ships with Niaga: it takes no money and pays by a click, for demonstrations and for trying out."""

from niaga.payments.rules.gateways.sandbox import answers, calls, hooks
from niaga.payments.rules.gateways.shape import LINK, QRIS, VA, Gateway

GATEWAY = Gateway(
    code="sandbox", label="Sandbox", methods=(LINK, VA, QRIS), banks=("BCA", "MANDIRI"), refundable=(LINK, VA, QRIS),
    body_proves=True, needs_token=False,
    payer_names=("NIAGA SANDBOX",),
    make=calls.make, made=answers.made, ask=calls.ask, asked=answers.asked, refund=calls.refund,
    refunded=answers.refunded, ask_refund=calls.ask_refund, asked_refund=answers.asked_refund, check=calls.check,
    checked=answers.checked, is_signed=hooks.is_signed, event_key=hooks.event_key, told=hooks.told,
)  # fmt: skip
