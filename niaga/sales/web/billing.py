"""What waits to be invoiced, and the rules by which customers are billed by themselves."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.sales.models import BillingChoice, BillingRule
from niaga.sales.queries.billing import may_rule, own_rule, rule_of, rule_subject, waiting_causes
from niaga.sales.queries.documents import get_order_page
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.choose_billing import choose_billing
from niaga.sales.services.put_causes_aside import put_causes_aside
from niaga.sales.services.save_billing_rule import save_billing_rule
from niaga.ui.documents import Action
from niaga.ui.formatting import number
from niaga.ui.lists import BulkAction, Choice, Done, Empty, Listing, Moment, Reference, Search, Text
from niaga.ui.lists.listing import Rows
from niaga.ui.stale import one_at_a_time

WAYS = {
    "by_hand": _("By hand"),
    "confirmation": _("At confirmation, the whole order"),
    "delivery": _("At delivery, each an invoice; what is never delivered at confirmation"),
    "period": _("At the end of a period, all deliveries on one invoice"),
}
PERIODS = {
    "week": _("Each week, to Sunday"),
    "half_month": _("Twice a month, to the 15th and the last day"),
    "month": _("Each month, to its last day"),
}
KINDS = {
    "confirmation": _("Order"), "delivery": _("Delivery"), "period": _("Period to"), "milestone": _("Milestone"),
    "recurring": _("Recurring"),
}  # fmt: skip


def _try_again(request: HttpRequest, ids: list[UUID]) -> Done:
    found = list(waiting_causes(by=request.user).filter(pk__in=ids).order_by("created_at", "id"))
    causes = [bill_cause(cause_id=one.pk, by=request.user, at=clock.now()) for one in found]
    made = sum(1 for cause in causes if cause.invoice_id)
    still = sum(1 for cause in causes if cause.done_at is None)
    text = ngettext("%(made)s invoice written.", "%(made)s invoices written.", made) % {"made": number(made)}
    if still:
        waits = ngettext("%(still)s still waits.", "%(still)s still wait.", still) % {"still": number(still)}
        return Done(f"{text} {waits}", level="warning")
    return Done(text)


def _put_aside(request: HttpRequest, ids: list[UUID]) -> Done:
    gone = put_causes_aside(cause_ids=ids, by=request.user, at=clock.now())
    text = ngettext("%(gone)s put aside; bill it by hand.", "%(gone)s put aside; bill them by hand.", gone)
    return Done(text % {"gone": number(gone)})


class WaitingList(Listing):
    key, title, sort = "billing", _("Waiting to be invoiced"), "created_at"
    columns = (
        Text("customer", _("Customer"), source="customer__name", sort="customer__name", phone="title"),
        Reference("number", _("Source"), source="source_number", sub=lambda row: KINDS[row.kind], phone="meta"),
        Text("reason", _("Why it waits"), source=lambda row: row.reason or gettext("Its turn has not come yet."),
             phone="status"),
        Moment("created_at", _("Since"), sort="created_at", phone="meta"),
        Moment("tried_at", _("Last tried")),
    )  # fmt: skip
    filters = (
        Search("q", _("Customer or number"), match=lambda rows, text: rows.filter(
            Q(customer__name__icontains=text) | Q(source_number__icontains=text))),
        Choice("kind", _("Source"), options=list(KINDS.items())),
    )  # fmt: skip
    bulk = (
        BulkAction("again", _("Try again"), act=_try_again, icon="rotate-ccw"),
        BulkAction("aside", _("Put aside"), act=_put_aside, icon="archive"),
    )
    empty = Empty(
        _("Nothing waits to be invoiced"),
        _("Invoices follow by themselves at confirmation, at delivery or at a period's end, as the rule of the customer"
          " says. What could not be billed stands here with its reason."),
        icon="hourglass",
    )  # fmt: skip
    above = (_("Invoices"), "/invoices")
    export = False

    def rows(self) -> Rows:
        access_of(self.request.user).require("invoice", "create")
        return waiting_causes(by=self.request.user)

    def url(self, row: Any) -> str:
        if row.kind == "period":
            return f"/invoices/new?customer={row.customer_id}"
        if row.kind == "recurring":
            return reverse("sales:recurring_plan", args=[row.plan_id])
        return reverse("sales:order", args=[row.order_ids[0]])

    def actions(self) -> list[Action]:
        if not may_rule(by=self.request.user):
            return []
        return [Action(_("When customers are billed"), url=reverse("sales:billing_rule"), icon="settings",
                       method="get", kind="go")]  # fmt: skip


class RuleForm(forms.Form):
    way = forms.ChoiceField(label=_("When invoices are written"), required=False)
    period = forms.ChoiceField(
        label=_("Period"), required=False, choices=[("", "—"), *PERIODS.items()],
        help_text=_("Where it is billed at the end of a period: by the day of the branch."),
    )  # fmt: skip
    issues = forms.BooleanField(
        label=_("Issue at once"), required=False,
        help_text=_("Without it they are drafts that somebody looks at first."),
    )  # fmt: skip

    def __init__(self, data: Any, *, initial: dict[str, Any], none: Any) -> None:
        super().__init__(data, initial=initial)
        self.fields["way"].choices = [("", none), *WAYS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("way") == "period" and not values.get("period"):
            self.add_error("period", ValidationError(_("Choose the period."), code="required"))
        return values


def _rule_page(request: HttpRequest, customer_id: UUID | None, none: Any, back: str) -> HttpResponse:
    company_id = access_of(request.user).current_company.id
    customer = rule_subject(by=request.user, company_id=company_id, customer_id=customer_id)
    held = own_rule(company_id=company_id, customer_id=customer_id)
    initial = {"way": held.way, "period": held.period, "issues": held.issues} if held else {}

    def save(values: dict[str, Any]) -> str:
        save_billing_rule(company_id=company_id, customer_id=customer_id, by=request.user, at=clock.now(), **values)
        return back

    return form_page(
        request, form=lambda data: RuleForm(data, initial=initial, none=none), deed=save,
        template="sales/billing_rule.html", subject=customer_id or company_id, customer=customer, back=back,
    )  # fmt: skip


@login_required
@one_at_a_time
def company_rule(request: HttpRequest) -> HttpResponse:
    """When customers without a rule of their own are billed."""
    return _rule_page(request, None, _("No rule: by hand"), reverse("sales:billing_rule"))


@login_required
@one_at_a_time
def customer_rule(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """When this customer is billed."""
    return _rule_page(request, customer_id, _("As the company's rule says"), f"/customers/{customer_id}")


def told(rule: BillingChoice | BillingRule | None) -> str:
    """How something is billed, in words."""
    if rule is None or rule.way == "by_hand":
        return gettext("By hand")
    way = str(
        PERIODS[rule.period]
        if rule.period
        else {**WAYS, "milestone": _("By milestones"), "recurring": _("By its recurring plan")}[rule.way]
    )
    how = gettext("issued at once") if rule.issues else gettext("as a draft")
    return f"{way}; {how}"


@login_required
@one_at_a_time
def order_billing(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """How this order is billed, before the rule of its customer."""
    order = get_order_page(order_id=order_id, by=request.user)
    access, back = access_of(request.user), reverse("sales:order", args=[order_id])
    access.require("invoice", "create", order)
    held: BillingChoice | None = getattr(order, "billing_choice", None)
    initial = {"way": held.way, "period": held.period, "issues": held.issues} if held else {}
    rule = told(rule_of(company_id=order.company_id, customer_id=order.customer_id))
    none = gettext("As the customer's rule says: %(rule)s") % {"rule": rule}

    def form(data: Any) -> RuleForm:
        made = RuleForm(data, initial=initial, none=none)
        if not access.reaches("invoice", "issue", order):
            del made.fields["issues"]
        return made

    def save(values: dict[str, Any]) -> str:
        choose_billing(order_id=order_id, by=request.user, at=clock.now(), **values)
        return back

    return form_page(
        request, form=form, deed=save, template="sales/order_billing.html", subject=order.id, order=order, back=back
    )  # fmt: skip
