"""How a customer stands with what they owe: pause, promises and disputes; and what is said of an invoice."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.core.queries.together import Question
from niaga.invoicing.models import Dispute, PromisedInvoice, ReminderMark, ReminderPause
from niaga.organization.access import Actor, access_of


def pause_of(*, customer_id: UUID, today: date) -> ReminderPause | None:
    """The pause that holds, for who may know of the customer."""
    found = ReminderPause.objects.filter(customer_id=customer_id, ended_at=None).first()
    return None if found is None or (found.until_date and found.until_date < today) else found


def disputes(*, by: Actor) -> QuerySet[Dispute]:
    """Disputes about invoices that the person may see, the open ones first."""
    seen = access_of(by).filter("invoice", branch="invoice__branch_id", salesperson="invoice__salesperson_id")
    return Dispute.objects.filter(seen).select_related("invoice__customer")


def dispute_for(*, dispute_id: UUID, by: Actor) -> Dispute:
    """:raises NotFound: no such dispute, or of an invoice that the person may not see"""
    found = disputes(by=by).filter(pk=dispute_id).first()
    if found is None:
        raise NotFound()
    return found


def open_dispute_of(invoice_id: UUID) -> Question[Any]:
    """The open dispute about an invoice that the person may see; None without one."""
    rows = Dispute.objects.filter(invoice_id=invoice_id, settled_at=None)
    values = rows.values("pk", "reason", "amount", "raised_at", "raised_by", "raised_by_name")
    return Question(values, lambda found: next(iter(found), None))


def promise_of(invoice_id: UUID) -> Question[Any]:
    """The latest promise about an invoice; None without one."""
    rows = PromisedInvoice.objects.filter(invoice_id=invoice_id).order_by("-promise__at", "-promise_id")
    values = rows.values("promise__until_date", "promise__amount", "promise__currency", "promise__promised_by_name")
    return Question(values[:1], lambda found: next(iter(found), None))


def marks_of(invoice_id: UUID) -> Question[list[Any]]:
    """Which levels the parts of an invoice passed, the latest first."""
    rows = ReminderMark.objects.filter(invoice_id=invoice_id).order_by("-at", "-days")
    return Question(
        rows.values("at", "days", "outcome", "reminder__email_id", "reminder__whatsapp_id"), list
    )  # fmt: skip


def stops_on(invoice_ids: Collection[UUID], *, today: date) -> dict[UUID, tuple[str, Any]]:
    """Why nobody is reminded of these invoices: `disputed` with the reason, or `promised` with the day."""
    found: dict[UUID, tuple[str, Any]] = {}
    promises = PromisedInvoice.objects.filter(invoice_id__in=invoice_ids).order_by("promise__at", "promise_id")
    for key, day in promises.values_list("invoice_id", "promise__until_date"):
        found[key] = ("promised" if day >= today else "broken", day)
    open_ones = Dispute.objects.filter(invoice_id__in=invoice_ids, settled_at=None)
    return found | {key: ("disputed", reason) for key, reason in open_ones.values_list("invoice_id", "reason")}
