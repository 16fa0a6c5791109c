from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.organization.access import SYSTEM, Actor
from niaga.sales.errors import GoodsInPlan
from niaga.sales.models import BillingCause, BillingChoice, RecurringPeriod
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import needs_delivery
from niaga.sales.rules.recurring import Span, filled
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.invoice_orders import invoice_orders
from niaga.sales.services.period_lines import priced_lines
from niaga.sales.services.selling_facts import AS_IT_IS, selling_facts


@transaction.atomic
def bill_recurring(*, cause: BillingCause, by: Actor, at: datetime) -> UUID:
    """Write and confirm the order of a period, and its invoice; the caller holds the cause. Whoever may write the
    invoice need not be one who writes orders: the plan says what is sold. Returns the invoice's id.

    :raises GoodsInPlan: a product became one that leaves a warehouse
    :raises Refusal: the order cannot be written or confirmed now, as by hand
    """
    period = RecurringPeriod.objects.select_related("plan__customer").get(cause=cause)
    plan = period.plan
    customer, context = selling_facts(
        customer_id=plan.customer_id, branch_id=plan.branch_id, chosen=AS_IT_IS, at=at
    )  # fmt: skip
    span = Span(period.number, period.first, period.last, period.bill_date, period.days, period.whole)
    lines = priced_lines(kept=period.lines, span=span, customer=customer, context=context, currency=plan.currency)
    details = OrderDetails(
        salesperson_id=plan.salesperson_id, customer_reference=plan.customer_reference, currency=plan.currency,
        note=filled(plan.note, span=span, language=customer.language or "id"), planned_date=context.today,
    )  # fmt: skip
    order = draft_order(
        customer_id=plan.customer_id, branch_id=plan.branch_id, lines=lines, details=details, by=SYSTEM, at=at
    )
    if needs_delivery(order_id=order.pk):
        raise GoodsInPlan()
    BillingChoice.objects.create(
        company_id=plan.company_id, order=order, way=BillingWay.RECURRING, issues=cause.issues, updated_at=at
    )  # so that no rule bills it a second time
    RecurringPeriod.objects.filter(pk=period.pk).update(order=order)
    cause.order_ids = [str(order.pk)]
    confirm_order(order_id=order.pk, prices="keep", by=SYSTEM, at=at)
    return invoice_orders(order_ids=[order.pk], basis="ordered", by=by, at=at)
