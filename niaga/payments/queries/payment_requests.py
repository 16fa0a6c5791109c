"""Requests to pay through a gateway that a person may see."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.payments.models import PaymentRequest
from niaga.payments.services.request_payment import LIVE


def visible_requests(*, by: Actor) -> QuerySet[PaymentRequest]:
    return PaymentRequest.objects.filter(access_of(by).filter("payment"))


def listed_requests(*, by: Actor) -> QuerySet[PaymentRequest]:
    return visible_requests(by=by).select_related("invoice", "customer", "account", "payment")


def matching_requests(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By the invoice's number, the customer, the virtual account, or the gateway's own id."""
    return rows.filter(
        Q(invoice__number__icontains=text) | Q(customer__name__icontains=text) | Q(account_number__startswith=text)
        | Q(provider_id=text)
    )  # fmt: skip


def get_request(*, request_id: UUID, by: Actor) -> PaymentRequest:
    """:raises NotFound: none, or none that `by` may see"""
    found = listed_requests(by=by).filter(pk=request_id).first()
    if found is None:
        raise NotFound()
    return found


def requests_of_invoice(invoice_id: UUID) -> QuerySet[Any, Any]:
    """For the invoice's page, the newest first; who asks may see the invoice."""
    rows = PaymentRequest.objects.filter(invoice_id=invoice_id).order_by("-created_at", "-id")
    return rows.values("id", "status", "method", "bank", "amount", "currency", "created_at", name=F("account__name"))[
        :20
    ]


def current_request(*, invoice_id: UUID, amount: Decimal) -> PaymentRequest | None:
    """The newest that a customer can use for what is open now."""
    rows = PaymentRequest.objects.select_related("account").filter(
        invoice_id=invoice_id, amount=amount, status__in=LIVE
    )
    return rows.order_by("-created_at", "-id").first()


def request_by_key(*, invoice_id: UUID, request_id: UUID) -> PaymentRequest | None:
    """For the customer's page: one of this invoice only."""
    return PaymentRequest.objects.select_related("account").filter(pk=request_id, invoice_id=invoice_id).first()
