"""What customers told on their own pages, for the office: found, answered, ended."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.core.clock import now
from niaga.core.errors import Invalid
from niaga.documents.queries.attachments import files_of
from niaga.organization.access import access_of
from niaga.organization.queries.companies import bank_accounts
from niaga.payments.queries.payments import visible_payments
from niaga.portal.queries.cases import get_case, listed_cases, matching_cases, notes_of
from niaga.portal.services.end_case import end_case
from niaga.portal.services.record_told_payment import record_told_payment
from niaga.portal.services.say_in_case import answer_case
from niaga.portal.web import sent
from niaga.portal.words import KINDS, REASON_WORDS, STATES
from niaga.ui.forms import DayField, deed_view
from niaga.ui.lists import Choice, Empty, Listing, Moment, Money, Search, StatusColumn, Text, View
from niaga.ui.lists.addresses import row_address
from niaga.ui.registry.panels import customer_panels


class CaseList(Listing):
    key, title, sort = "portal-cases", _("From customers"), "-created_at"
    columns = (
        Text("customer", _("Customer"), source="customer__name", sub=lambda row: str(row.person),
             sort="customer__name", phone="title"),
        StatusColumn("kind", _("Kind"), statuses=KINDS, phone="meta"),
        Text("invoice", _("Invoice"), source=lambda row: row.invoice.number if row.invoice else "", phone="meta"),
        Money("amount", _("Amount"), phone="value"),
        StatusColumn("status", _("Status"), statuses=STATES, phone="status"),
        Moment("created_at", _("Told"), sort="created_at"),
    )  # fmt: skip
    filters = (
        Search("q", _("Customer or invoice"), match=matching_cases),
        Choice("kind", _("Kind"), options=[(key, one.label) for key, one in KINDS.items()]),
        Choice("status", _("Status"), options=[(key, one.label) for key, one in STATES.items()]),
    )
    views = (View(_("To answer"), "status=open"), View(_("Payments told"), "status=open&kind=payment"))
    empty = Empty(
        _("Nothing from customers yet"),
        _(
            "Payments that customers say they made, objections to an invoice and wishes to change their data come here"
            " from their own pages. Invite a contact on the customer's page."
        ),
        icon="message-circle",
    )

    def rows(self) -> Any:
        access_of(self.request.user).require("portal", "view")
        return listed_cases(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("portal:office_case", row.pk)


@login_required
@require_GET
def show_case(request: HttpRequest, portal_case_id: UUID) -> HttpResponse:
    case = get_case(case_id=portal_case_id, by=request.user)
    access = access_of(request.user)
    is_open, is_payment = case.status == "open", case.kind == "payment"
    may = is_open and access.reaches("portal", "answer", case.customer)
    may_record = may and is_payment and access.allows("payment", "record")
    facts: dict[str, Any] = {
        "case": case, "kind": KINDS[case.kind], "state": STATES[case.status], "notes": notes_of(case.pk),
        "reason": REASON_WORDS.get(case.reason, ""), "may_answer": may, "may_record": may_record,
        "may_settle": may and (case.kind != "dispute" or access.allows("invoice", "send")),
        "files": files_of(kind="portal_case", subject_id=case.pk, removable=False),
        "panel": customer_panels(request, [case.customer_id]).get(case.customer_id, ()),
        "payments": _fitting(request, case) if may and is_payment else [],
        "accounts": _accounts(request, case) if may_record else (),
    }  # fmt: skip
    return render(request, "portal/office_case.html", facts)


def _accounts(request: HttpRequest, case: Any) -> list[Any]:
    return list(bank_accounts(by=request.user).filter(currency=case.currency, archived_at=None))


def _fitting(request: HttpRequest, case: Any) -> list[Any]:
    """The latest payments of the customer: perhaps what they told of is recorded already."""
    if not access_of(request.user).allows("payment", "view"):
        return []
    rows = visible_payments(by=request.user).filter(customer_id=case.customer_id, status="recorded")
    return list(rows.order_by("-date", "-pk")[:8])


def _check(request: HttpRequest, portal_case_id: UUID) -> None:
    get_case(case_id=portal_case_id, by=request.user)


def _name(request: HttpRequest) -> str:
    return str(getattr(request.user, "name", "") or request.user)


def _answer(request: HttpRequest, case_id: UUID) -> str:
    answer_case(case_id=case_id, text=request.POST.get("text", ""), name=_name(request), by=request.user, at=now())
    messages.success(request, gettext("Sent; the customer is mailed."))
    return reverse("portal:office_case", args=[case_id])


def _end(request: HttpRequest, case_id: UUID) -> str:
    end_case(
        case_id=case_id, outcome="declined" if request.POST.get("outcome") == "declined" else "settled",
        text=request.POST.get("text", ""), name=_name(request), payment_id=sent.key(request.POST.get("payment")),
        by=request.user, at=now(),
    )  # fmt: skip
    messages.success(request, gettext("Answered; the customer sees it."))
    return reverse("portal:office_case", args=[case_id])


def _record(request: HttpRequest, case_id: UUID) -> str:
    amount = sent.amount(request)
    if amount is None:
        raise Invalid(gettext("Write an amount."), field="amount")
    record_told_payment(
        case_id=case_id, amount=amount, paid_on=_day(request), text=request.POST.get("text", ""), name=_name(request),
        bank_account_id=sent.key(request.POST.get("bank_account")), by=request.user, at=now(),
    )  # fmt: skip
    messages.success(request, gettext("Recorded; the customer sees the invoice paid."))
    return reverse("portal:office_case", args=[case_id])


def _day(request: HttpRequest) -> date | None:
    try:
        found: date | None = DayField(required=False).clean(request.POST.get("paid_on", ""))
    except ValidationError as error:
        raise Invalid(gettext("Give a day."), field="paid_on") from error
    return found


answer = deed_view("answer", _answer, check=_check)
end = deed_view("end", _end, check=_check)
record = deed_view("record", _record, check=_check)
