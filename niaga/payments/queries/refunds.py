"""Refunds a person may see."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.payments.models import Payment, PaymentRequest, Refund
from niaga.payments.rules.gateways import GATEWAYS


def visible_refunds(*, by: Actor) -> QuerySet[Refund]:
    return Refund.objects.filter(access_of(by).filter("payment"))


def listed_refunds(*, by: Actor) -> QuerySet[Refund]:
    return visible_refunds(by=by).select_related("customer", "payment")


def matching_refunds(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(
        Q(number__icontains=text) | Q(customer__name__icontains=text) | Q(payment__number__icontains=text)
        | Q(reference__icontains=text)
    )  # fmt: skip


def get_refund(*, refund_id: UUID, by: Actor) -> Refund:
    """:raises NotFound: none, or none that `by` may see"""
    rows = listed_refunds(by=by).select_related("company", "branch", "bank_account", "request__account")
    found = rows.filter(pk=refund_id).first()
    if found is None:
        raise NotFound()
    return found


def refunds_of(payment_id: UUID) -> QuerySet[Any, Any]:
    """For the payment's page; who asks may see the payment."""
    rows = Refund.objects.filter(payment_id=payment_id).order_by("-created_at", "-id")
    return rows.values("id", "number", "amount", "currency", "status", "way", "date")


def left_to_refund(payment: Payment) -> Decimal:
    """What of a payment was not given back yet."""
    gone = Refund.objects.filter(payment_id=payment.pk).exclude(status="failed").aggregate(sum=Sum("amount"))["sum"]
    return payment.amount - (gone or Decimal(0)) if payment.status == "recorded" else Decimal(0)


def gives_back_itself(payment: Payment) -> bool:
    """Whether its gateway can give it back."""
    request = PaymentRequest.objects.select_related("account").filter(payment_id=payment.pk).first()
    return request is not None and request.method in GATEWAYS[request.account.kind].refundable
