"""Writing one formula of a price list, and taking one away."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.catalog.queries.catalog_lists import brands, category_tree, families_for, units_for
from niaga.catalog.queries.product_facts import ProductFacts
from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.pricing.models import PriceList
from niaga.pricing.queries.price_lists import price_list_for, price_lists_for
from niaga.pricing.queries.rules_of import rules_of, tells_cost
from niaga.pricing.rules.differences import Differences
from niaga.pricing.rules.what_if import Compared
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.pricing.services.try_formula import try_formula
from niaga.ui.formatting import money, percent, quantity
from niaga.ui.forms import NumberField, once, refuse

_FIGURE = {"required": False, "max_digits": 19, "decimal_places": 6}


class RuleForm(forms.Form):
    """The figures of one formula. What it is for is one of product, family, category and brand, or all."""

    product_id = forms.UUIDField(label=_("Product"), required=False)
    family_id = forms.ChoiceField(label=_("Family of variants"), required=False)
    category_id = forms.ChoiceField(label=_("Category"), required=False, help_text=_("With all below it."))
    brand = forms.CharField(
        label=_("Brand"), required=False, max_length=80, widget=forms.TextInput(attrs={"list": "brands"}),
        help_text=_("Alone, or within the category."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("Unit"), required=False, help_text=_("Only for lines in this unit."))
    min_quantity = NumberField(label=_("From which quantity"), min_value=0, **_FIGURE)
    basis = forms.ChoiceField(label=_("Based on"))
    percent = NumberField(
        label=_("Percent on it"), min_value=-100, max_value=999, help_text=_("−10 takes a tenth off."), **_FIGURE
    )
    surcharge = NumberField(label=_("Amount on it"), help_text=_("For one unit; below zero takes off."), **_FIGURE)
    round_to = NumberField(label=_("Rounded to"), min_value=0, help_text=_("500: 87,260 becomes 87,500."), **_FIGURE)
    round_minus = NumberField(label=_("and then minus"), min_value=0, help_text=_("1: 87,499."), **_FIGURE)
    least_margin = NumberField(
        label=_("Margin of at least, %"), min_value=0, max_value=Decimal("99.99"),
        help_text=_("A price below it is raised, where the cost is known."), **_FIGURE,
    )  # fmt: skip

    def __init__(self, request: HttpRequest, price_list: PriceList, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        access = access_of(request.user)
        company_id = price_list.company_id
        lists = price_lists_for(request.user).filter(
            company_id=company_id, archived_at=None, currency=price_list.currency
        )
        bases = [
            (f"list:{key}", gettext("the price list “%(name)s”") % {"name": name})
            for key, name in lists.exclude(pk=price_list.pk).order_by("name").values_list("id", "name")
        ]
        if price_list.currency == access.current_company.currency:
            cost = [("cost", gettext("the cost"))] if access.sees_cost else []
            bases = [("price", gettext("the product's own price")), *cost, *bases]
        self._choose("basis", bases)
        categories = [(str(node.id), node.path) for node in category_tree(company_id)]
        self._choose("category_id", [("", _("All")), *categories])
        families = [(str(key), name) for key, name in families_for(request.user).values_list("id", "name")]
        self._choose("family_id", [("", "—"), *families])
        self._choose(
            "unit", [("", _("Any")), *[(code, code) for code in units_for(request.user).values_list("code", flat=True)]]
        )
        if not families:
            del self.fields["family_id"]
        if not access.sees_cost:
            del self.fields["least_margin"]
        self.brands = brands(company_id)

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def rule(self) -> NewRule:
        data = self.cleaned_data
        basis, _colon, base = data["basis"].partition(":")
        figures: Any = {
            name: data[name] if data[name] is not None else Decimal(0)
            for name in ("percent", "surcharge", "round_minus", "min_quantity")
        }
        keys: Any = {
            name: UUID(str(data[name])) if data.get(name) else None
            for name in ("product_id", "family_id", "category_id")
        }
        return NewRule(
            basis=basis, base_list_id=UUID(base) if base else None, brand=data["brand"], unit=data["unit"],
            round_to=data["round_to"], least_margin=data.get("least_margin"), **figures, **keys,
        )  # fmt: skip


@login_required
def new_rule(request: HttpRequest, price_list_id: UUID) -> HttpResponse:
    return _page(request, price_list_id, None)


@login_required
def edit_rule(request: HttpRequest, price_list_id: UUID, position: int) -> HttpResponse:
    return _page(request, price_list_id, position)


@require_POST
@login_required
def tell(request: HttpRequest, price_list_id: UUID) -> HttpResponse:
    """What the formula that is being written would make of some products."""
    found = price_list_for(request.user, price_list_id, "change")
    return told(request, found, [(rule.position, as_new(rule)) for rule in rules_of(price_list_id)])


def told(
    request: HttpRequest,
    found: PriceList,
    stored: list[tuple[int, NewRule]],
    differences: Differences | None = None,
) -> HttpResponse:
    """The examples under the form, of the formula at `?position=` or of a new one; none while it cannot be."""
    form = RuleForm(request, found, request.POST)
    examples: list[dict[str, str]] = []
    if form.is_valid():
        written, position = form.rule(), request.GET.get("position")
        rules = [written if str(place) == position else rule for place, rule in stored]
        rules += [] if written in rules else [written]
        try:
            tried = try_formula(
                found=found, rules=rules, written=written, by=request.user, at=clock.now(), differences=differences
            )
        except Refusal:
            tried = []
        examples = [_example(product, one, found.currency) for product, one in tried]
    return render(request, "pricing/rule_told.html", {"examples": examples, "valid": form.is_valid()})


def _example(product: ProductFacts, one: Compared, currency: str) -> dict[str, str]:
    change = one.percent or Decimal(0)
    return {
        "name": product.name, "of": f"{quantity(one.line.quantity)} {one.line.unit}",
        "before": "" if one.before is None else money(one.before, currency),
        "after": "" if one.after is None else money(one.after, currency),
        "percent": ("+" if change > 0 else "") + percent(change, 1) if change else "",
    }  # fmt: skip


@require_POST
@login_required
def remove_rule(request: HttpRequest, price_list_id: UUID, position: int) -> HttpResponse:
    price_list_for(request.user, price_list_id, "change")

    def deed() -> str:
        stored = list(rules_of(price_list_id))
        kept = [as_new(rule) for rule in stored if rule.position != position]
        if len(kept) == len(stored):
            raise Http404
        set_rules(
            price_list_id=price_list_id,
            rules=kept,
            by=request.user,
            at=clock.now(),
            expected_version=version_of(request),
        )
        messages.success(request, gettext("The formula is gone."))
        return reverse("pricing:price_list", args=[price_list_id])

    return once(request, deed)


def as_new(rule: Any) -> NewRule:
    """A stored formula as it is given to `set_rules`."""
    return NewRule(
        basis=rule.basis, base_list_id=rule.base_list_id, percent=rule.percent, surcharge=rule.surcharge,
        round_to=rule.round_to, round_minus=rule.round_minus, least_margin=rule.least_margin,
        product_id=rule.product_id, family_id=rule.family_id, category_id=rule.category_id, brand=rule.brand,
        unit=rule.unit_code, min_quantity=rule.min_quantity,
    )  # fmt: skip


def version_of(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def _page(request: HttpRequest, price_list_id: UUID, position: int | None) -> HttpResponse:
    found = price_list_for(request.user, price_list_id, "change")
    stored: list[Any] = list(rules_of(price_list_id))
    changed: Any = next((rule for rule in stored if rule.position == position), None)
    hidden = changed is not None and tells_cost(changed) and not access_of(request.user).sees_cost
    if position is not None and (changed is None or hidden):
        raise Http404
    status = 200
    form = RuleForm(request, found, initial=initial_of(changed) if changed else {"basis": "price"})
    if request.method == "POST":
        form = RuleForm(request, found, request.POST)
        if form.is_valid():

            def deed() -> str:
                written = form.rule()
                rules = [written if rule is changed else as_new(rule) for rule in stored]
                set_rules(
                    price_list_id=price_list_id, rules=rules if changed else [*rules, written], by=request.user,
                    at=clock.now(), expected_version=version_of(request),
                )  # fmt: skip
                messages.success(request, gettext("Saved."))
                return reverse("pricing:price_list", args=[price_list_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse_rule(form, refusal, place=stored.index(changed) + 1 if changed else len(stored) + 1)
        status = 422
    product = request.POST.get("product_id_text", (changed and changed.product_name) or "")
    context = {
        "form": form, "price_list": found, "rule": changed, "product_text": product,
        "title": gettext("Formula") if changed else gettext("New formula"), "version": found.version,
        "back": reverse("pricing:price_list", args=[price_list_id]), "back_text": found.name,
        "draft": f"rule-{price_list_id}",
        "tell": f"{reverse('pricing:tell_formula', args=[price_list_id])}?position={position or 0}",
        "remove": reverse("pricing:remove_rule", args=[price_list_id, position]) if position is not None else "",
    }  # fmt: skip
    return render(request, "pricing/rule_form.html", context, status=status)


def initial_of(rule: Any) -> dict[str, Any]:
    facts = {name: getattr(rule, name) for name in ("product_id", "brand", *_SHOWN)}
    for name in _SHOWN:
        facts[name] = facts[name].normalize() + 0 if facts[name] else None
    basis = f"list:{rule.base_list_id}" if rule.basis == "list" else rule.basis
    keys = {name: str(getattr(rule, name) or "") for name in ("family_id", "category_id")}
    return facts | keys | {"basis": basis, "unit": rule.unit if isinstance(rule, NewRule) else rule.unit_code}


_SHOWN = ("percent", "surcharge", "round_to", "round_minus", "least_margin", "min_quantity")


def refuse_rule(form: RuleForm, refusal: Refusal, *, place: int) -> None:
    """Each answer beside its field; what concerns another formula, above the form."""
    for fault in refusal.lines:
        field = "basis" if fault["field"] == "base_list_id" else fault["field"]
        mine = fault["line"] == place and field in form.fields
        form.add_error(field if mine else None, fault["message"])
    if not refusal.lines:
        refuse(form, refusal)
