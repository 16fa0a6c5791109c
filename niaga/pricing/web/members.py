"""The members of the programme, and a member's points as a list with its file."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, DateField, DecimalField, F, Q, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.organization.queries.users import name_of
from niaga.parties.queries.customers import customer_for
from niaga.pricing.queries.loyalty import members_for, points_entries, programme_for, tiers_for
from niaga.pricing.queries.loyalty_figures import worth
from niaga.pricing.queries.loyalty_words import ENTRY_WORDS
from niaga.pricing.web.promotions import today_of
from niaga.ui.lists import Choice, Day, Days, Empty, Flag, Listing, Moment, Money, Number, Search, Text, Total
from niaga.ui.lists.addresses import row_address

SOON = timedelta(days=30)


def _tiers(request: HttpRequest) -> list[tuple[Any, Any]]:
    names = tiers_for(request.user).filter(archived_at=None).values_list("id", "name")
    return [*names, ("none", _("Without a tier"))]


def _narrow_tier(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(tier=None) if value == "none" else rows.filter(tier_id=value)


def _ending(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(ends_on__lte=F("soon"))


class Members(Listing):
    key, title, sort = "loyalty_members", _("Members"), "-points"
    above = (_("Loyalty"), "/loyalty")
    columns = (
        Text("customer", _("Customer"), source="customer_name", sub="customer_code", sort="customer_name",
             phone="title"),
        Text("tier", _("Tier"), source="tier_name", phone="meta"),
        Number("points", _("Points"), source="balance", sort="balance", phone="value"),
        Money("worth", _("Worth"), source=lambda row: worth(row.balance, row.value, row.currency)),
        Day("ends_on", _("First points end"), source="ends_on", phone="meta"),
        Day("joined", _("Member since"), source="joined_at", sort="joined_at"),
    )  # fmt: skip
    filters = (
        Search(
            "q", _("Name or code"),
            match=lambda rows, text: rows.filter(
                Q(customer__name__icontains=text) | Q(customer__code__istartswith=text)
            ),
        ),
        Choice("tier", _("Tier"), options=_tiers, match=_narrow_tier),
        Flag("ending", _("Points end within 30 days"), match=_ending),
    )  # fmt: skip
    totals = (Total("balance", _("Points")),)
    empty = Empty(
        _("No members yet"),
        _(
            "A customer becomes a member with the first points: when an invoice is issued, or by hand on the "
            "customer's page."
        ),
        icon="users",
    )

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        self.programme = programme_for(request.user)

    def rows(self) -> QuerySet[Any]:
        value = self.programme.point_value if self.programme else 0
        company = access_of(self.request.user).current_company
        currency = self.programme.currency if self.programme else company.currency
        rows: QuerySet[Any] = members_for(self.request.user).order_by()
        shown: QuerySet[Any] = rows.annotate(
            value=Value(value, DecimalField()), currency=Value(currency, CharField()),
            soon=Value(today_of(self.request) + SOON, DateField()),
        )  # fmt: skip
        return shown

    def url(self, row: Any) -> str:
        return row_address("pricing:member", row.customer_id)


KIND_OPTIONS = tuple(ENTRY_WORDS.items())


class MemberEntries(Listing):
    key, title, sort = "loyalty_entries", _("Points"), "-at"
    template = "pricing/member_entries.html"
    columns = (
        Moment("at", _("When"), sort="at", phone="meta"),
        Text("kind", _("What"), source=lambda row: ENTRY_WORDS.get(row.kind, row.kind), phone="title"),
        Text("number", _("Document"), source="number", phone="meta"),
        Text("reason", _("Reason")),
        Text("who", _("By")),
        Number("points", _("Points"), phone="value"),
    )  # fmt: skip
    filters = (
        Choice("kind", _("What"), options=KIND_OPTIONS),
        Days("date", _("Date"), lookup="at__date"),
    )
    totals = (Total("points", _("Points")),)
    empty = Empty(
        _("No points yet"),
        _("What is earned, used, taken back and given by hand stands here, and stays."),
        icon="award",
    )

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        self.customer = customer_for(request.user, kwargs["customer_id"])

    def rows(self) -> QuerySet[Any]:
        return points_entries(self.request.user, self.customer.pk).order_by().annotate(who=name_of("by"))

    def context(self) -> dict[str, Any]:
        return {"customer": self.customer, "member_url": reverse("pricing:member", args=[self.customer.pk])}
