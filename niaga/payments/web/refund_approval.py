"""What an approver sees of money that shall go back, and what became of it."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from niaga.approvals.registry import Fact, SubjectPage
from niaga.core.errors import Forbidden, NotFound, Refusal, WrongState
from niaga.ledger.errors import PeriodClosed
from niaga.payments.errors import NothingToPayOut, NotRefundableThere, RefundTooMuch, WrongCurrency
from niaga.payments.models import AskedRefund
from niaga.payments.queries.refund_gate import asked_refund
from niaga.payments.web.request_words import PAY_OUT_WAYS, REFUND_WAYS
from niaga.ui import formatting

_WHY: dict[str, type[Refusal]] = {
    one.code: one
    for one in (
        Forbidden, NothingToPayOut, NotRefundableThere, PeriodClosed, RefundTooMuch, WrongCurrency, WrongState,
    )
}  # fmt: skip


def refund_approval(
    request: HttpRequest, subject_id: UUID, *, approval_id: UUID, sees_margin: bool
) -> SubjectPage | None:
    asked = asked_refund(approval_id)
    if asked is None:
        return None
    way = REFUND_WAYS[asked.way].label if asked.way in REFUND_WAYS else PAY_OUT_WAYS[asked.way]
    facts = [Fact(_("Goes back"), formatting.money(asked.amount, asked.currency)), Fact(_("Way"), str(way))]
    if asked.payment is not None:
        url = reverse("payments:payment", args=[asked.payment.pk])
        facts.append(Fact(_("Payment"), formatting.money(asked.payment.amount, asked.payment.currency)))
    else:
        url = f"/invoices/{asked.credit_note_id}"
    if asked.bank_account is not None:
        facts.append(Fact(_("From the account"), f"{asked.bank_account.bank} {asked.bank_account.number}"))
    said, tone = _outcome(asked)
    return SubjectPage(url, history=facts, is_change=True, said=said, tone=tone)


def _outcome(asked: AskedRefund) -> tuple[str, str]:
    if asked.made_at is not None:
        return _("It went back, %(when)s.") % {"when": formatting.ago(asked.made_at)}, "good"
    if asked.refused_at is not None:
        text = _("Approved, but it could not go back. %(why)s Ask for it again once nothing stands in its way.")
        return text % {"why": _why(asked.refusal)}, "warn"
    if asked.request.status == "waiting":
        return _("It goes back by itself once it is approved."), ""
    if asked.request.status == "approved":
        return _("Approved. It goes back in a moment."), "good"
    return "", ""


def _why(code: str) -> str:
    if code == NotFound.code:
        return _("Who asked for it has left.")
    return str(_WHY.get(code, Refusal).text)
