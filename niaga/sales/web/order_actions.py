"""What an order offers to do next, and where its page is."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from niaga.organization.access import access_of
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.credit import standing_of
from niaga.sales.queries.lines import Stocking
from niaga.sales.web.approval_words import ApprovalNote, approval_action
from niaga.ui.documents import Action, Consequence


def order_actions(
    request: HttpRequest,
    found: SalesOrder,
    lines: list[SalesOrderLine],
    held: dict[UUID, Stocking],
    approval: ApprovalNote | None,
) -> tuple[Action | None, list[Action], list[Action]]:
    """The one next deed: confirm, deliver what is held, invoice what was delivered, close."""

    def url(name: str) -> str:
        return reverse(f"sales:order_{name}", args=[found.id])

    may_order = {name: may(request, "order", name, found) for name in ("change", "confirm", "amend", "cancel")}
    primary: Action | None = None
    actions: list[Action] = []
    more: list[Action] = []
    if found.status == "draft":
        if may_order["confirm"]:
            primary = approval_action(approval) or Action(
                _("Confirm"), dialog="confirm-order", icon="check", kind="go", key="c"
            )
        if may_order["change"]:
            actions.append(Action(_("Edit"), url=url("edit"), icon="pencil", method="get", key="e"))
            if any(_to_supply(line) for line in lines):
                more.append(Action(_("Supply"), url=url("supply"), icon="forward", method="get"))
    elif found.status == "confirmed":
        ready = any(
            line.quantity - line.cancelled - line.in_delivery - line.direct > 0
            and (not line.needs_stock or (line.id in held and held[line.id].held > 0))
            for line in lines
            if line.product_id and line.kind == "item"
        )
        billable = any(
            (line.shipped if line.needs_stock else line.quantity - line.cancelled) > line.invoiced
            for line in lines
            if line.product_id
        )
        deliver = Action(_("Deliver"), url=url("delivery"), icon="truck", kind="go", key="d")
        bill = Action(_("Make invoice"), url=url("invoice"), icon="receipt", kind="go", key="i")
        may_deliver = ready and may(request, "delivery", "create", found)
        may_bill = may(request, "invoice", "create", found) and found.invoice_progress != "done"
        has_goods = any(line.needs_stock for line in lines)  # services alone are billed; a delivery note is a choice
        shipped_ready = billable and may_bill and (found.delivery_progress != "none" or not (ready and has_goods))
        if shipped_ready and not (may_deliver and has_goods and found.delivery_progress == "none"):
            primary = bill
        elif may_deliver and has_goods:
            primary = deliver
        if may_deliver and primary is not deliver:
            actions.append(Action(_("Deliver"), url=url("delivery"), icon="truck", key="d"))
        if may_bill and primary is not bill:
            ordered = Action(_("Invoice as ordered"), url=url("invoice"), icon="receipt", data={"basis": "ordered"})
            more.append(ordered)
        if may_bill and found.exposure > 0:
            more.append(Action(_("Down payment"), dialog="down-payment", icon="receipt"))
        if may_order["confirm"] and standing_of(found, today=found.date).figures.base_limit is not None:
            more.append(Action(_("Ask for more credit"), dialog="credit-request", icon="shield-check"))
        if may_order["amend"]:
            actions.append(Action(_("Amend"), url=url("edit"), icon="pencil", method="get", key="e"))
        if any(_to_supply(line) for line in lines) and may(request, "delivery", "create", found):
            more.append(Action(_("Supply"), url=url("supply"), icon="forward", method="get"))
        if may_order["change"] and any(waiting_base(line, held) for line in lines):
            more.append(Action(_("Hold waiting stock now"), url=url("hold"), icon="package-check"))
        if found.delivery_progress == "done" and found.invoice_progress == "done" and may_order["change"]:
            more.append(Action(_("Close"), url=url("closure"), icon="lock"))
        if may_order["cancel"] and (found.delivery_progress != "none" or found.invoice_progress != "none"):
            rest = Consequence(
                _("Cancel the rest?"),
                _("What is in no delivery and no invoice yet is cancelled; its stock and credit are free again."),
                button=_("Cancel the rest"), reason=_("Why"), danger=True,
            )  # fmt: skip
            more.append(Action(_("Cancel the rest"), url=url("rest"), icon="scissors", kind="bad", confirm=rest))
    actions.append(
        Action(
            "PDF",
            url=reverse("documents:paper", args=["order", found.id]),
            icon="file-text",
            method="get",
            new_tab=True,
            key="p",
        )
    )
    if (
        found.status in ("draft", "confirmed")
        and found.invoice_progress == "none"
        and may(request, "order", "send", found)
    ):
        more.append(Action(_("Pro-forma invoice"), dialog="pro-forma", icon="file-text"))
    sold = [line for line in lines if line.product_id]
    if sold and not any(line.needs_stock for line in sold) and may(request, "invoice", "create", found):
        again = f"{reverse('sales:new_recurring_plan')}?order={found.id}"
        more.append(Action(_("Bill it again and again"), url=again, icon="repeat", method="get"))
    untouched = found.delivery_progress == "none" and found.invoice_progress == "none"
    if found.status in ("draft", "confirmed") and untouched and may_order["cancel"]:
        text = _("The order ends here.")
        if found.status == "confirmed":
            text = _("The stock held for it and the customer's credit are free again. It cannot be undone.")
        question = Consequence(
            _("Cancel this order?"), text, button=_("Cancel the order"), reason=_("Why"), danger=True
        )
        more.append(Action(_("Cancel the order"), url=url("cancellation"), icon="ban", kind="bad", confirm=question))
    return primary, actions, more


def may(request: HttpRequest, kind: str, action: str, document: Any) -> bool:
    """Whether the person may do this to the document: for buttons; the deed asks again."""
    return access_of(request.user).reaches(kind, action, document)


def order_address(order_id: UUID) -> str:
    return reverse("sales:order", args=[order_id])


def waiting_base(line: SalesOrderLine, held: dict[UUID, Stocking]) -> Decimal:
    """How many base units of a confirmed line wait for stock."""
    place = held.get(line.id)
    if place is None:
        return Decimal(0)
    return max(Decimal(0), (line.quantity - line.cancelled - line.shipped - line.direct) * line.factor - place.held)


def _to_supply(line: SalesOrderLine) -> bool:
    """Whether a supplier could send of it what is in no delivery yet."""
    left = line.quantity - line.cancelled - line.in_delivery - line.direct
    return bool(line.product_id and line.needs_stock and not line.parts and left > 0)
