"""What an approver sees of a return without a document."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from niaga.approvals.registry import ApprovalLine, Fact, SubjectPage
from niaga.core.money import round_amount
from niaga.returns.queries.returns import return_lines, return_row
from niaga.returns.web.words import WISHES, price_told, verdict_told
from niaga.ui import formatting


def return_approval(
    request: HttpRequest, subject_id: UUID, *, approval_id: UUID, sees_margin: bool
) -> SubjectPage | None:
    rma = return_row(subject_id)
    if rma is None:
        return None
    lines = []
    for line in return_lines(return_id=rma.pk):
        price = line.unit_price or 0
        amount = round_amount(line.quantity * price, rma.currency)
        lines.append(
            ApprovalLine(
                f"{line.description}. {verdict_told(line.verdict)}",
                f"{formatting.number(line.quantity)} {line.unit.code}", formatting.money(price, rma.currency), "",
                formatting.money(amount, rma.currency), below=price_told(line.price_basis),
                tone="" if line.verdict.get("enough") else "warn",
            )
        )  # fmt: skip
    facts = [Fact(_("The customer would like"), str(WISHES[rma.wish])), Fact(_("Why there is no document"), rma.note)]
    said, tone = _outcome(rma.status, rma.order_number)
    url = reverse("returns:return", args=[rma.pk])
    return SubjectPage(url, lines=lines, history=facts, is_change=True, said=said, tone=tone)


def _outcome(status: str, order_number: str) -> tuple[str, str]:
    if order_number:
        return _("Its order was found: %(number)s.") % {"number": order_number}, "good"
    if status == "requested":
        return _("The goods may come once it is approved."), ""
    if status in ("rejected", "cancelled"):
        return _("Nothing comes back."), "warn"
    return _("It is authorized."), "good"
