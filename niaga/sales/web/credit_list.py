"""The orders and deliveries that wait for finance, and those it decided about."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.sales.queries.credit import (
    decidable_requests,
    matching_requests,
    narrow_by_state,
    queue_rows,
    standing_of,
    state_of,
)
from niaga.sales.rules.credit import Standing
from niaga.sales.web.credit_words import STAGE, STATE, held_by
from niaga.sales.web.order_list import today_of
from niaga.ui import formatting
from niaga.ui.lists import (
    Choice,
    Empty,
    Listing,
    Moment,
    Money,
    Reference,
    Search,
    Status,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address
from niaga.ui.lists.listing import Rows


class StateChoice(Choice):
    """By what became of the request."""

    def narrow(self, rows: Rows, value: str, request: HttpRequest) -> Rows:
        return narrow_by_state(rows, value) if value in ("open", "released", "refused") else rows


def standing(row: Any) -> Standing:
    """How the row's customer stands today; counted once a row."""
    found = row.__dict__.get("standing")
    if found is None:
        found = row.__dict__["standing"] = standing_of(row, today=row.today)
    return found  # type: ignore[no-any-return]


def held(row: Any) -> Status | None:
    """Why it waits; or that nothing stands against it any more."""
    state = state_of(row)
    if state != "open":
        return STATE[state]
    holds = standing(row).waits(more=row.more, total=row.amount)
    if not holds:
        return Status(_("Nothing against it"), "good", "check")
    grave = len(holds) > 1 or holds[0] == "on_hold"
    return Status(held_by(holds, standing(row).late_days), "bad" if grave else "warn", "shield-check")


def number(row: Any) -> str:
    return str(row.delivery.number if row.delivery else row.order.number)


def person(row: Any) -> str:
    return str(row.asked_by) if row.asked_by else ""


def limit(row: Any) -> str:
    """`limit Rp 5.000.000`."""
    figures = standing(row).figures
    if figures.limit is None:
        return ""
    return gettext("limit %(limit)s") % {"limit": formatting.money(figures.limit, figures.currency)}


def _over(row: Any) -> Any:
    return standing(row).over_by(row.more) or None


class CreditList(Listing):
    key, title, sort = "credit-releases", _("Credit releases"), "at"
    columns = (
        Text("customer", _("Customer"), source="customer__name", sub=person, sort="customer__name", phone="title"),
        Reference("number", _("Number"), source=number, sub=lambda row: STAGE[row.stage], phone="meta"),
        Money("amount", _("Amount"), sort="amount", phone="value"),
        Money(
            "exposure",
            _("Owes"),
            source=lambda row: standing(row).figures.exposure,
            sub=limit,
            currency=lambda row: standing(row).figures.currency,
        ),
        Money(
            "limit",
            _("Limit"),
            source=lambda row: standing(row).figures.limit,
            hidden_from=lambda request: "export" not in request.GET,
        ),  # shown below what is owed
        Money("over_by", _("Over by"), source=_over),
        StatusColumn("held", _("Waits for"), source=held, phone="status"),
        Moment("at", _("Since"), sort="at", phone="meta"),
    )
    filters = (
        Search("q", _("Customer or number"), match=matching_requests),
        StateChoice("state", _("Status"), options=[(key, STATE[key].label) for key in ("released", "refused")]),
    )
    views = (View(_("Released"), "state=released&sort=-at"), View(_("Not released"), "state=refused&sort=-at"))
    totals = (Total("amount", _("Amount"), currency="currency"),)
    empty = Empty(
        _("Nothing waits for a release"),
        _(
            "An order that a credit limit, a hold or an overdue invoice stops comes here when somebody asks for it. You"
            " release that one order, or raise the customer's limit for a while."
        ),
        icon="shield-check",
    )

    def rows(self) -> Any:
        access_of(self.request.user).require("customer", "credit")
        rows = decidable_requests(by=self.request.user)
        return rows if self.request.GET.get("state") else narrow_by_state(rows, "open")

    def subtitle(self) -> Any:
        return "" if self.request.GET.get("state") else _("What waits for finance")

    def ordered(self, rows: Any) -> Any:
        return super().ordered(queue_rows(rows, today=today_of(self.request)))

    def url(self, row: Any) -> str:
        return row_address("sales:credit_release", row.pk)
