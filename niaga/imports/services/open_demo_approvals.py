from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.core.errors import Refusal
from niaga.organization.access import Actor
from niaga.sales.queries.documents import order_lines
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.ask_quotation_approval import ask_quotation_approval
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation


@transaction.atomic
def open_demo_approvals(
    *,
    company_id: UUID,
    customer_id: UUID,
    branch_id: UUID,
    product_ids: Sequence[UUID],
    owner: Actor,
    seller: Actor,
    at: datetime,
) -> None:
    """Two rules; an offer, and a change of a promise, that wait for the sales manager's or the owner's yes."""
    large = {"match": "all", "parts": [{"field": "discount_percent", "op": "above", "value": "10", "unknown": False}]}
    thin = {
        "match": "any",
        "parts": [
            {"field": "margin_percent", "op": "below", "value": "5", "unknown": False},
            {"match": "all", "parts": [
                {"field": "payment_term_days", "op": "above", "value": "45", "unknown": False},
                {"field": "order_value", "op": "at_least", "value": "100000000", "unknown": False}]},
        ],
    }  # fmt: skip
    manager, lead = {"seat": "manager", "key": ""}, {"seat": "role", "key": "owner"}
    either = {"mode": "any", "approvers": [manager, lead], "hours": 24, "then": str(owner.id)}
    above = {"mode": "any", "approvers": [lead], "hours": None, "then": ""}
    for details in (
        RuleDetails("Diskon besar", large, [either], position=1),
        RuleDetails("Margin tipis atau tempo panjang", thin, [above], position=2),
    ):
        save_rule(company_id=company_id, details=details, by=owner, at=at)

    when = at - timedelta(hours=2)
    offered = [
        LineInput(product_id=product_ids[n], quantity=Decimal(quantity), discount_percent=Decimal(percent))
        for n, quantity, percent in ((3, 120, 12), (7, 60, 4), (11, 40, 0))
    ]
    offer = draft_quotation(
        customer_id=customer_id, branch_id=branch_id, lines=offered, details=QuotationDetails(), by=seller, at=when
    )
    note = "Mereka mau ambil 120 karton sekaligus; pesaing menawar lebih murah."
    ask_quotation_approval(quotation_id=offer.id, note=note, by=seller, at=when)
    with suppress(Refusal):  # a limit that is passed by then: nobody asks, as in life
        _ask_for_more(customer_id, branch_id, product_ids, seller, at - timedelta(days=1))


@transaction.atomic
def _ask_for_more(customer_id: UUID, branch_id: UUID, product_ids: Sequence[UUID], seller: Actor, at: datetime) -> None:
    """A promise of yesterday of which the customer wants more, for less."""
    promised = [LineInput(product_id=product_ids[n], quantity=Decimal(quantity)) for n, quantity in ((4, 24), (9, 12))]
    order = draft_order(
        customer_id=customer_id, branch_id=branch_id, lines=promised, details=OrderDetails(), by=seller, at=at
    )
    confirm_order(order_id=order.id, by=seller, at=at, shortage="backorder", prices="keep")
    more = {product_ids[4]: (Decimal(96), Decimal(13))}
    lines = []
    for line in order_lines(order_id=order.id):
        if line.product_id is not None and line.gift_of_id is None:
            quantity, percent = more.get(line.product_id, (line.quantity, line.discount_percent))
            lines.append(LineInput(id=line.id, product_id=line.product_id, quantity=quantity, discount_percent=percent))
    amend_order(
        order_id=order.id, version=None, lines=lines, instead="ask", by=seller, at=at + timedelta(hours=23),
        reason="Ambil empat kali lipat bila diskonnya 13\u00a0%.",
    )  # fmt: skip
