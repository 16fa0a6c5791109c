"""Changing a promise that stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from niaga.approvals.services.ask_approval import ask_approval
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.sales.errors import EmptyDocument
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.amendment import Wish
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.carry_out_change import Judged, carry_out_change, judge_change
from niaga.sales.services.check_approval import subject_of
from niaga.sales.services.check_lines import check_lines
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.order_change import Change, Shortage, keep_change
from niaga.sales.services.price_amendment import price_amendment
from niaga.sales.services.selling_facts import AS_IT_IS, Choice, still_chosen
from niaga.sales.services.sign_prices import manual_steps, sign_prices


@transaction.atomic
def amend_order(
    *,
    order_id: UUID,
    version: int | None,
    lines: Sequence[LineInput],
    by: Actor,
    at: datetime,
    planned_date: date | None = None,
    requested_date: date | None = None,
    note: str | None = None,
    customer_reference: str | None = None,
    choice: Choice = AS_IT_IS,
    reason: str = "",
    shortage: Shortage = "backorder",
    instead: Literal["amend", "ask"] = "amend",
) -> SalesOrder:
    """Change a confirmed order: `lines` are all its lines as they shall be, those that stay by their id.

    A line keeps the price it was promised at, with what promotions took off it, unless another is given; a new line
    gets today's. Gifts follow what is bought: more of them within their limits, or less unless they are shipped. The
    points it uses stay as far as they fit; the others come back. Lines that an invoice names stay as they are. Stock is
    given back and held anew; a larger promise needs room under the credit limit.
    `choice` names another contact or place of the customer; deliveries that are drawn up keep theirs. What was before
    and after is kept in the audit trail. With `instead="ask"` nothing is changed: those whom the rules name are asked
    to let just this change by, and it is kept as it is priced now, to be made by `apply_change` once they have.

    :raises NotFound: no such order, or a contact or address that is not the customer's
    :raises Forbidden: the person may not amend it
    :raises StaleVersion: somebody saved since `version`
    :raises WrongState: it is not confirmed
    :raises ApprovalNeeded: it makes worse what a rule is about, and nobody said yes to that
    :raises NoApprovalNeeded, ApprovalAskedAlready, NobodyCanApprove: with `instead="ask"`, see `ask_approval`
    :raises LineFixed: deliveries or invoices name more than a line would keep; each such line is answered
    :raises BadLines: some lines can never be right
    :raises EmptyDocument: nothing would be left; cancel the order instead
    :raises CreditOnHold, CreditOverdue, CreditExceeded: the order grows, and `check_credit` does not let it
    :raises PromotionUsedUp: a new line would use a promotion of which nothing is left
    :raises OutOfStock: with `shortage="refuse"`, a line cannot be held; each such line is answered
    """
    order = lock_order(order_id=order_id, action="amend", by=by, version=version, gate=True)
    if order.status != "confirmed":
        raise WrongState()
    today = day_at(at=at, zone=order.branch.zone)
    account = lock_credit_account(order.customer_id, on=today)
    stored = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))
    known = {line.id: line for line in stored}
    gifts = [line for line in stored if line.gift_of_id is not None]
    theirs = [line for line in lines if line.id not in {gift.id for gift in gifts}]
    wanted = [*_own_ids(theirs, known), *(kept_line(gift) for gift in gifts)]
    wishes = {line.id: line for line in wanted}
    places = {line.id: place for place, line in enumerate(wanted, 1) if line.id}
    check_lines(stored, {line.id: _wish(line, wishes.get(line.id)) for line in stored}, places=places)
    if not any(line.is_priced for line in wanted):
        raise EmptyDocument(field="lines")

    context = document_context(branch_id=order.branch_id, at=at)
    customer, chosen = still_chosen(customer_id=order.customer_id, document=order, named=choice)
    rows, totals = price_amendment(order=order, wanted=wanted, known=known, context=context, customer=customer)
    rows = sign_prices(rows, by=by.id, at=at, before=manual_steps((line.id, line.steps) for line in stored))
    change = Change(
        rows, totals,
        {
            "planned_date": planned_date or order.planned_date,
            "requested_date": requested_date or order.requested_date,
            "note": order.note if note is None else note,
            "customer_reference": order.customer_reference if customer_reference is None else customer_reference,
            **(_places(customer, chosen) if choice != AS_IT_IS else {}),
        },
        reason, shortage,
    )  # fmt: skip
    judged = judge_change(order, stored=stored, change=change, account=account, today=today)
    if instead == "ask":
        return _ask(order, stored, change, judged, by, at)
    return carry_out_change(order=order, stored=stored, change=change, judged=judged, account=account, by=by, at=at)


def _ask(
    order: SalesOrder, stored: Sequence[SalesOrderLine], change: Change, judged: Judged, by: Actor, at: datetime
) -> SalesOrder:
    """Ask for the yes, and keep the change with the request."""
    request = ask_approval(
        subject=subject_of(order, amount=change.totals["total"]), rules=judged.lacking, facts=judged.facts or {},
        note=change.reason, by=by, at=at,
    )  # fmt: skip
    batch = Batch()
    keep_change(batch=batch, order=order, stored=stored, change=change, request_id=request.pk, by=by.id, at=at)
    batch.write()
    return order


def _places(customer: CustomerFacts, chosen: Choice) -> dict[str, Any]:
    """The columns that say whom to speak to, where goods go and where the invoice."""
    billing = customer.billing_address if chosen.billing_address_id else {}
    place = customer.frozen_delivery_address()
    return {"contact_id": customer.contact_id, "delivery_address": place, "billing_address": billing}


def _own_ids(lines: Sequence[LineInput], known: Mapping[UUID, SalesOrderLine]) -> list[LineInput]:
    """Ids that are not the order's, or come twice, are new lines."""
    seen: set[UUID] = set()
    own = []
    for line in lines:
        if line.id is not None and line.id in known and line.id not in seen:
            seen.add(line.id)
            own.append(line)
        else:
            own.append(replace(line, id=new_id()))
    return own


def _wish(line: SalesOrderLine, given: LineInput | None) -> Wish | None:
    if given is None:
        return None
    quantity = given.quantity if line.product_id else line.quantity
    return Wish(
        given.product_id, quantity, given.unit_price, given.discount_percent, given.discount_amount,
        other_unit=line.unit is not None and given.unit not in (None, line.unit.code),
    )  # fmt: skip
