"""How customers are billed by themselves, and what waits to be invoiced."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.models import BillingCause, BillingRule, OrderLineDelivery, SalesOrderLine


def rule_of(*, company_id: UUID, customer_id: UUID | None) -> BillingRule | None:
    """The customer's own rule, else the company's; without a customer the company's."""
    rows = BillingRule.objects.filter(Q(customer=None) | Q(customer=customer_id), company_id=company_id)
    return rows.order_by(F("customer_id").asc(nulls_last=True)).first()


def own_rule(*, company_id: UUID, customer_id: UUID | None) -> BillingRule | None:
    """The rule of this customer alone, or the company's own."""
    whose = Q(customer=None) if customer_id is None else Q(customer_id=customer_id)
    return BillingRule.objects.filter(whose, company_id=company_id).first()


def waiting_causes(*, by: Actor) -> QuerySet[BillingCause]:
    """What could not be billed by itself yet, of customers and branches the person may write invoices for."""
    rows = BillingCause.objects.filter(access_of(by).filter("invoice", "create"), done_at=None)
    return rows.select_related("customer")


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
