"""How customers are billed by themselves, and what waits to be invoiced."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, Q, QuerySet, Sum

from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.models import (
    BillingCause,
    BillingChoice,
    BillingRule,
    Milestone,
    OrderLineDelivery,
    SalesOrder,
    SalesOrderLine,
)
from niaga.sales.models.billing import BillingWay
from niaga.sales.rules.billing_period import ends


def rule_of(*, company_id: UUID, customer_id: UUID | None) -> BillingRule | None:
    """The customer's own rule, else the company's; without a customer the company's."""
    rows = BillingRule.objects.filter(Q(customer=None) | Q(customer=customer_id), company_id=company_id)
    return rows.order_by(F("customer_id").asc(nulls_last=True)).first()


def billing_of(order: SalesOrder) -> BillingChoice | BillingRule | None:
    """What says how an order is billed: its own choice, else its customer's rule, else the company's."""
    choice = choice_of(order_id=order.pk)
    if choice is not None and choice.way:
        return choice
    return rule_of(company_id=order.company_id, customer_id=order.customer_id)


def choice_of(*, order_id: UUID) -> BillingChoice | None:
    """What was chosen for an order the caller may see."""
    return BillingChoice.objects.filter(order_id=order_id).first()


def is_billed(*, order_id: UUID) -> bool:
    """Whether something of an order is in an invoice, a draft too: goods or a milestone. A down payment beside them
    bills nothing of it."""
    milestones = Milestone.objects.filter(order_id=order_id, cause__invoice__status__in=("draft", "issued"))
    lines = SalesOrderLine.objects.filter(Q(invoiced__gt=0) | Exists(milestones), order_id=order_id)
    return lines.exists()


def needs_delivery(*, order_id: UUID) -> bool:
    """Whether something of an order leaves a warehouse, or has."""
    goods = SalesOrderLine.objects.filter(order_id=order_id, needs_stock=True, quantity__gt=F("cancelled"))
    return goods.exists()


def still_billed_so(cause: BillingCause) -> list[UUID]:
    """The orders of a cause for which nothing else was chosen since; all of them stay locked, so that nothing can be
    before they are billed."""
    orders = SalesOrder.objects.select_for_update(of=("self",)).filter(pk__in=cause.order_ids).order_by("pk")
    ids = list(orders.values_list("pk", flat=True))
    chosen: dict[UUID, BillingChoice | BillingRule | None] = {
        choice.order_id: choice for choice in BillingChoice.objects.filter(order_id__in=ids)
    }
    if any(choice is not None and not choice.way for choice in chosen.values()):
        rule = rule_of(company_id=cause.company_id, customer_id=cause.customer_id)
        chosen = {order_id: choice if choice and choice.way else rule for order_id, choice in chosen.items()}
    return [order_id for order_id in ids if order_id not in chosen or _is_so(chosen[order_id], cause)]


def _is_so(rule: BillingChoice | BillingRule | None, cause: BillingCause) -> bool:
    if rule is None or rule.way != cause.kind:
        return False
    return rule.way != BillingWay.PERIOD or cause.until is None or ends(rule.period, cause.until)


def own_rule(*, company_id: UUID, customer_id: UUID | None) -> BillingRule | None:
    """The rule of this customer alone, or the company's own."""
    whose = Q(customer=None) if customer_id is None else Q(customer_id=customer_id)
    return BillingRule.objects.filter(whose, company_id=company_id).first()


def waiting_causes(*, by: Actor) -> QuerySet[BillingCause]:
    """What could not be billed by itself yet, of customers and branches the person may write invoices for."""
    rows = BillingCause.objects.filter(access_of(by).filter("invoice", "create"), done_at=None)
    return rows.select_related("customer").annotate(plan_id=F("recurring_period__plan_id"))


def unbilled(*, order_ids: Iterable[UUID], delivery_id: UUID | None = None, until: date | None = None) -> dict[
    UUID, Decimal
]:  # fmt: skip
    """By order line what was delivered and is not billed: of one delivery, or of all that left until a day. Services
    are delivered when they are promised."""
    left: dict[UUID, Decimal] = defaultdict(Decimal)
    gone = OrderLineDelivery.objects.filter(
        order_line__order_id__in=list(order_ids), delivery_line__delivery__shipped_date__isnull=False
    )
    if delivery_id is not None:
        gone = gone.filter(delivery_line__delivery_id=delivery_id)
    if until is not None:
        gone = gone.filter(delivery_line__delivery__shipped_date__lte=until)
    sums = dict(gone.order_by().values_list("order_line_id").annotate(sum=Sum("quantity")))
    lines = SalesOrderLine.objects.filter(order_id__in=list(order_ids), product_id__isnull=False)
    for line in lines.only("needs_stock", "shipped", "invoiced", "quantity", "cancelled"):
        if not line.needs_stock:
            found = line.quantity - line.cancelled - line.invoiced
        elif delivery_id is not None:
            found = min(sums.get(line.pk, Decimal(0)), line.shipped - line.invoiced)
        else:
            found = min(sums.get(line.pk, Decimal(0)), line.shipped) - line.invoiced
        if found > 0:
            left[line.pk] = found
    return dict(left)


class _Whole(NamedTuple):
    """What belongs to no branch and no person."""

    company_id: UUID
    branch_id: None = None
    salesperson_id: None = None


def may_rule(*, by: Actor) -> bool:
    """Whether the person may set the company's rule: it reaches every branch, so a narrower right is not enough."""
    access = access_of(by)
    return access.reaches("invoice", "issue", _Whole(access.current_company.id))


def rule_subject(*, by: Actor, company_id: UUID, customer_id: UUID | None) -> Any:
    """The customer whose billing rule this person may set; None is the company's rule, which reaches every branch and
    person. It takes the right to issue, since a rule may issue by itself.

    :raises NotFound: no such customer for this person
    :raises Forbidden: the person may not issue that far
    """
    access = access_of(by)
    access.require("invoice", "issue", company_id=company_id)
    customer = None if customer_id is None else customer_for(by, customer_id)
    access.require("invoice", "issue", customer or _Whole(company_id))
    return customer
