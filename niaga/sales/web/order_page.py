"""The page of an order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.queries.together import ask
from niaga.core.rules.tax_name import tax_name
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.organization.access import access_of
from niaga.pricing.queries.earn_rule import EarningLine
from niaga.pricing.queries.points_earned import points_to_earn
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.credit import standing_of
from niaga.sales.queries.documents import get_order_page
from niaga.sales.queries.drop_ships import Direct, direct_of_order, named_drop_ships
from niaga.sales.queries.line_margins import Margin, line_margins, margin_of_all
from niaga.sales.queries.lines import Stocking, remarks_of, shown_order_lines, stocking, tax_rows
from niaga.sales.queries.lists import payment_state_of
from niaga.sales.queries.orders_of import together_of_order
from niaga.sales.queries.pro_formas import pro_formas_of
from niaga.sales.queries.substitutions import substitutions_of_order
from niaga.sales.rules.asked_days import days_late
from niaga.sales.web.approval_words import ApprovalNote, approval_note
from niaga.sales.web.billing import told
from niaga.sales.web.credit_words import CreditNote, held_by, note_of
from niaga.sales.web.day_notices import notice_note
from niaga.sales.web.document_timeline import document_timeline
from niaga.sales.web.milestones import shown_milestones
from niaga.sales.web.order_actions import may, order_actions, waiting_base
from niaga.sales.web.pro_formas import shown_pro_formas
from niaga.sales.web.shown_lines import later_words, shown_lines
from niaga.sales.web.substitutions import STATES, state_of
from niaga.sales.web.totals import total_rows
from niaga.sales.web.words import DELIVERY, DROP_SHIP, INVOICE, ORDER, PAYMENT, in_words, named_places
from niaga.ui import formatting
from niaga.ui.documents import Axis, DocumentPage, Total
from niaga.ui.lists import Status


@login_required
@require_GET
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    found = get_order_page(order_id=order_id, by=request.user)
    lines = shown_order_lines(order_id=found.id)
    for line in lines:
        line.order = found
    held, sent, margins, made = ask(
        stocking(order_id=found.id), direct_of_order(order_id=found.id) if found.status != "draft" else {},
        line_margins(found, lines) if access_of(request.user).sees_cost else {}, pro_formas_of(order_id=found.id),
    )  # fmt: skip
    direct = sent if found.status != "draft" else _to_ask(held)
    approval = approval_note(found, today=day_at(at=now(), zone=found.branch.zone))
    if approval is not None and approval.deed and not may(request, "order", "amend", found):
        approval = replace(approval, deed="")
    page = _page(request, found, lines, held, direct, approval, margins).read(request)
    pro_formas = shown_pro_formas(found, lines, made)
    page.timeline = document_timeline(page, {one.id: one.number for one in pro_formas})
    facts = {
        "page": page, "order": found,
        "lines": shown_lines(lines, found.currency, held=held, sees_cost=access_of(request.user).sees_cost,
                             margins=margins, direct=direct),
        "drop_ships": [(one, DROP_SHIP[one.status]) for one in named_drop_ships(direct)],
        "prepayable": any(action.dialog == "down-payment" for action in page.more),
        "places": named_places(found), "day_notice": notice_note(request, found),
        "approval": approval, "credit_note": _credit_note(request, found),
        "amendable": any(action.dialog == "credit-request" for action in page.more),
        "pro_formas": pro_formas, "may_ask": any(action.dialog == "pro-forma" for action in page.more),
        "may_send": may(request, "order", "send", found),
        "mail_to": (found.contact.email if found.contact else "") or found.customer.email,
        "billing": _billing(request, found), "substitutions": _substitutions(request, found),
        "milestones": shown_milestones(found, may_bill=may(request, "invoice", "create", found)),
        "together": together_of_order(order_id=found.id) if any(line.in_delivery for line in lines) else [],
        "confirmable": found.status == "draft" and may(request, "order", "confirm", found),
    }  # fmt: skip
    return render(request, "sales/order.html", facts)


def _credit_note(request: HttpRequest, found: SalesOrder) -> CreditNote | None:
    """What finance was asked about the order, and said; with the way there for who decides."""
    may_decide = may(request, "customer", "credit", found.customer)
    standing = standing_of(found, today=day_at(at=now(), zone=found.branch.zone))
    return note_of(found, found.__dict__["request_fact"], standing, may_decide=may_decide)


def _substitutions(request: HttpRequest, found: SalesOrder) -> list[dict[str, Any]]:
    """What went or may go in place of missing goods, with the way to answer; no statement for a draft."""
    if found.status == "draft":
        return []
    may_answer = may(request, "order", "amend", found)
    return [
        {"row": row, "state": STATES[state_of(row)], "answerable": may_answer and state_of(row) == "asked"}
        for row in substitutions_of_order(order_id=found.id)
    ]


def _billing(request: HttpRequest, found: SalesOrder) -> dict[str, Any]:
    """How it is billed where that was chosen, and the way to choose while nothing is invoiced."""
    choice = getattr(found, "billing_choice", None)
    open_still = found.status in ("draft", "confirmed") and found.invoice_progress == "none"
    allowed = open_still and may(request, "invoice", "create", found)
    url = reverse("sales:order_billing", args=[found.id]) if allowed else ""
    return {
        "text": told(choice) if choice is not None and choice.way else "",
        "url": url,
        "plan_url": reverse("sales:milestones", args=[found.id]),
    }


def _page(
    request: HttpRequest,
    found: SalesOrder,
    lines: list[SalesOrderLine],
    held: dict[UUID, Stocking],
    direct: Mapping[UUID, list[Direct]],
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
        axes.append(_stock_axis(found, [line for line in lines if not _all_direct(found, line, direct)], held))
    if found.status == "draft":
        stands = standing_of(found, today=today)
        if holds := stands.waits(more=found.base_total or Decimal(0), total=found.total):
            axes.append(Axis(_("Credit"), held_by(holds, stands.late_days), "bad", "shield-alert"))
    if found.requested_date:
        days = days_late(asked=found.requested_date, promised=found.planned_date or found.requested_date, today=today)
        words = formatting.day(found.requested_date)
        axes.append(
            Axis(_("Requested"), f"{words} · {later_words(days)}", "warn", "calendar-clock")
            if days
            else Axis(_("Requested"), words)
        )
    if found.planned_date:
        late = found.planned_date < today and found.status == "confirmed" and found.delivery_progress != "done"
        axes.append(
            Axis(_("Promised"), formatting.day(found.planned_date), "bad" if late else "", "clock" if late else "")
        )
    if (margin := margin_of_all(margins).percent) is not None:
        axes.append(Axis(_("Margin"), formatting.percent(margin, 1)))
    if found.salesperson:
        axes.append(Axis(_("Salesperson"), str(found.salesperson)))
    primary, actions, more = order_actions(request, found, lines, held, approval)
    may_change = may(request, "order", "change", found)
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


def _to_ask(held: Mapping[UUID, Stocking]) -> Mapping[UUID, list[Direct]]:
    """Of a draft, who will be asked to send what straight to the customer."""
    return {line_id: [Direct(one.straight)] for line_id, one in held.items() if one.straight}


def _all_direct(found: SalesOrder, line: SalesOrderLine, direct: Mapping[UUID, list[Direct]]) -> bool:
    """Whether nothing of a line is asked of our own stock."""
    return (
        line.id in direct if found.status == "draft" else line.direct >= line.quantity - line.cancelled - line.shipped
    )


def _stock_axis(found: SalesOrder, lines: list[SalesOrderLine], held: dict[UUID, Stocking]) -> Axis:
    if not any(line.id in held for line in lines):
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
