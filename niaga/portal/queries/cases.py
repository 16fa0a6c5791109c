"""What customers told on their own pages, for themselves and for the office."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from niaga.core.errors import NotFound
from niaga.core.queries.together import Question
from niaga.organization.access import Actor, access_of
from niaga.portal.models import CaseNote, PortalCase
from niaga.portal.queries.visitors import Visitor


def cases_of(visitor: Visitor) -> QuerySet[PortalCase]:
    """All that was told about the visitor's customer, whoever of theirs told it."""
    return PortalCase.objects.filter(customer_id=visitor.customer_id).select_related("invoice", "person")


def case_of(visitor: Visitor, case_id: UUID) -> PortalCase:
    """:raises NotFound: none, or of another customer"""
    rows = cases_of(visitor).select_related("invoice", "person", "invoice_line", "payment")
    found = rows.filter(pk=case_id).first()
    if found is None:
        raise NotFound()
    return found


def visible_cases(*, by: Actor) -> QuerySet[PortalCase]:
    seen = access_of(by).filter("portal", branch="customer__branch_id", salesperson="customer__salesperson_id")
    return PortalCase.objects.filter(seen)


def listed_cases(*, by: Actor) -> QuerySet[PortalCase]:
    return visible_cases(by=by).select_related("customer", "invoice", "person")


def matching_cases(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(customer__name__icontains=text) | Q(invoice__number__icontains=text))


def waiting_cases(*, by: Actor) -> QuerySet[PortalCase]:
    """Those that somebody is to answer."""
    return visible_cases(by=by).filter(status="open")


def get_case(*, case_id: UUID, by: Actor) -> PortalCase:
    """:raises NotFound: none, or none that `by` may see"""
    rows = listed_cases(by=by).select_related("customer", "invoice", "person", "invoice_line", "payment", "dispute")
    found = rows.filter(pk=case_id).first()
    if found is None:
        raise NotFound()
    return found


def notes_of(case_id: UUID) -> list[CaseNote]:
    """What was said, in order; the caller has checked access."""
    return list(CaseNote.objects.filter(case_id=case_id).order_by("at", "id"))


def cases_of_invoice(invoice_id: UUID) -> Question[list[Any]]:
    """Asks for what was told about an invoice that the person may see, the newest first."""
    rows = PortalCase.objects.filter(invoice_id=invoice_id).order_by("-created_at", "-id")
    return Question(rows.values("id", "kind", "status", "amount", "currency", "paid_on", "created_at"), list)


def open_dispute_cases(dispute_id: UUID) -> list[UUID]:
    return list(PortalCase.objects.filter(dispute_id=dispute_id, status="open").values_list("pk", flat=True))


def open_payment_cases(customer_id: UUID) -> dict[UUID, UUID]:
    """Cases of a customer about payments that nobody answered, by invoice."""
    rows = PortalCase.objects.filter(customer_id=customer_id, kind="payment", status="open")
    return dict(rows.values_list("invoice_id", "pk"))
