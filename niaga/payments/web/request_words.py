"""What the states and ways of requests to pay and of refunds are called."""

from django.utils.translation import gettext_lazy as _

from niaga.payments.rules.payment_request_flow import RequestStatus
from niaga.payments.rules.refund_flow import RefundStatus
from niaga.ui.lists import Status

REQUESTS = {
    RequestStatus.QUEUED.value: Status(_("Waiting"), "calm", "clock"),
    RequestStatus.SENDING.value: Status(_("Being made"), "calm", "send"),
    RequestStatus.PENDING.value: Status(_("Can be paid"), "calm", "hourglass"),
    RequestStatus.PAID.value: Status(_("Paid"), "good", "circle-check"),
    RequestStatus.EXPIRED.value: Status(_("Expired"), "faint", "clock"),
    RequestStatus.FAILED.value: Status(_("Failed"), "bad", "circle-x"),
    RequestStatus.UNCERTAIN.value: Status(_("Uncertain"), "warn", "triangle-alert"),
}
REFUNDS = {
    RefundStatus.QUEUED.value: Status(_("Waiting"), "calm", "clock"),
    RefundStatus.SENDING.value: Status(_("On its way to the gateway"), "calm", "send"),
    RefundStatus.PENDING.value: Status(_("The gateway works on it"), "calm", "hourglass"),
    RefundStatus.DONE.value: Status(_("Done"), "good", "circle-check"),
    RefundStatus.FAILED.value: Status(_("Failed"), "bad", "circle-x"),
    RefundStatus.UNCERTAIN.value: Status(_("Uncertain"), "warn", "triangle-alert"),
}
WAYS = {
    "link": Status(_("Payment link"), "", "link"),
    "va": Status(_("Virtual account"), "", "landmark"),
    "qris": Status("QRIS", "", "qr-code"),
}
REFUND_WAYS = {
    "gateway": Status(_("Through the gateway"), "", "plug"),
    "transfer": Status(_("Transfer"), "", "landmark"),
    "cash": Status(_("Cash"), "", "banknote"),
}
REASONS = {
    "never": _("The gateway refused it."),
    "later": _("The gateway could not be reached."),
    "unknown": _("It was handed over, but no clear answer came. The gateway is asked for it; it is never sent again by"
                 " itself."),
    "stopped": _("The work was cut off while it was handed over. The gateway is asked for it; it is never sent again by"
                 " itself."),
}  # fmt: skip
"""`reason` of a request -> its words."""
PAY_OUT_WAYS = {"original": _("The way it came"), "transfer": _("Transfer"), "cash": _("Cash")}
