"""Writing what a price list says about itself; archiving it and bringing it back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branches, channels, territories
from niaga.organization.web.pages import bound_or_fresh
from niaga.parties.queries.customer_lists import groups_for
from niaga.parties.queries.customers import customer_for
from niaga.pricing.models import WHOM
from niaga.pricing.queries.loyalty import tiers_for
from niaga.pricing.queries.price_lists import price_list_for
from niaga.pricing.queries.terms_in_words import TAX_SORTS
from niaga.pricing.rules.terms import EVERY_DAY
from niaga.pricing.services.archive_price_list import archive_price_list
from niaga.pricing.services.change_price_list import change_price_list
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.prepare_list import prepare_list
from niaga.ui.forms import DayField, once, refuse
from niaga.ui.stale import one_at_a_time, overtaken

_CURRENCIES = ("IDR", "USD", "SGD", "EUR", "AUD", "MYR", "JPY", "CNY", "GBP")


_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class TermsForm(forms.Form):
    """For whom and when something holds: what price lists and promotions ask alike. `held` is what is changed."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True}))
    customer_id = forms.UUIDField(label=_("Customer"), required=False)
    tier_id = forms.ChoiceField(label=_("Membership tier"), required=False, help_text=_("Who has it at that moment."))
    group_id = forms.ChoiceField(label=_("Group"), required=False)
    territory_id = forms.ChoiceField(
        label=_("Territory"), required=False, help_text=_("With the territories inside it.")
    )
    branch_id = forms.ChoiceField(label=_("Branch"), required=False, help_text=_("The branch that sells."))
    channel_id = forms.ChoiceField(label=_("Channel"), required=False, help_text=_("How the order comes in."))
    currency = forms.ChoiceField(label=_("Currency"), required=False, help_text=_("Stays as it is once chosen."))
    valid_from = DayField(label=_("First day"), required=False, help_text=_("Empty: from the beginning."))
    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Included. Empty: without end."))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), choices=[(place, name) for place, name in WEEKDAYS.items()], coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: every day."),
    )  # fmt: skip
    from_time = forms.TimeField(
        label=_("From the hour"), required=False, widget=_CLOCK, help_text=_("At the branch. Empty: the whole day.")
    )
    until_time = forms.TimeField(
        label=_("Until the hour"), required=False, widget=_CLOCK, help_text=_("Before the first hour: past midnight.")
    )
    priority = forms.IntegerField(
        label=_("Priority"), min_value=-1000, max_value=1000, initial=0,
        help_text=_("Of lists that fit the highest number goes first, then the narrower list, then the lower price."),
    )  # fmt: skip

    def __init__(self, request: HttpRequest, *args: Any, new: bool = True, held: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        by = request.user
        choices: dict[str, Any] = {
            "tier_id": tiers_for(by).filter(archived_at=None), "group_id": groups_for(by),
            "territory_id": territories(by=by), "branch_id": branches(by=by), "channel_id": channels(by=by),
        }  # fmt: skip
        for name, rows in choices.items():
            shown = [(str(key), label) for key, label in rows.values_list("id", "name")]
            kept = [one for one in (self.put_away(name),) if one and one[0] not in {key for key, _label in shown}]
            field = self.fields[name]
            field.choices = [("", _("All")), *shown, *kept]  # type: ignore[attr-defined]
            if not shown and not kept:
                del self.fields[name]
        self.customer = self.named_customer(by)
        if new:
            home = access_of(request.user).current_company.currency
            others = [code for code in _CURRENCIES if code != home]
            self.fields["currency"].choices = [(code, code) for code in (home, *others)]  # type: ignore[attr-defined]
        else:
            del self.fields["currency"]

    @property
    def narrow(self) -> bool:
        """Whether days or hours are narrowed, or wrong, so that they are in sight."""
        return any(self[name].errors or self[name].value() for name in ("weekdays", "from_time", "until_time"))

    def put_away(self, name: str) -> tuple[str, str] | None:
        """What it names already, which may have been archived since."""
        named = getattr(self.held, name.removesuffix("_id")) if self.held else None
        return (str(named.pk), str(named)) if named else None

    def named_customer(self, by: Any) -> Any:
        """The customer in the field, for its text, when the person may see them."""
        value = self["customer_id"].value()
        try:
            return customer_for(by, UUID(str(value))) if value else None
        except (ValueError, NotFound):
            return None

    def facts(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["weekdays"] = sum(1 << place for place in data["weekdays"]) or EVERY_DAY
        for name in set(WHOM) - {"customer_id"}:
            data[name] = UUID(data[name]) if data.get(name) else None
        return data


class PriceListForm(TermsForm):
    code = forms.CharField(label=_("Code"), max_length=30, help_text=_("Short, for imports and the API: GROSIR."))
    prices_include_tax = forms.TypedChoiceField(
        label=_("Prices with tax or without"), required=False, empty_value=None, coerce=lambda text: text == "yes",
        choices=[(key, TAX_SORTS[sort]) for key, sort in (("", None), ("yes", True), ("no", False))],
        help_text=_("A document of the other sort turns them, by the tax of the product on its day."),
    )  # fmt: skip


class NewListForm(PriceListForm):
    prepared = forms.BooleanField(
        label=_("Prepare it aside"), required=False,
        help_text=_("It holds for nobody until you publish it, now or at a moment."),
    )  # fmt: skip


@login_required
def new_price_list(request: HttpRequest) -> HttpResponse:
    """`GET` shows the empty form, `POST` opens the list and leads to its prices."""
    access = access_of(request.user)
    access.require("price_list", "create")
    status = 200
    form = NewListForm(request, initial={"name": request.GET.get("name", "")[:120]})
    if request.method == "POST":
        form = NewListForm(request, request.POST)
        if form.is_valid():

            def deed() -> str:
                facts = form.facts()
                who: dict[str, Any] = {"company_id": access.current_company.id, "by": request.user, "at": clock.now()}
                if facts.pop("prepared"):
                    change = prepare_list(**who, **facts)
                    messages.success(request, gettext("The price list is prepared aside. Now its prices."))
                    return reverse("pricing:change_prices", args=[change.pk])
                made = create_price_list(**who, **facts)
                messages.success(request, gettext("The price list is there. Now its prices."))
                return reverse("pricing:prices", args=[made.pk])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    return render(request, "pricing/price_list_form.html", {"form": form, "title": _("New price list")}, status=status)


def heads_of(found: Any) -> dict[str, Any]:
    """What a list says about itself, as the form shows it."""
    names = ("name", "code", "valid_from", "valid_to", "from_time", "until_time", "priority")
    days = {"weekdays": [n for n in range(7) if found.weekdays != EVERY_DAY and found.weekdays & 1 << n]}
    sort = {None: "", True: "yes", False: "no"}[found.prices_include_tax]
    whom = {name: str(getattr(found, name) or "") for name in WHOM}
    return {name: getattr(found, name) for name in names} | days | whom | {"prices_include_tax": sort}


@login_required
@one_at_a_time
def edit_price_list(request: HttpRequest, price_list_id: UUID) -> HttpResponse:
    found = price_list_for(request.user, price_list_id, "change")
    status = 200
    initial = heads_of(found)

    def made(data: Any) -> PriceListForm:
        return PriceListForm(request, data, initial=initial, new=False, held=found)

    form = bound_or_fresh(request, made, subject=found.id, more={"version": [str(found.version)]})
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                version = request.POST.get("version", "")
                change_price_list(
                    price_list_id=price_list_id, by=request.user, at=clock.now(),
                    expected_version=int(version) if version.isdigit() else None,
                    **form.facts(),
                )  # fmt: skip
                messages.success(request, gettext("Saved."))
                return reverse("pricing:price_list", args=[price_list_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
        status = 422
    context = {"form": form, "title": found.name, "price_list": found}
    return render(request, "pricing/price_list_form.html", context, status=status)


@require_POST
@login_required
def archive(request: HttpRequest, price_list_id: UUID) -> HttpResponse:
    return _archive(request, price_list_id, restore=False)


@require_POST
@login_required
def restore(request: HttpRequest, price_list_id: UUID) -> HttpResponse:
    return _archive(request, price_list_id, restore=True)


def _archive(request: HttpRequest, price_list_id: UUID, *, restore: bool) -> HttpResponse:
    def deed() -> str:
        archive_price_list(price_list_id=price_list_id, by=request.user, at=clock.now(), restore=restore)
        if restore:
            messages.success(request, gettext("The price list is in use again."))
        else:
            undo = reverse("pricing:restore", args=[price_list_id])
            messages.success(request, gettext("The price list is archived."), extra_tags=f"undo:{undo}")
        return reverse("pricing:price_list", args=[price_list_id])

    return once(request, deed)
