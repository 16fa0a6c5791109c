"""How a change of a promise that was asked for says what becomes of it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from niaga.approvals.errors import ApprovalNeeded
from niaga.core.errors import Forbidden, NotFound, Refusal, StaleVersion, WrongState
from niaga.pricing.errors import PromotionUsedUp
from niaga.sales.errors import CreditExceeded, CreditOnHold, CreditOverdue, LineFixed, OrderMoved, SupplierPutAway
from niaga.sales.models import AskedChange, SalesOrder
from niaga.stock.errors import OutOfStock
from niaga.ui import formatting

_REFUSALS: dict[str, type[Refusal]] = {
    one.code: one
    for one in (
        ApprovalNeeded, CreditExceeded, CreditOnHold, CreditOverdue, Forbidden, LineFixed, OrderMoved, OutOfStock,
        PromotionUsedUp, StaleVersion, SupplierPutAway, WrongState,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """`deed` is where it is made by hand; empty when it cannot be, or is made."""

    tone: str
    text: str
    deed: str = ""


def outcome_of(asked: AskedChange, order: SalesOrder) -> Outcome | None:
    """What becomes of a change; None for one that nobody said yes to."""
    if asked.made_at is not None:
        text = _("The change is made, %(when)s.") % {"when": formatting.ago(asked.made_at)}
        return Outcome("good", text)
    if asked.request.status == "waiting":
        facts = {
            "before": formatting.money(asked.total_before, order.currency),
            "after": formatting.money(asked.total, order.currency),
        }
        text = _(
            "A change of a confirmed order: from %(before)s to %(after)s. It is made by itself once it is approved."
        )
        return Outcome("", text % facts)
    if asked.request.status != "approved":
        return None
    if order.status != "confirmed" or order.version != asked.order_version:
        return Outcome("warn", _("Approved, but not made. %(why)s") % {"why": OrderMoved.text})
    deed = reverse("sales:asked_change", args=[order.pk, asked.request_id])
    if not asked.refusal:
        return Outcome("good", _("Approved. It is made in a moment."), deed)
    return Outcome("warn", _("Approved, but not made. %(why)s") % {"why": refusal_words(asked.refusal)}, deed)


def refusal_words(code: str) -> str:
    """Why a change could not be made."""
    if code == NotFound.code:
        return _("Who asked for it has left. Somebody else makes it.")
    return str(_REFUSALS.get(code, Refusal).text)
