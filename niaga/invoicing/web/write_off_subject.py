"""What an approver sees of an invoice that somebody wants to write off."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from niaga.approvals.registry import Fact, SubjectPage
from niaga.invoicing.models import Invoice
from niaga.ui import formatting


def write_off_subject(
    request: HttpRequest, subject_id: UUID, *, approval_id: UUID, sees_margin: bool
) -> SubjectPage | None:
    found = Invoice.objects.select_related("balance").filter(pk=subject_id, status="issued").first()
    if found is None:
        return None
    left = found.balance.total - found.balance.allocated
    facts = [
        Fact(_("Total"), formatting.money(found.total, found.currency)),
        Fact(_("Open"), formatting.money(left, found.currency)),
        Fact(_("Due"), formatting.day(found.balance.due_date)),
    ]
    return SubjectPage(f"/invoices/{found.pk}", history=facts)
