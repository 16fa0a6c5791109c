"""Pro-forma invoices on the page of their order: made there, sent, and handed over by link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.pro_formas import ProFormaRow, get_pro_forma, state_of
from niaga.sales.rules.pro_forma import figures_of
from niaga.sales.services.make_pro_forma import make_pro_forma
from niaga.sales.services.send_pro_forma import send_pro_forma
from niaga.sales.services.share_pro_forma import share_pro_forma
from niaga.ui import formatting
from niaga.ui.forms import once
from niaga.ui.lists import Status

STATES = {
    "valid": Status(gettext_lazy("Valid"), "good", "check"),
    "replaced": Status(gettext_lazy("Replaced"), "faint", "rotate-ccw"),
    "ended": Status(gettext_lazy("Order ended"), "faint", "ban"),
    "changed": Status(gettext_lazy("Order changed since"), "warn", "triangle-alert"),
    "expired": Status(gettext_lazy("Expired"), "warn", "clock"),
}


@dataclass(frozen=True, slots=True)
class ShownProForma:
    id: UUID
    number: str
    made_on: date
    valid_until: date
    currency: str
    total: Decimal
    pay_now: Decimal
    replaces: str
    state: str

    @property
    def status(self) -> Status:
        return STATES[self.state]


def shown_pro_formas(
    order: SalesOrder, lines: Sequence[SalesOrderLine], found: Sequence[ProFormaRow]
) -> list[ShownProForma]:
    """Those `found` of an order with all its `lines`, the latest first."""
    today, figures = day_at(at=now(), zone=order.branch.zone), ""
    shown = []
    for place, one in enumerate(found):
        figures = figures or figures_of(order, lines)
        state = state_of(one, order=order, latest=place == 0, figures=figures, today=today)
        shown.append(
            ShownProForma(
                one.id, one.number, one.made_on, one.valid_until, one.currency, one.total, one.pay_now,
                one.replaced or "", state,
            )
        )  # fmt: skip
    return shown


@login_required
@require_POST
def make(request: HttpRequest, order_id: UUID) -> HttpResponse:
    get_order(order_id=order_id, by=request.user)
    percent, amount = (_number(request, name) for name in ("percent", "amount"))
    until = _day(request)

    def deed() -> str:
        made = make_pro_forma(
            order_id=order_id, percent=percent, amount=amount, valid_until=until, by=request.user, at=now()
        )
        messages.success(request, _("Pro-forma %(number)s is made.") % {"number": made.number})
        return _at_order(order_id)

    return once(request, deed)


@login_required
@require_POST
def send(request: HttpRequest, pro_forma_id: UUID) -> HttpResponse:
    found = get_pro_forma(pro_forma_id=pro_forma_id, by=request.user)
    to = [one.strip() for one in request.POST.get("to", "").replace(";", ",").split(",") if one.strip()]

    def deed() -> str:
        message = request.POST.get("message", "").strip()[:4000]
        send_pro_forma(pro_forma_id=pro_forma_id, to=to, message=message, by=request.user, at=now())
        messages.success(request, _("On its way to %(to)s.") % {"to": ", ".join(to)})
        return _at_order(found.order_id)

    return once(request, deed)


@login_required
@require_POST
def share(request: HttpRequest, pro_forma_id: UUID) -> HttpResponse:
    """A new link for the customer, shown once: only its hash is kept."""
    address = share_pro_forma(pro_forma_id=pro_forma_id, by=request.user, at=now())
    found = get_pro_forma(pro_forma_id=pro_forma_id, by=request.user)
    text = _("Pro-forma %(number)s: %(address)s") % {"number": found.number, "address": address}
    context = {"address": address, "text": text, "phone": found.order.customer.phone}
    return render(request, "sales/parts/pro_forma_link.html", context)


def _at_order(order_id: UUID) -> str:
    return reverse("sales:order", args=[order_id])


def _number(request: HttpRequest, name: str) -> Decimal | None:
    text = request.POST.get(name, "").strip()
    try:
        return formatting.parse_number(text) if text else None
    except ValueError as error:
        raise Invalid(_("“%(text)s” is no number.") % {"text": text[:40]}, field=name) from error


def _day(request: HttpRequest) -> date | None:
    text = request.POST.get("valid_until", "").strip()
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        raise Invalid(_("This is no day."), field="valid_until")
    return day
