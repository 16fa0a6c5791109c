from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.errors import RhythmFixed
from niaga.sales.models import RecurringPeriod, RecurringPlan
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.recurring import get_plan
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.recurring import span_of
from niaga.sales.services.plan_terms import PlanTerms, check_terms
from niaga.sales.services.price_plan import PricedPlan, price_plan

FIXED = ("customer_id", "start", "unit", "every", "day", "in_arrears")


@transaction.atomic
def save_plan(
    *,
    plan_id: UUID | None = None,
    version: int | None = None,
    customer_id: UUID,
    branch_id: UUID,
    order_id: UUID | None = None,
    lines: Sequence[LineInput],
    terms: PlanTerms,
    by: Actor,
    at: datetime,
) -> RecurringPlan:
    """Bill a customer again and again from now on, or change what is billed from the next period on.

    :raises NotFound: no such plan, customer or order for this person
    :raises Forbidden: the person may not write their invoices, or not issue them where the plan does
    :raises StaleVersion: somebody changed it meanwhile
    :raises Invalid: a day, a number or a placeholder is wrong, with its field
    :raises GoodsInPlan, BadLines, EmptyDocument: see `price_plan`
    :raises RhythmFixed: a period was made, and its rhythm or customer would change
    :raises WrongState: the plan is ended
    """
    access_of(by).require("invoice", "create")
    held = None if plan_id is None else get_plan(plan_id=plan_id, by=by, lock=True, version=version)
    customer_for(by, customer_id)
    if order_id is not None and get_order(order_id=order_id, by=by).customer_id != customer_id:
        raise NotFound(field="order_id")
    priced = price_plan(
        customer_id=customer_id, branch_id=held.branch_id if held else branch_id, lines=lines,
        currency=held.currency if held else "", by=by, at=at,
    )  # fmt: skip
    check_terms(terms, lines=lines, today=priced.context.today, is_new=held is None)
    values: dict[str, Any] = {name: getattr(terms, name) for name in PlanTerms.__slots__}
    plan = held or _new(priced, customer_id, branch_id, order_id, by, at)
    if held is not None:
        if held.status == "ended":
            raise WrongState()
        wanted = {**values, "customer_id": customer_id}
        if held.next_number > 1 and any(getattr(held, name) != wanted[name] for name in FIXED):
            raise RhythmFixed()
    changed_lines = held is None or held.lines != priced.lines
    for name, value in {**values, "customer_id": customer_id, "lines": priced.lines, "total": priced.total}.items():
        setattr(plan, name, value)
    access_of(by).require("invoice", "create", plan)
    if plan.issues:
        access_of(by).require("invoice", "issue", plan)
    span = span_of(plan.rhythm_in(priced.context.country), plan.next_number)
    if plan.next_number > 1:
        last = RecurringPeriod.objects.filter(plan=plan).order_by("-number").values_list("last", flat=True).first()
        if plan.end is not None and last is not None and plan.end < last:
            raise Invalid(_("Days up to %(day)s are billed already.") % {"day": last}, field="end")
    elif span is None:
        raise Invalid(_("The plan would bill nothing."), field="end")
    if changed_lines:
        plan.prices_since = span.first if span else plan.start
    plan.next_date = span.bill_date if span else None
    plan.updated_at = at
    batch = Batch()
    row = {column.attname: getattr(plan, column.attname) for column in RecurringPlan._meta.concrete_fields}
    if held is None:
        batch.insert(RecurringPlan, [row])
    else:
        plan.version += 1
        batch.update(RecurringPlan, where={"id": plan.pk}, values={**row, "version": plan.version})
    record(
        batch=batch, subject_kind="recurring_plan", subject_id=plan.pk, verb="save" if held else "create", by=by.id,
        at=at, company_id=plan.company_id, data={"name": plan.name, "total": str(plan.total)},
    )  # fmt: skip
    batch.write()
    return plan


def _new(
    priced: PricedPlan, customer_id: UUID, branch_id: UUID, order_id: UUID | None, by: Actor, at: datetime
) -> RecurringPlan:
    return RecurringPlan(
        id=new_id(), company_id=priced.context.company_id, branch_id=branch_id, customer_id=customer_id,
        order_id=order_id, salesperson_id=priced.customer.salesperson_id or by.id, currency=priced.currency,
        created_by=by.id, created_at=at,
    )  # fmt: skip
