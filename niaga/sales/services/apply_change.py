"""A change of a promise that somebody said yes to is made as it was asked for, once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, Refusal, WrongState
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import SYSTEM, Actor
from niaga.organization.queries.users import person_by_id
from niaga.parties.queries.credit import lock_credit_account
from niaga.sales.errors import ChangeMade, ChangeNotApproved, LineFixed, OrderMoved
from niaga.sales.models import AskedChange, SalesOrder, SalesOrderLine
from niaga.sales.rules.amendment import Wish, is_fixed
from niaga.sales.services.carry_out_change import carry_out_change, judge_change
from niaga.sales.services.check_lines import check_lines
from niaga.sales.services.line_fixed_text import line_fixed_text
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.order_change import Change, kept_change


@transaction.atomic
def apply_change(*, order_id: UUID, request_id: UUID, by: Actor, at: datetime) -> SalesOrder:
    """Change a confirmed order as it was asked for: the lines and prices that were approved, whatever prices are now.

    :raises NotFound: no such order, or nobody asked for a change of it with this request
    :raises Forbidden: the person may not amend the order
    :raises ChangeMade: it is made already
    :raises ChangeNotApproved: nobody said yes yet, or somebody no
    :raises OrderMoved: the order was changed since; the change was asked for what it was
    :raises WrongState: it is no promise any more
    :raises LineFixed, CreditOnHold, CreditOverdue, CreditExceeded, ApprovalNeeded, PromotionUsedUp, OutOfStock: see
        `amend_order`
    """
    order = lock_order(order_id=order_id, action="amend", by=by, gate=True)
    asked = AskedChange.objects.select_related("request").filter(request_id=request_id, order_id=order_id).first()
    if asked is None:
        raise NotFound()
    if asked.made_at is not None:
        raise ChangeMade()
    if asked.request.status != "approved":
        raise ChangeNotApproved()
    if order.status != "confirmed":
        raise WrongState()
    if order.version != asked.order_version:
        raise OrderMoved()
    today = day_at(at=at, zone=order.branch.zone)
    account = lock_credit_account(order.customer_id, on=today)
    stored = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))
    change = kept_change(asked)
    _check_lines(stored, change)
    judged = judge_change(order, stored=stored, change=change, account=account, today=today)
    return carry_out_change(
        order=order, stored=stored, change=change, judged=judged, account=account, by=by, at=at, asked=asked
    )


_BILLED = ("quantity", "amount", "document_discount", "net", "tax", "luxury_tax")


def _check_lines(stored: list[SalesOrderLine], change: Change) -> None:
    """What was delivered or invoiced since stands."""
    rows = {row["id"]: row for row in change.rows}
    wishes: dict[UUID, Wish | None] = {line.id: None for line in stored}
    billed = []
    for line in stored:
        row = rows.get(line.id)
        if row is None:
            continue
        own = row["discount_amount"] - row["promotion_discount"]
        wishes[line.id] = Wish(
            row["product_id"], row["quantity"], row["unit_price"], row["discount_percent"], own,
            other_unit=row["unit_id"] != line.unit_id,
        )  # fmt: skip
        if is_fixed(line) and any(row[name] != getattr(line, name) for name in _BILLED):
            billed.append({"line": line.position, "line_id": str(line.id), "code": "invoiced",
                           "description": line.description, "message": line_fixed_text("invoiced")})  # fmt: skip
    check_lines(stored, wishes, places={row["id"]: row["position"] for row in change.rows})
    if billed:  # by its share of a discount of the whole order
        raise LineFixed(lines=billed)


@transaction.atomic
def apply_when_approved(*, request_id: UUID, at: datetime) -> bool:
    """Make a change, as who asked for it, when the last yes was said; whether it was made by this call.

    What refuses it is kept with it, and who asked is told: they make it once nothing stands in its way. Tried once.
    """
    asked = AskedChange.objects.select_related("order__customer").filter(request_id=request_id).first()
    if asked is None or asked.made_at is not None or asked.refused_at is not None:
        return False
    try:
        with transaction.atomic():
            by = person_by_id(asked.asked_by_id) if asked.asked_by_id else SYSTEM
            apply_change(order_id=asked.order_id, request_id=request_id, by=by, at=at)
    except (ChangeMade, ChangeNotApproved):
        return False
    except Refusal as refusal:
        _keep_refusal(asked, refusal, at)
        return False
    return True


def _keep_refusal(asked: AskedChange, refusal: Refusal, at: datetime) -> None:
    batch = Batch()
    batch.update(
        AskedChange, where={"id": asked.pk, "made_at": Sql("IS NULL")},
        values={"refused_at": at, "refusal": refusal.code},
    )  # fmt: skip
    if asked.asked_by_id is not None:
        add_notice(
            batch=batch, to=[asked.asked_by_id],
            text=gettext_noop("The approved change of %(number)s of %(customer)s could not be made. See why."),
            facts={"number": asked.order.number, "customer": asked.order.customer.name},
            url=f"/orders/{asked.order_id}", subject_kind="order", subject_id=asked.order_id, at=at,
        )  # fmt: skip
    batch.write()
