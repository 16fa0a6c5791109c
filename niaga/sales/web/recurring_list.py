"""What is billed again and again."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.sales.models import RecurringPlan
from niaga.sales.queries.recurring import visible_plans
from niaga.sales.web.recurring_words import PLANS, rhythm_in_words
from niaga.ui.documents import Action
from niaga.ui.lists import Choice, Day, Days, Empty, Listing, Money, Search, StatusColumn, Text, View
from niaga.ui.lists.listing import Rows


class RecurringList(Listing):
    key, title, sort = "recurring", _("Recurring invoices"), "next_date"
    columns = (
        Text("name", _("Plan"), sort="name", phone="title"),
        Text("customer", _("Customer"), source="customer__name", sort="customer__name", phone="meta"),
        Text("rhythm", _("How often"), source=rhythm_in_words),
        Day("next_date", _("Billed next"), sort="next_date", phone="meta"),
        StatusColumn("status", _("Status"), statuses=PLANS, phone="status"),
        Money("total", _("A whole period"), sort="total", phone="value"),
    )
    filters = (
        Search("q", _("Plan or customer"), match=lambda rows, text: rows.filter(
            Q(name__icontains=text) | Q(customer__name__icontains=text))),
        Choice("status", _("Status"), options=[(key, status.label) for key, status in PLANS.items()]),
        Days("next_date", _("Billed next")),
    )  # fmt: skip
    views = (View(_("Active"), "status=active"), View(_("Paused"), "status=paused"))
    empty = Empty(
        _("Nothing recurs yet"),
        _("A plan bills rent, a subscription or maintenance again and again: each period becomes one invoice on its"
          " day, issued and mailed by itself or as a draft for you to look at."),
        icon="repeat",
    )  # fmt: skip
    above = (_("Invoices"), "/invoices")

    def rows(self) -> Rows:
        access_of(self.request.user).require("invoice", "view")
        return visible_plans(by=self.request.user)

    def url(self, row: RecurringPlan) -> str:
        return reverse("sales:recurring_plan", args=[row.pk])

    def actions(self) -> list[Action]:
        if not access_of(self.request.user).allows("invoice", "create"):
            return []
        return [Action(_("New plan"), url=reverse("sales:new_recurring_plan"), icon="plus", method="get", kind="go",
                       key="n")]  # fmt: skip
