"""The list of invoices and credit notes."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.documents.web.stamps import STAMP_FILTER
from niaga.invoicing.queries.invoices import listed_invoices
from niaga.invoicing.web.issue_run_page import issue_picked
from niaga.invoicing.web.words import KINDS, PAYMENT, STATUS, payment_status
from niaga.invoicing.web.write_offs import may_write_off, write_off_picked
from niaga.organization.access import access_of
from niaga.ui import formatting
from niaga.ui.documents import Action, Consequence
from niaga.ui.lists import (
    BulkAction,
    Choice,
    Day,
    Days,
    Empty,
    Listing,
    Money,
    Reference,
    Search,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address


def today_of(request: HttpRequest) -> date:
    """The day at the person's company."""
    return clock.today(at=clock.now(), zone=access_of(request.user).current_company.zone)


def _may_issue(request: HttpRequest) -> bool:
    return access_of(request.user).allows("invoice", "issue")


def _matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(
        Q(number__icontains=text) | Q(customer__name__icontains=text) | Q(customer_reference__icontains=text)
        | Q(source_numbers__contains=[text.upper()])
    )  # fmt: skip


class InvoiceList(Listing):
    key, title, sort = "invoices", _("Invoices"), "-created"
    live = "invoice"
    columns = (
        Reference("number", _("Number"), source=lambda row: row.number or "…", sub=lambda row: KINDS[row.kind]
             if row.kind != "invoice" else "", sort="number", phone="title"),
        Text("customer", _("Customer"), source="customer__name", sub=lambda row: ", ".join(row.source_numbers),
             sort="customer__name", phone="meta"),
        StatusColumn("status", _("Status"), statuses=STATUS, sort="status"),
        Day("date", _("Date"), sort="date"),
        Day("due", _("Due"), source="next_due", sort="balance__due_date", phone="meta"),
        StatusColumn("payment", _("Payment"), source=lambda row: getattr(row, "shown_payment", None)
                     or PAYMENT.get(row.payment_state), phone="status"),
        Money("total", _("Total"), sort="total"),
        Money("open", _("Open"), sort="open", phone="value"),
        Day("created", _("Made"), source="created_at", sort="created_at"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number, customer or order"), match=_matching),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in STATUS.items()]),
        Choice(
            "payment", _("Payment"),
            options=[("open", _("Not paid in full")), ("unpaid", _("Unpaid")), ("partial", _("Partly paid")),
                     ("overdue", _("Overdue")), ("paid", _("Paid"))],
            match=lambda rows, value: rows.filter(payment_state__in=("unpaid", "partial", "overdue"))
            .exclude(kind="credit_note") if value == "open" else rows.filter(payment_state=value)
            .exclude(kind="credit_note"),
        ),
        Choice("kind", _("Kind"), options=list(KINDS.items())),
        STAMP_FILTER,
        Days("date", _("Date")),
        Days("due", _("Due"), lookup="balance__due_date"),
    )  # fmt: skip
    views = (
        View(_("Overdue"), "payment=overdue&sort=due"),
        View(_("Not paid in full"), "payment=open&sort=due"),
        View(_("Drafts"), "status=draft"),
        View(_("Credit notes"), "kind=credit_note"),
    )
    totals = (Total("total", _("Total"), currency="currency"), Total("open", _("Open"), currency="currency"))
    bulk = (
        BulkAction(
            "issue", _("Issue"), act=issue_picked, icon="check", allowed=lambda request: _may_issue(request),
            confirm=Consequence(
                _("Issue what is ticked?"),
                _("Every draft among these gets its number and claims its total, for good. A job does it one after"
                  " another; what cannot be issued says why."),
                button=_("Issue"),
            ),
        ),
        BulkAction(
            "write_off", _("Write off small rests"), act=write_off_picked, icon="equal", allowed=may_write_off,
            confirm=Consequence(
                _("Write off the small rests of what is ticked?"),
                _("What is open on each of these and not above your threshold is given up, in one deed. Larger rests"
                  " are left as they are."),
                button=_("Write off"),
            ),
        ),
    )  # fmt: skip
    empty = Empty(
        _("No invoices yet"),
        _("An invoice is written from what an order has delivered or promised, and gets its number when it is issued."),
        icon="receipt-text",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("invoice", "view")
        rows = listed_invoices(by=self.request.user, today=today_of(self.request))
        if self.request.GET.get("status") != "discarded":
            rows = rows.exclude(status="discarded")
        customer = self.request.GET.get("customer", "")
        return rows.filter(customer_id=customer) if _is_uuid(customer) else rows

    def prepare(self, rows: list[Any]) -> list[Any]:
        today = today_of(self.request)
        for row in rows:
            row.shown_payment = payment_status(row, today)
        return rows

    def sums(self, rows: QuerySet[Any]) -> tuple[int, list[tuple[Any, str]]]:
        """A credit note lessens the sums."""
        groups = list(
            rows.order_by()
            .values("currency", "kind")
            .annotate(count=Count("pk"), total_sum=Sum("total"), open_sum=Sum("open"))
        )
        shown: list[tuple[Any, str]] = []
        for name, label in (("total_sum", _("Total")), ("open_sum", _("Open"))):
            by_currency: dict[str, Decimal] = {}
            for group in groups:
                sign = -1 if group["kind"] == "credit_note" else 1
                by_currency[group["currency"]] = by_currency.get(group["currency"], Decimal(0)) + sign * (
                    group[name] or Decimal(0)
                )
            shown += [(label, formatting.money(value, currency)) for currency, value in sorted(by_currency.items())]
        return sum(group["count"] for group in groups), shown

    def url(self, row: Any) -> str:
        return row_address("invoicing:invoice", row.pk)

    def actions(self) -> list[Action]:
        found = []
        if _may_issue(self.request):
            if self.request.GET.get("status") == "draft":
                found.append(
                    Action(
                        _("Issue all drafts"), url=reverse("invoicing:issue_all"), icon="check",
                        confirm=Consequence(
                            _("Issue all drafts?"),
                            _("Every draft that you may issue gets its number and claims its total, for good. A job"
                              " does it one after another; what cannot be issued says why."),
                            button=_("Issue all drafts"),
                        ),
                    )
                )  # fmt: skip
            found.append(Action(_("Write-offs"), url=reverse("invoicing:write_offs"), icon="circle-x", method="get"))
            found.append(Action(_("Bulk issues"), url=reverse("invoicing:issue_runs"), icon="layers", method="get"))
        if access_of(self.request.user).allows("invoice", "create"):
            found.append(
                Action(_("New invoice"), url="/invoices/new", icon="plus", method="get", kind="go", key="n")
            )  # fmt: skip
        return found


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
