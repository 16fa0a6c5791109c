"""The list of promotions, each told in one sentence."""

from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.pricing.models import WHOM
from niaga.pricing.queries.promotion_words import sentence, told_of
from niaga.pricing.queries.promotions import in_state, matching, promotion_rows
from niaga.pricing.queries.terms_in_words import days, whom
from niaga.pricing.web.price_lists import may
from niaga.pricing.web.promotion_kinds import KINDS
from niaga.ui.documents import Action
from niaga.ui.formatting import number
from niaga.ui.lists import Choice, Empty, Listing, Money, Search, Status, StatusColumn, Text
from niaga.ui.lists.addresses import row_address


def today_of(request: HttpRequest) -> date:
    return clock.today(at=clock.now(), zone=access_of(request.user).current_company.zone)


def standing(found: Any, today: date) -> Status:
    """Whether a promotion holds on this day."""
    if found.unpublished:
        return Status(_("In preparation"), "faint", "pencil")
    if found.archived_at is not None:
        return Status(_("Archived"), "faint", "archive")
    if found.valid_to is not None and found.valid_to < today:
        return Status(_("Ended"), "faint", "clock")
    if found.valid_from is not None and found.valid_from > today:
        return Status(_("Begins later"), "calm", "clock")
    if _is_spent(found):
        return Status(_("Used up"), "warn", "circle-slash")
    return Status(_("In force"), "good", "check")


SOON = timedelta(days=30)


def agreed_state(found: Any, today: date) -> Status:
    """How an agreed discount stands; one that ends within 30 days is marked, so that it is spoken of in time."""
    state = standing(found, today)
    if state.tone != "good" or found.valid_to is None or found.valid_to - today > SOON:
        return state
    left = (found.valid_to - today).days
    text = ngettext("Ends in %(days)d day", "Ends in %(days)d days", left) % {"days": left} if left else _("Ends today")
    return Status(text, "warn", "clock-alert")


def _is_spent(found: Any) -> bool:
    return bool(
        (found.most_uses is not None and found.used >= found.most_uses)
        or (found.budget is not None and found.taken_off >= found.budget)
    )


def _used(found: Any) -> str:
    if found.most_uses is None:
        return number(found.used)
    return str(_("%(used)s of %(most)s") % {"used": number(found.used), "most": number(found.most_uses)})


def _narrow_whom(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "everybody":
        return rows.filter(**{f"{name}__isnull": True for name in WHOM})
    return rows.filter(**{f"{value}_id__isnull": False})


def _narrow_coupon(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(by_coupon=value == "yes")


STATES = (
    ("running", _("In force")), ("coming", _("Begins later")), ("ended", _("Ended")), ("archived", _("Archived")),
    ("prepared", _("In preparation")),
)  # fmt: skip
WHOMS = (
    ("everybody", _("Everybody")), ("customer", _("A customer")), ("group", _("A group")),
    ("territory", _("A territory")), ("branch", _("A branch")), ("channel", _("A channel")),
)  # fmt: skip


class Promotions(Listing):
    key, title, sort = "promotions", _("Promotions"), "name"
    columns = (
        Text(
            "name", _("Promotion"), sub=lambda row: sentence(told_of(row)), sort="name", phone="title"
        ),
        Text("kind", _("Kind"), source=lambda row: str(KINDS[row.kind].label), sort="kind"),
        Text("whom", _("For"), source=lambda row: whom(row) or str(_("Everybody")), phone="meta"),
        Text(
            "valid", _("Valid"), source=lambda row: days(row.valid_from, row.valid_to) or str(_("always")),
            sort="valid_from",
        ),
        Text("used", _("Used"), source=_used, sort="used"),
        Money("taken_off", _("Taken off"), sort="taken_off", phone="value"),
        StatusColumn("state", _("Status"), source=lambda row: standing(row, row.today), phone="status"),
    )  # fmt: skip
    filters = (
        Search("q", _("Name or coupon"), match=matching),
        Choice("state", _("Status"), options=STATES, match=lambda rows, value: rows),
        Choice("kind", _("Kind"), options=[(one.code, one.label) for one in KINDS.values()]),
        Choice("whom", _("For whom"), options=WHOMS, match=_narrow_whom),
        Choice(
            "coupon",
            _("Coupon"),
            options=[("yes", _("Only with a coupon")), ("no", _("Without"))],
            match=_narrow_coupon,
        ),
    )
    empty = Empty(
        _("No promotions yet"),
        _(
            "A promotion changes prices on conditions: a percentage off a brand, buy two and get one free, a bundle at "
            "one price, a gift from a value on, with a coupon or by itself. It is computed on every quotation and "
            "order, and every line can say why."
        ),
        icon="ticket-percent",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("price_list", "view")
        today = today_of(self.request)
        rows = in_state(promotion_rows(self.request.user), self.request.GET.get("state", ""), today)
        dated: QuerySet[Any] = rows.annotate(today=Value(today, DateField()))
        return dated

    def url(self, row: Any) -> str:
        return row_address("pricing:promotion", row.pk)

    def actions(self) -> list[Action]:
        actions = []
        if may(self.request, "change"):
            changes = f"{reverse('pricing:price_changes')}?of=promotion"
            actions.append(Action(_("Prepared changes"), url=changes, icon="calendar-clock", method="get"))
        if not may(self.request, "create"):
            return actions
        url = reverse("pricing:new_promotion")
        return [*actions, Action(_("New promotion"), url=url, icon="plus", method="get", kind="go", key="n")]
