"""Writing and changing a recurring plan, and seeing what it would bill."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from niaga.core.clock import now
from niaga.core.errors import Forbidden, NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.web.pages import bind_to
from niaga.parties.queries.customers import customer_for
from niaga.sales.models import RecurringPlan
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.lines import shown_order_lines, units_of
from niaga.sales.queries.recurring import get_plan
from niaga.sales.rules.recurring import MOST_EVERY
from niaga.sales.services.forecast_plan import preview_plan
from niaga.sales.services.plan_terms import MOST_PERIODS, PlanTerms
from niaga.sales.services.save_plan import save_plan
from niaga.sales.web.forms import as_id
from niaga.sales.web.grid_lines import digits, grid_lines, line_errors, order_grid, to_input, unreadable
from niaga.ui.forms import DayField, NumberField, once, refuse
from niaga.ui.order_grid import GridLine, line_of, read_lines
from niaga.ui.stale import one_at_a_time, overtaken, watched


class PlanForm(forms.Form):
    customer = forms.UUIDField(error_messages={"required": _("Choose a customer.")})
    name = forms.CharField(label=_("Name of the plan"), max_length=80)
    start = DayField(label=_("From"))
    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=MOST_EVERY, initial=1)
    unit = forms.ChoiceField(
        label=_("Weeks, months or years"), choices=[("month", _("Months")), ("week", _("Weeks")), ("year", _("Years"))]
    )
    day = forms.IntegerField(
        label=_("On day"), min_value=1, max_value=31, initial=1,
        help_text=_("Of the month; 31 is its last day. Of the week: 1 is Monday."),
    )  # fmt: skip
    in_arrears = forms.ChoiceField(
        label=_("Billed"), required=False,
        choices=[("", _("In advance, on its first day")), ("1", _("In arrears, once it is over"))],
    )  # fmt: skip
    end = DayField(label=_("Until"), required=False)
    count = forms.IntegerField(
        label=_("or so many periods"), min_value=1, max_value=MOST_PERIODS, required=False
    )  # fmt: skip
    text = forms.CharField(
        label=_("Text of the lines"), max_length=200, required=False,
        help_text=_("{periode} becomes the month or the days, {produk} the product, {awal} and {akhir} the first and"
                    " last day, {nomor} which period it is. A line with a text of its own keeps it."),
    )  # fmt: skip
    raise_percent = NumberField(
        label=_("Raise each year, %"), required=False, min_value=0, max_value=100, max_digits=9, decimal_places=6,
        help_text=_("On prices you type; others follow the price list of the day."),
    )  # fmt: skip
    pro_rata = forms.BooleanField(label=_("A shorter first or last period costs its days only"), required=False)
    shifts = forms.BooleanField(label=_("On week-ends and holidays, bill on the next working day"), required=False)
    issues = forms.BooleanField(
        label=_("Issue at once"), required=False,
        help_text=_("Without it they are drafts that somebody looks at first."),
    )  # fmt: skip
    mails = forms.BooleanField(label=_("and mail it to the customer"), required=False)
    customer_reference = forms.CharField(label=_("Customer's reference"), max_length=60, required=False)
    note = forms.CharField(
        label=_("Note for the customer"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.known: Any = None
        if customer_id := as_id(str(self["customer"].value() or "")):
            try:
                self.known = customer_for(request.user, customer_id)
            except NotFound:
                pass
        if not access_of(request.user).allows("invoice", "issue"):
            del self.fields["issues"], self.fields["mails"]

    def terms(self) -> PlanTerms:
        data = self.cleaned_data
        given = {name: data[name] for name in PlanTerms.__slots__ if name in data}
        given["in_arrears"] = data["in_arrears"] == "1"
        return PlanTerms(**{**given, "raise_percent": data.get("raise_percent") or Decimal(0)})


FRESH = {"every": 1, "day": 1, "unit": "month", "pro_rata": True, "text": "{produk} {periode}"}


@login_required
@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """An empty plan, or one with the customer and lines of an order."""
    access_of(request.user).require("invoice", "create")
    if request.method == "POST":
        return _save(request, None)
    initial: dict[str, Any] = {**FRESH, "customer": request.GET.get("customer", "")}
    lines: list[dict[str, Any]] = []
    if order_id := as_id(request.GET.get("order", "")):
        order = get_order(order_id=order_id, by=request.user)
        initial |= {"customer": order.customer_id, "customer_reference": order.customer_reference}
        stored = shown_order_lines(order_id=order.pk)
        lines = grid_lines(stored, units_of(company_id=order.company_id, lines=stored), currency=order.currency)
        for row, line in zip(lines, [one for one in stored if one.gift_of_id is None], strict=True):
            if line.product_id:  # what was promised is billed on at its price
                row["price"] = line_of(key="", price=digits(line.unit_price, 6)).get("price")
    return _page(request, PlanForm(request, initial=initial), None, lines)


@login_required
@require_http_methods(["GET", "POST"])
@one_at_a_time
def edit_plan(request: HttpRequest, recurring_plan_id: UUID) -> HttpResponse:
    """What is changed holds from the next period on."""
    plan = get_plan(plan_id=recurring_plan_id, by=request.user)
    access_of(request.user).require("invoice", "create", plan)
    if request.method == "POST":
        return _save(request, plan)
    if plan.status == "ended":
        messages.info(request, gettext("This plan is ended and stays as it is."))
        return redirect("sales:recurring_plan", plan.pk)
    return _page(request, watched(_form(request, plan)), plan, _shown(plan))


def _form(request: HttpRequest, plan: RecurringPlan | None, data: Any = None) -> PlanForm:
    if plan is None:
        return PlanForm(request, data, initial={})
    initial = {name: getattr(plan, name) for name in PlanTerms.__slots__}
    initial |= {
        "customer": plan.customer_id, "version": plan.version, "in_arrears": "1" if plan.in_arrears else "",
        "raise_percent": plan.raise_percent.normalize() + 0 if plan.raise_percent else None,
    }  # fmt: skip
    return PlanForm(request, data, initial=initial)


def _shown(plan: RecurringPlan) -> list[dict[str, Any]]:
    """The kept lines as the grid takes them."""
    shown = []
    for place, facts in enumerate(plan.lines):
        text = facts.get("description") or ""
        if not facts.get("product_id"):
            shown.append(line_of(key=str(place), kind=facts["kind"], text=text))
            continue
        price = facts["unit_price"]
        percent, amount = Decimal(facts["discount_percent"]), Decimal(facts["discount_amount"])
        unit = facts.get("unit") or ""
        shown.append(
            line_of(
                key=str(place), product=UUID(facts["product_id"]), sku=facts.get("sku", ""), name=facts["name"],
                unit=unit, units=[unit] if unit else (), quantity=digits(Decimal(facts["quantity"]), 6),
                price=None if price is None else digits(Decimal(price), 6), text=text, currency=plan.currency,
                discount=digits(percent, 6) if percent else None,
                discount_amount=digits(amount, 6) if amount else None,
            )
        )  # fmt: skip
    return shown


def _lines(request: HttpRequest) -> list[GridLine]:
    return read_lines(request.POST.get("lines", ""))


def _save(request: HttpRequest, plan: RecurringPlan | None) -> HttpResponse:
    form = bind_to(request, partial(_form, request, plan), subject=plan.pk if plan else None)
    errors: dict[str, str] = {}
    lines: Sequence[GridLine] = []
    if not overtaken(form) and form.is_valid():
        try:
            lines = _lines(request)
            if errors := unreadable(lines):
                form.add_error(None, _("Some lines need your attention."))
            else:
                return once(request, lambda: _deed(request, form, lines, plan))
        except Forbidden:
            raise
        except Refusal as refusal:
            errors = line_errors(lines, refusal)
            refuse(form, refusal)
    return _page(request, form, plan, request.POST.get("lines", ""), errors=errors, status=422)


def _deed(request: HttpRequest, form: PlanForm, lines: Sequence[GridLine], plan: RecurringPlan | None) -> str:
    saved = save_plan(
        plan_id=plan.pk if plan else None, version=form.cleaned_data["version"] if plan else None,
        customer_id=form.cleaned_data["customer"], branch_id=access_of(request.user).default_branch.id,
        order_id=as_id(request.GET.get("order", "")) if plan is None else None,
        lines=[to_input(line) for line in lines], terms=form.terms(), by=request.user, at=now(),
    )  # fmt: skip
    messages.success(request, gettext("Saved."))
    return reverse("sales:recurring_plan", args=[saved.pk])


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the plan as it is typed would bill next, or what is missing."""
    access_of(request.user).require("invoice", "create")
    form = PlanForm(request, request.POST, initial={})
    form.fields["name"].required = False
    coming, fault = [], ""
    if form.is_valid():
        try:
            terms = form.terms()
            coming = preview_plan(
                plan_id=as_id(request.POST.get("plan", "")), customer_id=form.cleaned_data["customer"],
                branch_id=access_of(request.user).default_branch.id,
                lines=[to_input(line) for line in _lines(request)], terms=terms, by=request.user, at=now(),
            )  # fmt: skip
        except Forbidden:
            raise
        except Refusal as refusal:
            fault = str(next((line.get("message") for line in refusal.lines if line.get("message")), refusal.message))
    else:
        fault = str(next(iter(form.errors.values()))[0])
    facts = {"coming": coming, "fault": fault, "currency": coming[0].currency if coming else ""}
    return render(request, "sales/parts/coming.html", facts)


def _page(
    request: HttpRequest,
    form: PlanForm,
    plan: RecurringPlan | None,
    lines: Any,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = {
        "form": form, "plan": plan, "customer": form.known, "is_fixed": plan is not None and plan.next_number > 1,
        "grid": order_grid(lines=lines, errors=errors),
    }  # fmt: skip
    return render(request, "sales/recurring_form.html", facts, status=status)
