"""All bank lines, to look for one; and whose money it was before."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.payments.queries.bank_figures import known_payers
from niaga.payments.queries.bank_lines import visible_lines
from niaga.payments.services.forget_payer import forget_payer
from niaga.payments.web.bank_words import LINE_STATUS
from niaga.ui.lists import (
    BulkAction,
    Choice,
    Day,
    Days,
    Done,
    Empty,
    Listing,
    Money,
    Number,
    Search,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address


def _matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(text__icontains=text) | Q(payer__icontains=text) | Q(reference__icontains=text))


class BankLineList(Listing):
    key, title, sort = "bank_lines", _("Bank lines"), "-date"
    above = (_("Bank"), "/bank")
    columns = (
        Text("text", _("Bank’s text"), phone="title"),
        Day("date", _("Date"), sort=("date", "id"), phone="meta"),
        Text("bank", _("Bank account"), source="bank_account__bank", sub="bank_account__number", phone="meta"),
        StatusColumn("status", _("Status"), statuses=LINE_STATUS, phone="status"),
        Money("amount", _("Amount"), sort=("amount", "id"), phone="value"),
    )
    filters = (
        Search("q", _("Bank’s text, payer or reference"), match=_matching),
        Choice("status", _("Status"), options=[(key, one.label) for key, one in LINE_STATUS.items()]),
        Days("date", _("Date")),
    )
    views = (View(_("To book"), "status=open"), View(_("Not identified yet"), "status=suspense"))
    totals = (Total("amount", _("Amount"), currency="currency"),)
    empty = Empty(
        _("No bank lines yet"),
        _("Send a statement of your bank: each of its lines is booked once, to the invoices it pays."),
        icon="landmark",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("bank", "view")
        return visible_lines(by=self.request.user).select_related("bank_account")

    def url(self, row: Any) -> str:
        return row_address("payments:bank_line", row.pk)


def _forget(request: HttpRequest, ids: list[UUID]) -> Done:
    for payer_id in ids:
        forget_payer(payer_id=payer_id, by=request.user, at=clock.now())
    return Done(gettext("Forgotten. Who pays so next time is asked for again."))


class KnownPayerList(Listing):
    key, title, sort = "known_payers", _("Known payers"), "-last_at"
    export = False
    above = (_("Bank"), "/bank")
    columns = (
        Text("shown", _("As the bank writes it"), phone="title"),
        Text("name", _("Customer"), sort="customer__name", phone="meta"),
        Number("times", _("Times"), sort=("times", "id"), phone="value"),
        Day("last_at", _("Last"), sort=("last_at", "id"), phone="meta"),
    )
    filters = (
        Search("q", _("Name or account"),
               match=lambda rows, text: rows.filter(Q(shown__icontains=text) | Q(customer__name__icontains=text))),
    )  # fmt: skip
    bulk = (
        BulkAction(
            "forget", _("Forget"), act=_forget, icon="trash-2",
            allowed=lambda request: access_of(request.user).allows("bank", "manage"),
        ),
    )  # fmt: skip
    empty = Empty(
        _("Nobody is known yet"),
        _("When you book a bank line to a customer, the account and name that paid are remembered: next time they are "
          "known."),
        icon="fingerprint",
    )  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        return known_payers(by=self.request.user)

    def url(self, row: Any) -> str:
        return row_address("parties:customer", row.customer_id)
