"""Settings of the catalog: the category tree, units, tax categories with their rates by date."""

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.catalog.models import TaxCategory, TaxRate
from niaga.catalog.queries.catalog_lists import (
    category_tree,
    products_by_category,
    tax_categories_for,
    units_for,
)
from niaga.catalog.rules.tax_rates import NewTaxRate
from niaga.catalog.services.save_category import save_category
from niaga.catalog.services.save_tax_category import save_tax_category
from niaga.catalog.services.save_unit import save_unit
from niaga.catalog.web.product_form import show_refusal
from niaga.core import clock
from niaga.core.errors import Invalid, NotFound
from niaga.organization.access import access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.web.pages import bound_or_fresh
from niaga.ui import formatting
from niaga.ui.stale import kept, one_at_a_time

TRANSACTIONS = {
    "01": _("not to a collector"), "02": _("government"), "03": _("other collectors"), "04": _("other tax base"),
    "05": _("fixed rate"), "06": _("tourists"), "07": _("not collected"), "08": _("exempt"), "09": _("assets (16D)"),
    "10": _("other"),
}  # fmt: skip


def _saved(request: HttpRequest, form: forms.Form, save: Any, back: str) -> HttpResponse | None:
    """Save a setting once and go back to its list; None when something is wrong with it."""

    def deed(values: dict[str, Any]) -> str:
        save(values)
        messages.success(request, gettext("Saved."))
        return back

    return kept(request, form, deed, refuse=show_refusal)


# categories


@login_required
def categories(request: HttpRequest) -> HttpResponse:
    """The tree with how many products each branch holds. Two statements."""
    access = access_of(request.user)
    access.require("product", "view")
    company_id = access.current_company.id
    nodes = category_tree(company_id, archived=True)
    own = products_by_category(company_id)
    below: Counter[UUID] = Counter()
    parents = {node.id: node.parent_id for node in nodes}
    for node in nodes:
        above: UUID | None = node.id
        while above is not None:
            below[above] += own.get(node.id, 0)
            above = parents.get(above)
    context = {
        "rows": [{"node": node, "count": below[node.id], "steps": range(min(node.depth, 7))} for node in nodes],
        "may_change": access.allows("product", "change"),
    }
    return render(request, "catalog/categories.html", context)


class CategoryForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    parent = forms.ChoiceField(label=_("Below"), required=False)
    archive = forms.BooleanField(
        label=_("Archived"), required=False, help_text=_("Not offered for products any more; those in it stay.")
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", _("At the top")), *choices]  # type: ignore[attr-defined]


@login_required
@one_at_a_time
def edit_category(request: HttpRequest, category_id: UUID | None = None) -> HttpResponse:
    access = access_of(request.user)
    access.require("product", "change")
    company_id = access.current_company.id
    nodes = category_tree(company_id, archived=True)
    current = next((node for node in nodes if node.id == category_id), None)
    if category_id and current is None:
        raise NotFound()
    choices = [(str(node.id), "\u2003" * node.depth + node.name) for node in nodes if node.id != category_id]
    initial = {"parent": request.GET.get("parent", "")}
    if current:
        initial = {"name": current.name, "parent": str(current.parent_id or ""), "archive": current.is_archived}  # type: ignore[dict-item]
    form = bound_or_fresh(
        request, lambda data: CategoryForm(data, initial=initial, choices=choices), subject=category_id
    )
    back = reverse("catalog:categories")

    def save(data: dict[str, Any]) -> None:
        save_category(
            company_id=company_id, category_id=category_id, name=data["name"], archive=data["archive"],
            parent_id=UUID(data["parent"]) if data["parent"] else None, by=request.user, at=clock.now(),
        )  # fmt: skip

    answer = _saved(request, form, save, back) if request.method == "POST" else None
    context = {"form": form, "title": current.name if current else _("New category"), "back": back}
    return answer or render(
        request, "catalog/setting_form.html", context, status=422 if request.method == "POST" else 200
    )


# units


@login_required
def units(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("setting", "view")
    rows = [
        {
            "name": unit.name, "code": unit.code, "url": reverse("catalog:unit", args=[unit.pk]), "archived": False,
            "words": ngettext("%(digits)d decimal", "%(digits)d decimals", unit.digits) % {"digits": unit.digits}
            if unit.digits else gettext("whole numbers only"),
        }
        for unit in units_for(request.user)
    ]  # fmt: skip
    context = {
        "title": _("Units"), "rows": rows, "new_url": reverse("catalog:new_unit"), "new_label": _("New unit"),
        "may_change": access.allows("setting", "change"),
        "teach": _("What quantities are counted in: pieces, boxes, kilograms. Products say how many a box holds."),
    }  # fmt: skip
    return render(request, "catalog/settings_list.html", context)


class UnitForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("As it stands behind a quantity: pcs, kg."))
    name = forms.CharField(label=_("Name"), max_length=40)
    digits = forms.IntegerField(
        label=_("Decimals"), min_value=0, max_value=6, initial=0, help_text=_("0: only whole numbers are sold.")
    )
    coretax_code = forms.CharField(label=_("Coretax unit"), max_length=10, required=False, help_text="UM.0021")


@login_required
@one_at_a_time
def edit_unit(request: HttpRequest, unit_id: UUID | None = None) -> HttpResponse:
    access = access_of(request.user)
    access.require("setting", "change")
    unit = units_for(request.user).filter(pk=unit_id).first() if unit_id else None
    if unit_id and unit is None:
        raise NotFound()
    initial = {name: getattr(unit, name) for name in UnitForm.base_fields} if unit else None
    form = bound_or_fresh(request, lambda data: UnitForm(data, initial=initial), subject=unit_id)
    back = reverse("catalog:units")

    def save(data: dict[str, Any]) -> None:
        save_unit(company_id=access.current_company.id, unit_id=unit_id, by=request.user, at=clock.now(), **data)

    answer = _saved(request, form, save, back) if request.method == "POST" else None
    context = {"form": form, "title": unit.name if unit else _("New unit"), "back": back}
    return answer or render(
        request, "catalog/setting_form.html", context, status=422 if request.method == "POST" else 200
    )


# tax categories


def rate_in_words(rate: TaxRate) -> str:
    """`12 % of 11/12, code 04`."""
    share = formatting.percent(rate.percent)
    if (rate.base_numerator, rate.base_denominator) != (1, 1):
        share = gettext("%(percent)s of %(fraction)s") % {
            "percent": share, "fraction": f"{rate.base_numerator}/{rate.base_denominator}"
        }  # fmt: skip
    if rate.luxury_percent:
        share = gettext("%(rate)s and PPnBM %(luxury)s") % {
            "rate": share, "luxury": formatting.percent(rate.luxury_percent)
        }  # fmt: skip
    if not rate.transaction_code:
        return share
    return gettext("%(rate)s, code %(code)s") % {"rate": share, "code": rate.transaction_code}


@login_required
def tax_categories(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("setting", "view")
    today = clock.today(at=clock.now(), zone=access.current_company.zone)
    rows = []
    for category in tax_categories_for(request.user, archived=True):
        rates = list(category.rates.all())
        valid = [rate for rate in rates if rate.valid_from <= today and not rate.country and not rate.with_tax_number]
        elsewhere = len({(rate.country, rate.region) for rate in rates if rate.country})
        now_rate = max(valid, key=lambda rate: rate.valid_from) if valid else None
        others = ngettext("%(count)d other place", "%(count)d other places", elsewhere) % {"count": elsewhere}
        rows.append(
            {
                "name": category.name, "code": category.code, "url": reverse("catalog:tax", args=[category.pk]),
                "archived": category.archived_at is not None,
                "words": gettext("%(rate)s, since %(day)s") % {
                    "rate": rate_in_words(now_rate), "day": formatting.day(now_rate.valid_from)
                } if now_rate else gettext("no rate yet"),
                "more": others if elsewhere else "",
            }
        )  # fmt: skip
    context = {
        "title": _("Tax categories"), "rows": rows, "new_url": reverse("catalog:new_tax"),
        "new_label": _("New tax category"), "may_change": access.allows("setting", "change"),
        "teach": _("A tax category says how goods are taxed, from which day on. Documents keep their date's rate."),
    }  # fmt: skip
    return render(request, "catalog/settings_list.html", context)


class TaxForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    add_info = forms.CharField(
        label=_("Facility note"), max_length=12, required=False, help_text=_("With code 07 or 08: such as TD.00501.")
    )
    facility_stamp = forms.CharField(
        label=_("Facility stamp"), max_length=12, required=False, help_text=_("With code 07 or 08: such as TD.01101.")
    )
    archive = forms.BooleanField(label=_("Archived"), required=False, help_text=_("Not offered for products any more."))


_RATE_FIELDS = (
    "rate_from", "rate_percent", "rate_top", "rate_bottom", "rate_luxury", "rate_code", "rate_country", "rate_region",
    "rate_buyers", "rate_note",
)  # fmt: skip


def _new_rate(country: str) -> tuple[str, ...]:
    return ("", "", "1", "1", "", "04" if country == "ID" else "", "", "", "", "")


def _held_rates(category: TaxCategory) -> list[tuple[str, ...]]:
    """The rates as the form shows them."""
    return [
        (
            rate.valid_from.isoformat(), formatting.number(rate.percent), str(rate.base_numerator),
            str(rate.base_denominator), formatting.number(rate.luxury_percent) if rate.luxury_percent else "",
            rate.transaction_code, rate.country, rate.region, "1" if rate.with_tax_number else "", rate.note,
        )
        for rate in sorted(
            category.rates.all(), key=lambda rate: (rate.country, rate.region, rate.with_tax_number, rate.valid_from)
        )
    ]  # fmt: skip


def _typed_rates(request: HttpRequest) -> list[tuple[str, ...]]:
    columns = [[text.strip() for text in request.POST.getlist(name)] for name in _RATE_FIELDS]
    rows = zip_longest(*columns, fillvalue="")
    return [row for row in rows if row[0] or row[1]]


def _rates(rows: list[tuple[str, ...]]) -> list[NewTaxRate]:
    """:raises Invalid: a date or figure that is none"""
    rates = []
    for start, percent, top, bottom, luxury, code, *where in rows:
        try:
            day: date | None = parse_date(start)
        except ValueError:
            day = None
        if day is None:
            raise Invalid(gettext("A rate needs the day from which it holds."))
        try:
            above = formatting.parse_number(luxury) if luxury else Decimal(0)
            rates.append(
                NewTaxRate(
                    day,
                    code,
                    formatting.parse_number(percent),
                    int(top or "1"),
                    int(bottom or "1"),
                    above,
                    where[0],
                    where[1],
                    where[2] == "1",
                    where[3],
                )
            )
        except ValueError as error:
            raise Invalid(gettext("“%(text)s” is not a number.") % {"text": percent[:30]}) from error
    return rates


@login_required
@one_at_a_time
def edit_tax(request: HttpRequest, category_id: UUID | None = None) -> HttpResponse:
    """A tax category and its rates by date."""
    access = access_of(request.user)
    access.require("setting", "change")
    category = tax_categories_for(request.user, archived=True).filter(pk=category_id).first() if category_id else None
    if category_id and category is None:
        raise NotFound()
    initial = None
    if category:
        initial = {
            "code": category.code, "name": category.name, "archive": category.archived_at is not None,
            "add_info": category.add_info, "facility_stamp": category.facility_stamp,
        }  # fmt: skip
    held = _held_rates(category) if category else []
    country = company_basics(access.current_company.id).country
    new_rate = _new_rate(country)
    more = {name: [row[place] for row in [*held, new_rate]] for place, name in enumerate(_RATE_FIELDS)}
    form = bound_or_fresh(request, lambda data: TaxForm(data, initial=initial), subject=category_id, more=more)
    back = reverse("catalog:taxes")
    typed = _typed_rates(request) if request.method == "POST" else held

    def save(data: dict[str, Any]) -> None:
        save_tax_category(
            company_id=access.current_company.id, category_id=category_id, rates=_rates(typed), by=request.user,
            at=clock.now(), **data,
        )  # fmt: skip

    answer = _saved(request, form, save, back) if request.method == "POST" else None
    context = {
        "form": form, "title": category.name if category else _("New tax category"), "back": back,
        "rate_rows": [*typed, new_rate],
        "transactions": [(code, TRANSACTIONS.get(code, "")) for code in ("", *TRANSACTIONS)],
        "is_indonesian": country == "ID",
    }  # fmt: skip
    return answer or render(request, "catalog/tax_form.html", context, status=422 if request.method == "POST" else 200)
