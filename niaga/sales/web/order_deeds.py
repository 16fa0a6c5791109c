"""What the buttons of an order do."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from niaga.core.clock import now
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.cancel_rest import cancel_rest
from niaga.sales.services.close_order import close_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.hold_waiting import hold_waiting
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.note_document import note_document
from niaga.sales.web.order_actions import order_address
from niaga.ui.forms import deed_view


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:1000]


def _deliver(request: HttpRequest, order_id: UUID) -> str:
    delivery_id = deliver_order(order_id=order_id, by=request.user, at=now())
    return f"/deliveries/{delivery_id}"


def _invoice(request: HttpRequest, order_id: UUID) -> str:
    basis = "ordered" if request.POST.get("basis") == "ordered" else "delivered"
    invoice_id = invoice_order(order_id=order_id, basis=basis, by=request.user, at=now())  # type: ignore[arg-type]
    return f"/invoices/{invoice_id}"


def _cancel(request: HttpRequest, order_id: UUID) -> str:
    cancel_order(order_id=order_id, reason=_reason(request), by=request.user, at=now())
    return order_address(order_id)


def _rest(request: HttpRequest, order_id: UUID) -> str:
    cancel_rest(order_id=order_id, reason=_reason(request), by=request.user, at=now())
    return order_address(order_id)


def _close(request: HttpRequest, order_id: UUID) -> str:
    close_order(order_id=order_id, by=request.user, at=now())
    return order_address(order_id)


def _hold(request: HttpRequest, order_id: UUID) -> str:
    held = hold_waiting(order_id=order_id, by=request.user, at=now())
    if held:
        messages.success(request, _("Stock that has come in is held for this order."))
    else:
        messages.info(request, _("There is still nothing free for the lines that wait."))
    return order_address(order_id)


def _note(request: HttpRequest, order_id: UUID) -> str:
    note_document(kind="order", document_id=order_id, text=request.POST.get("text", ""), by=request.user, at=now())
    return order_address(order_id)


deliver = deed_view("deliver", _deliver)
invoice = deed_view("invoice", _invoice)
cancel = deed_view("cancel", _cancel)
rest = deed_view("rest", _rest)
close = deed_view("close", _close)
hold = deed_view("hold", _hold)
note = deed_view("note", _note)
