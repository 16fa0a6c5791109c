"""Where an approval is asked for, from the page of a document."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from niaga.core.clock import now
from niaga.sales.queries.documents import get_order, get_quotation
from niaga.sales.services.apply_change import apply_change
from niaga.sales.services.ask_order_approval import ask_order_approval
from niaga.sales.services.ask_quotation_approval import ask_quotation_approval
from niaga.ui.forms import once


def _asked(request: HttpRequest, ask: Callable[[str], UUID], back: str) -> HttpResponse:
    def deed() -> str:
        ask(request.POST.get("note", ""))
        messages.success(request, _("The approval is asked for. You are told when it is decided."))
        return back

    return once(request, deed)


@login_required
@require_POST
def ask_for_quotation(request: HttpRequest, quotation_id: UUID) -> HttpResponse:
    get_quotation(quotation_id=quotation_id, by=request.user)

    def ask(note: str) -> UUID:
        return ask_quotation_approval(quotation_id=quotation_id, note=note, by=request.user, at=now())

    return _asked(request, ask, reverse("sales:quotation", args=[quotation_id]))


@login_required
@require_POST
def ask_for_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    get_order(order_id=order_id, by=request.user)

    def ask(note: str) -> UUID:
        return ask_order_approval(order_id=order_id, note=note, by=request.user, at=now())

    return _asked(request, ask, reverse("sales:order", args=[order_id]))


@login_required
@require_POST
def make_change(request: HttpRequest, order_id: UUID, approval_id: UUID) -> HttpResponse:
    """Make the change that was approved, as it was asked for."""
    get_order(order_id=order_id, by=request.user)

    def deed() -> str:
        order = apply_change(order_id=order_id, request_id=approval_id, by=request.user, at=now())
        messages.success(request, _("%(number)s is amended.") % {"number": order.number})
        return reverse("sales:order", args=[order_id])

    return once(request, deed)
