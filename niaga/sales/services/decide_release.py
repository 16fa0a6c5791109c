"""What a yes and a no of finance have in common: who may say it, and what is written."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.core.outbox import announce
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.rules.credit import CreditFigures
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.errors import OwnOrder
from niaga.sales.events import OrderChanged
from niaga.sales.models import CreditDecision, CreditRequest, SalesOrder
from niaga.sales.queries.credit import open_requests


class Asked(NamedTuple):
    request: CreditRequest
    order: SalesOrder
    figures: CreditFigures


def locked_request(request_id: UUID, by: Actor, at: datetime) -> Asked:
    """The request with its order and the customer's account locked, for a person who may decide about it."""
    access = access_of(by)
    request = CreditRequest.objects.select_related("customer").filter(pk=request_id).first()
    if request is None or request.company_id not in access.company_ids:
        raise NotFound()
    access.require("customer", "credit", request.customer)
    rows = SalesOrder.objects.select_for_update(of=("self",)).select_related("branch")
    order = rows.get(pk=request.order_id)
    figures = lock_credit_account(request.customer_id, on=day_at(at=at, zone=order.branch.zone))
    if by.id is not None and by.id in (request.asked_by_id, order.salesperson_id, order.created_by):
        raise OwnOrder()
    if not open_requests().filter(pk=request_id).exists():
        raise WrongState()
    return Asked(request, order, figures)


def decide(
    asked: Asked, released: bool, amount: Decimal, reason: str, texts: tuple[str, str], by: Actor, at: datetime
) -> CreditDecision:
    request, order, figures = asked
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    findings = Findings()
    values = check_values(CreditDecision, {"amount": amount, "reason": reason.strip()[:1000]}, findings=findings)
    findings.raise_if_any()
    decision = CreditDecision(
        id=new_id(), company_id=order.company_id, request_id=request.pk, order_id=order.pk,
        customer_id=request.customer_id, released=released, decided_by_id=by.id, at=at, **values,
    )  # fmt: skip
    notice, kind = texts
    batch = Batch()
    batch.insert(
        CreditDecision,
        [{column.attname: getattr(decision, column.attname) for column in decision._meta.concrete_fields}],
    )
    record(
        batch=batch, subject_kind="order", subject_id=order.pk,
        verb="release_order" if released else "refuse_release", by=by.id, at=at, company_id=order.company_id,
        from_status=order.status, to_status=order.status, note=decision.reason,
        data={"amount": amount, "order": order.total, "limit": figures.limit, "exposure": figures.exposure,
              "stage": request.stage},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=request.customer_id, company_id=order.company_id, kind=kind, subject_kind="order",
        subject_id=order.pk, number=order.number, amount=amount if released else request.amount,
        currency=order.currency, text=decision.reason, actor_id=by.id, at=at,
    )  # fmt: skip
    told = {one for one in (request.asked_by_id, order.salesperson_id) if one is not None}
    add_notice(
        batch=batch, to=told, text=notice, facts={"number": order.number, "customer": request.customer.name},
        url=f"/deliveries/{request.delivery_id}" if request.delivery_id else f"/orders/{order.pk}",
        subject_kind="order", subject_id=order.pk, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.pk, order.number, order.customer_id, "release_decided"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return decision
