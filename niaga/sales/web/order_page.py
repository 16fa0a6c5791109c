"""The page of an order, and the deeds it offers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import Refusal
from niaga.core.rules.tax_name import tax_name
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.organization.access import access_of
from niaga.pricing.queries.earn_rule import EarningLine
from niaga.pricing.queries.points_earned import points_to_earn
from niaga.sales.errors import CreditHeld, PricesChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.confirmation import Prospect, short_lines
from niaga.sales.queries.credit import standing_of
from niaga.sales.queries.day_loads import days_of, full_days
from niaga.sales.queries.documents import get_order_page
from niaga.sales.queries.line_margins import Margin, line_margins, margin_of_all
from niaga.sales.queries.lines import Stocking, remarks_of, shown_order_lines, stocking, tax_rows
from niaga.sales.queries.lists import payment_state_of
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.cancel_rest import cancel_rest
from niaga.sales.services.check_prices import check_prices
from niaga.sales.services.close_order import close_order
from niaga.sales.services.confirm_with_choices import LineChoice, confirm_with_choices
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.hold_waiting import hold_waiting
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.note_document import note_document
from niaga.sales.web.approval_words import ApprovalNote, approval_action, approval_note
from niaga.sales.web.billing import told
from niaga.sales.web.credit_words import CreditNote, held_by, note_of, reasons
from niaga.sales.web.document_timeline import document_timeline
from niaga.sales.web.milestones import shown_milestones
from niaga.sales.web.pro_formas import shown_pro_formas
from niaga.sales.web.shown_lines import shown_lines
from niaga.sales.web.totals import total_rows
from niaga.sales.web.words import DELIVERY, INVOICE, ORDER, PAYMENT, in_words, named_places
from niaga.ui import formatting
from niaga.ui.documents import Action, Axis, Consequence, DocumentPage, Total
from niaga.ui.forms import deed_view, once
from niaga.ui.lists import Status


@login_required
@require_GET
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    found = get_order_page(order_id=order_id, by=request.user)
    lines = shown_order_lines(order_id=found.id)
    for line in lines:
        line.order = found
    held = stocking(order_id=found.id)
    approval = approval_note(found, today=day_at(at=now(), zone=found.branch.zone))
    if approval is not None and approval.deed and not _may(request, "order", "amend", found):
        approval = replace(approval, deed="")
    margins = line_margins(found, lines) if access_of(request.user).sees_cost else {}
    page = _page(request, found, lines, held, approval, margins).read(request)
    pro_formas = shown_pro_formas(found, lines)
    page.timeline = document_timeline(page, {one.id: one.number for one in pro_formas})
    facts = {
        "page": page, "order": found,
        "lines": shown_lines(lines, found.currency, held=held, sees_cost=access_of(request.user).sees_cost,
                             margins=margins),
        "prepayable": any(action.dialog == "down-payment" for action in page.more),
        "places": named_places(found), "approval": approval, "credit_note": _credit_note(request, found),
        "amendable": any(action.dialog == "credit-request" for action in page.more),
        "pro_formas": pro_formas, "may_ask": any(action.dialog == "pro-forma" for action in page.more),
        "may_send": _may(request, "order", "send", found),
        "mail_to": (found.contact.email if found.contact else "") or found.customer.email,
        "billing": _billing(request, found),
        "milestones": shown_milestones(found, may_bill=_may(request, "invoice", "create", found)),
        "confirmable": found.status == "draft" and _may(request, "order", "confirm", found),
    }  # fmt: skip
    return render(request, "sales/order.html", facts)


def _credit_note(request: HttpRequest, found: SalesOrder) -> CreditNote | None:
    """What finance was asked about the order, and said; with the way there for who decides."""
    may_decide = _may(request, "customer", "credit", found.customer)
    standing = standing_of(found, today=day_at(at=now(), zone=found.branch.zone))
    return note_of(found, found.__dict__["request_fact"], standing, may_decide=may_decide)


def _billing(request: HttpRequest, found: SalesOrder) -> dict[str, Any]:
    """How it is billed where that was chosen, and the way to choose while nothing is invoiced."""
    choice = getattr(found, "billing_choice", None)
    open_still = found.status in ("draft", "confirmed") and found.invoice_progress == "none"
    may = open_still and _may(request, "invoice", "create", found)
    url = reverse("sales:order_billing", args=[found.id]) if may else ""
    return {
        "text": told(choice) if choice is not None and choice.way else "",
        "url": url,
        "plan_url": reverse("sales:milestones", args=[found.id]),
    }


def _may(request: HttpRequest, kind: str, action: str, document: Any) -> bool:
    return access_of(request.user).reaches(kind, action, document)


def _page(
    request: HttpRequest,
    found: SalesOrder,
    lines: list[SalesOrderLine],
    held: dict[UUID, Stocking],
    approval: ApprovalNote | None,
    margins: Mapping[UUID, Margin],
) -> DocumentPage:
    access = access_of(request.user)
    today = day_at(at=now(), zone=found.branch.zone)

    def axis(label: str, status: Status) -> Axis:
        return Axis(label, status.label, status.tone, status.icon)

    axes = [axis(_("Status"), ORDER[found.status])]
    if found.status in ("confirmed", "closed"):
        axes += [axis(_("Delivery"), DELIVERY[found.delivery_progress]),
                 axis(_("Invoice"), INVOICE[found.invoice_progress])]  # fmt: skip
        if found.invoice_progress != "none":
            axes.append(axis(_("Payment"), PAYMENT[payment_state_of(order_id=found.id, today=today)]))
    if found.status == "draft" or (found.status == "confirmed" and found.delivery_progress != "done"):
        axes.append(_stock_axis(found, lines, held))
    if found.status == "draft":
        stands = standing_of(found, today=today)
        if holds := stands.waits(more=found.base_total or Decimal(0), total=found.total):
            axes.append(Axis(_("Credit"), held_by(holds, stands.late_days), "bad", "shield-alert"))
    if found.planned_date:
        late = found.planned_date < today and found.status == "confirmed" and found.delivery_progress != "done"
        axes.append(
            Axis(_("Planned"), formatting.day(found.planned_date), "bad" if late else "", "clock" if late else "")
        )
    if (margin := margin_of_all(margins).percent) is not None:
        axes.append(Axis(_("Margin"), formatting.percent(margin, 1)))
    if found.salesperson:
        axes.append(Axis(_("Salesperson"), str(found.salesperson)))
    primary, actions, more = _actions(request, found, lines, held, approval)
    may_change = _may(request, "order", "change", found)
    language, here = get_language() or "id", access.current_company
    return DocumentPage(
        kind="order", id=found.id, status=found.status, number=found.number, party=found.customer.name,
        party_id=found.customer_id,
        party_url=f"/customers/{found.customer_id}", axes=axes, primary=primary, actions=actions, more=more,
        totals=[Total(*row) for row in total_rows(found, tax_rows(lines), country=here.country, home=here.currency)],
        remarks=[
            *remarks_of(found, lines, language=language, name=tax_name(here.country, language)),
            *_points_told(found, lines, today),
        ],
        words=in_words(found.total, found.currency, language),
        files=files_of(kind="order", subject_id=found.id, removable=may_change),
        upload_url=upload_url(kind="order", subject_id=found.id) if may_change else "",
        note_url=reverse("sales:order_note", args=[found.id]) if may_change else "",
    )  # fmt: skip


def _points_told(found: Any, lines: list[SalesOrderLine], today: date) -> list[str]:
    """What the invoices of the order earned so far, and what is not billed yet will earn."""
    said = []
    if (points := found.points_earned) > 0:
        text = ngettext("Its invoices earned %(points)s point.", "Its invoices earned %(points)s points.", points)
        said.append(text % {"points": formatting.number(points)})
    if found.has_programme and found.status in ("draft", "confirmed"):
        rest = [
            EarningLine(
                line.id, line.product_id, line.net * part, line.tax * part, is_promoted=line.promotion_discount > 0
            )
            for line in lines
            if line.product_id and line.quantity and (part := _unbilled(line)) > 0
        ]
        points = points_to_earn(company_id=found.company_id, customer_id=found.customer_id, on=today, lines=rest)
        if points > 0:
            text = ngettext(
                "Will earn %(points)s point when it is invoiced.",
                "Will earn %(points)s points when it is invoiced.",
                points,
            )
            said.append(text % {"points": formatting.number(points)})
    return said


def _unbilled(line: SalesOrderLine) -> Decimal:
    """The part of a line that is still to be billed, of one."""
    return max(Decimal(0), line.quantity - line.cancelled - line.invoiced) / line.quantity


def waiting_base(line: SalesOrderLine, held: dict[UUID, Stocking]) -> Decimal:
    """How many base units of a confirmed line wait for stock."""
    place = held.get(line.id)
    if place is None:
        return Decimal(0)
    return max(Decimal(0), (line.quantity - line.cancelled - line.shipped) * line.factor - place.held)


def _stock_axis(found: SalesOrder, lines: list[SalesOrderLine], held: dict[UUID, Stocking]) -> Axis:
    if not held:
        return Axis(_("Stock"), _("Not needed"))
    if found.status == "draft":
        short = any(held[line.id].free < line.quantity * line.factor for line in lines if line.id in held)
        return (
            Axis(_("Stock"), _("Not all free"), "warn", "triangle-alert")
            if short
            else Axis(_("Stock"), _("All available"), "good", "check")
        )
    if any(waiting_base(line, held) for line in lines):
        return Axis(_("Stock"), _("Waiting"), "warn", "hourglass")
    return Axis(_("Stock"), _("Held"), "good", "check")


def _actions(
    request: HttpRequest,
    found: SalesOrder,
    lines: list[SalesOrderLine],
    held: dict[UUID, Stocking],
    approval: ApprovalNote | None,
) -> tuple[Action | None, list[Action], list[Action]]:
    """The one next deed: confirm, deliver what is held, invoice what was delivered, close."""

    def url(name: str) -> str:
        return reverse(f"sales:order_{name}", args=[found.id])

    may = {name: _may(request, "order", name, found) for name in ("change", "confirm", "amend", "cancel")}
    primary: Action | None = None
    actions: list[Action] = []
    more: list[Action] = []
    if found.status == "draft":
        if may["confirm"]:
            primary = approval_action(approval) or Action(
                _("Confirm"), dialog="confirm-order", icon="check", kind="go", key="c"
            )
        if may["change"]:
            actions.append(Action(_("Edit"), url=url("edit"), icon="pencil", method="get", key="e"))
    elif found.status == "confirmed":
        ready = any(
            line.quantity - line.cancelled - line.in_delivery > 0
            and (not line.needs_stock or (line.id in held and held[line.id].held > 0))
            for line in lines
            if line.product_id and line.kind == "item"
        )
        billable = any(
            (line.shipped if line.needs_stock else line.quantity - line.cancelled) > line.invoiced
            for line in lines
            if line.product_id
        )
        deliver = Action(_("Deliver"), url=url("delivery"), icon="truck", kind="go", key="d")
        bill = Action(_("Make invoice"), url=url("invoice"), icon="receipt", kind="go", key="i")
        may_deliver = ready and _may(request, "delivery", "create", found)
        may_bill = _may(request, "invoice", "create", found) and found.invoice_progress != "done"
        shipped_ready = billable and may_bill and (found.delivery_progress != "none" or not ready)
        if shipped_ready and not (may_deliver and found.delivery_progress == "none"):
            primary = bill
        elif may_deliver:
            primary = deliver
        if primary is bill and may_deliver:
            actions.append(Action(_("Deliver"), url=url("delivery"), icon="truck", key="d"))
        if may_bill and primary is not bill:
            ordered = Action(_("Invoice as ordered"), url=url("invoice"), icon="receipt", data={"basis": "ordered"})
            more.append(ordered)
        if may_bill and found.exposure > 0:
            more.append(Action(_("Down payment"), dialog="down-payment", icon="receipt"))
        if may["confirm"] and standing_of(found, today=found.date).figures.base_limit is not None:
            more.append(Action(_("Ask for more credit"), dialog="credit-request", icon="shield-check"))
        if may["amend"]:
            actions.append(Action(_("Amend"), url=url("edit"), icon="pencil", method="get", key="e"))
        if may["change"] and any(waiting_base(line, held) for line in lines):
            more.append(Action(_("Hold waiting stock now"), url=url("hold"), icon="package-check"))
        if found.delivery_progress == "done" and found.invoice_progress == "done" and may["change"]:
            more.append(Action(_("Close"), url=url("closure"), icon="lock"))
        if may["cancel"] and (found.delivery_progress != "none" or found.invoice_progress != "none"):
            rest = Consequence(
                _("Cancel the rest?"),
                _("What is in no delivery and no invoice yet is cancelled; its stock and credit are free again."),
                button=_("Cancel the rest"), reason=_("Why"), danger=True,
            )  # fmt: skip
            more.append(Action(_("Cancel the rest"), url=url("rest"), icon="scissors", kind="bad", confirm=rest))
    actions.append(
        Action(
            "PDF",
            url=reverse("documents:paper", args=["order", found.id]),
            icon="file-text",
            method="get",
            new_tab=True,
            key="p",
        )
    )
    if (
        found.status in ("draft", "confirmed")
        and found.invoice_progress == "none"
        and _may(request, "order", "send", found)
    ):
        more.append(Action(_("Pro-forma invoice"), dialog="pro-forma", icon="file-text"))
    untouched = found.delivery_progress == "none" and found.invoice_progress == "none"
    if found.status in ("draft", "confirmed") and untouched and may["cancel"]:
        text = _("The order ends here.")
        if found.status == "confirmed":
            text = _("The stock held for it and the customer's credit are free again. It cannot be undone.")
        question = Consequence(
            _("Cancel this order?"), text, button=_("Cancel the order"), reason=_("Why"), danger=True
        )
        more.append(Action(_("Cancel the order"), url=url("cancellation"), icon="ban", kind="bad", confirm=question))
    return primary, actions, more


@login_required
@require_http_methods(["GET", "POST"])
def confirmation(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The dialog before a promise: prices that changed, lines that are short, credit; and the promise itself."""
    found = get_order_page(order_id=order_id, by=request.user)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return once(request, lambda: _confirm(request, found))
        except Refusal as one:
            refusal = one
    lines = shown_order_lines(order_id=found.id)
    prices: list[dict[str, Any]] = []
    try:
        if found.quotation_id is None:
            check_prices(order=found, today=day_at(at=now(), zone=found.branch.zone))
    except PricesChanged as changed:
        prices = changed.lines
    except Refusal as one:
        refusal = refusal or one
    standing = standing_of(found, today=day_at(at=now(), zone=found.branch.zone))
    prospect = Prospect(
        prices, short_lines(order=found, lines=lines), standing, found.total, found.base_total or Decimal(0)
    )
    planned = days_of(found.planned_date, (line.planned_date for line in lines if line.product_id))
    full = full_days(order=found, wanted=planned, today=day_at(at=now(), zone=found.branch.zone))
    facts = {
        "order": found, "prospect": prospect, "draft": found.status == "draft",
        "full_days": full, "next_day": max((one.next_day for one in full if one.next_day), default=None),
        "may_overfill": _may(request, "delivery", "create", found),
        "refusal": None if isinstance(refusal, CreditHeld) else refusal,  # its reasons are shown below
        "held_reasons": reasons(standing, prospect.waits, prospect.more, standing.figures.currency),
        "credit_note": note_of(found, found.__dict__["request_fact"], standing, may_decide=False),
    }  # fmt: skip
    return render(request, "sales/parts/confirmation.html", facts, status=422 if refusal else 200)


def _confirm(request: HttpRequest, found: SalesOrder) -> str:
    choices: dict[UUID, LineChoice] = {}
    for name, value in request.POST.items():
        if not name.startswith("line-") or value not in ("backorder", "remove", "split"):
            continue
        try:
            line_id = UUID(name.removeprefix("line-"))
            free = Decimal(request.POST.get(f"free-{line_id}", "0") or "0")
            later = request.POST.get(f"later-{line_id}", "")
            day = date.fromisoformat(later) if later else None
        except (ValueError, ArithmeticError):
            continue
        choices[line_id] = LineChoice(value, free, day)  # type: ignore[arg-type]
    answer, reason = request.POST.get("full-day", ""), request.POST.get("day_reason", "")
    try:
        other = date.fromisoformat(request.POST.get("other-day", "")) if answer == "move" else None
    except ValueError:
        other = None
    wanted = request.POST.get("prices", "check")
    version = request.POST.get("version", "")
    confirm_with_choices(
        order_id=found.id, version=int(version) if version.isdigit() else None,
        prices=wanted if wanted in ("take", "keep") else "check",  # type: ignore[arg-type]
        choices=choices, day=other, full_day="over" if answer == "over" else "refuse", day_reason=reason,
        by=request.user, at=now(),
    )  # fmt: skip
    messages.success(request, _("%(number)s is confirmed; its stock is held.") % {"number": found.number})
    return _here(found.id)


def _here(order_id: UUID) -> str:
    return reverse("sales:order", args=[order_id])


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
    return _here(order_id)


def _rest(request: HttpRequest, order_id: UUID) -> str:
    cancel_rest(order_id=order_id, reason=_reason(request), by=request.user, at=now())
    return _here(order_id)


def _close(request: HttpRequest, order_id: UUID) -> str:
    close_order(order_id=order_id, by=request.user, at=now())
    return _here(order_id)


def _hold(request: HttpRequest, order_id: UUID) -> str:
    held = hold_waiting(order_id=order_id, by=request.user, at=now())
    if held:
        messages.success(request, _("Stock that has come in is held for this order."))
    else:
        messages.info(request, _("There is still nothing free for the lines that wait."))
    return _here(order_id)


def _note(request: HttpRequest, order_id: UUID) -> str:
    note_document(kind="order", document_id=order_id, text=request.POST.get("text", ""), by=request.user, at=now())
    return _here(order_id)


deliver = deed_view("deliver", _deliver)
invoice = deed_view("invoice", _invoice)
cancel = deed_view("cancel", _cancel)
rest = deed_view("rest", _rest)
close = deed_view("close", _close)
hold = deed_view("hold", _hold)
note = deed_view("note", _note)
