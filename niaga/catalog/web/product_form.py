"""Writing a product: its facts, the units and bar codes it is sold by, the parts of a bundle, and variants."""

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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.catalog.models import Product
from niaga.catalog.queries.catalog_lists import category_tree, tax_categories_for, units_for, whole_product
from niaga.catalog.rules.product import NewBarcode, NewBundlePart, NewPacking
from niaga.catalog.services.create_product import create_product
from niaga.catalog.services.save_family import save_family
from niaga.catalog.services.update_product import update_product
from niaga.catalog.web.product_list import KINDS
from niaga.core import clock
from niaga.core.errors import Invalid, Refusal
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.ui import formatting
from niaga.ui.forms import NumberField, once
from niaga.ui.stale import one_at_a_time, overtaken

BLANK_ROWS = 2
_OWN = ("price", "weight", "volume")
"""What a further unit may have of its own."""
_UNIT_FIELDS = ("unit_code", "unit_factor", "unit_price", "unit_weight", "unit_volume")


class PriceField(NumberField):
    """A price of one unit: up to six decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 19, "decimal_places": 6, "min_value": Decimal(0), **options})


class LoadField(NumberField):
    """Kilograms or litres of one unit: up to six decimals."""

    def __init__(self, **options: Any) -> None:
        limits = {"max_digits": 19, "decimal_places": 6, "min_value": Decimal(0), "max_value": Decimal(999_999)}
        super().__init__(**{**limits, "required": False, **options})


class ProductForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=250, widget=forms.TextInput(attrs={"autofocus": True}))
    sku = forms.CharField(label="SKU", max_length=60, required=False, help_text=_("Empty: the next number is taken."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(code, status.label) for code, status in KINDS.items()])
    brand = forms.CharField(label=_("Brand"), max_length=80, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea)
    unit = forms.ChoiceField(label=_("Base unit"), help_text=_("Stock is counted in it, so it cannot change later."))
    tax_category = forms.ChoiceField(label=_("Tax category"))
    price = PriceField(label=_("List price of one base unit"), required=False)
    cost = PriceField(
        label=_("Standard cost"), required=False, help_text=_("Of one base unit; hidden from those without the right.")
    )
    weight = LoadField(label=_("Weight in kg"), help_text=_("Of one base unit, packed. Empty: not known."))
    volume = LoadField(label=_("Volume in litres"), help_text=_("1,000 litres are one cubic metre."))

    def __init__(self, request: HttpRequest, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        access = access_of(request.user)
        nodes = category_tree(access.current_company.id)
        self.units = list(units_for(request.user).values_list("code", "name"))
        choices = {
            "category": [("", "—"), *((str(node.id), "\u2003" * node.depth + node.name) for node in nodes)],
            "unit": [(code, f"{code} · {name}") for code, name in self.units],
            "tax_category": list(tax_categories_for(request.user).prefetch_related(None).values_list("code", "name")),
        }
        for name, rows in choices.items():
            self.fields[name].choices = rows  # type: ignore[attr-defined]
        if product is not None:
            del self.fields["kind"], self.fields["unit"]
            self.fields["sku"].help_text = ""
        else:
            self.fields["unit"].initial = "pcs"
            self.fields["tax_category"].initial = "general"
        if not access.sees_cost or (product is not None and product.kind == "bundle"):
            del self.fields["cost"]
        if product is not None and product.kind != "goods":
            del self.fields["weight"], self.fields["volume"]

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        facts = {name: data[name] for name in ("name", "brand", "description", "tax_category")}
        facts["price"] = data["price"] or Decimal(0)
        facts["category_id"] = UUID(data["category"]) if data["category"] else None
        for name in ("cost", "weight", "volume", "kind", "unit"):
            if name in data:
                facts[name] = data[name]
        return facts


def _decimal(text: str, field: str) -> Decimal:
    """:raises Invalid: it is no number"""
    try:
        return formatting.parse_number(text)
    except ValueError as error:
        raise Invalid(gettext("“%(text)s” is not a number.") % {"text": text[:30]}, field=field) from error


def _typed(request: HttpRequest, *names: str) -> list[tuple[str, ...]]:
    """Rows of a table of fields as typed, without the empty ones (a chosen unit alone is empty)."""
    columns = [[text.strip() for text in request.POST.getlist(name)] for name in names]
    rows = zip_longest(*columns, fillvalue="")
    return [row for row in rows if any(row[1:]) or (names[0] in ("barcode_code", "part_product") and row[0])]


def _lists(request: HttpRequest) -> dict[str, Any]:
    """Units, bar codes and bundle parts as the services take them.

    :raises Invalid: a figure is none, or a part is no product
    """
    units = [
        NewPacking(
            unit=unit,
            factor=_decimal(factor or "0", "units"),
            **{name: _decimal(figure, "units") if figure else None for name, figure in zip(_OWN, own, strict=True)},
        )
        for unit, factor, *own in _typed(request, *_UNIT_FIELDS)
    ]
    barcodes = [
        NewBarcode(code=code, unit=unit or None)
        for code, unit in _typed(request, "barcode_code", "barcode_unit")
        if code
    ]
    parts = []
    for product_id, quantity, unit in _typed(request, "part_product", "part_quantity", "part_unit"):
        if not (product_id or quantity):
            continue
        try:
            amount = _decimal(quantity or "1", "parts")
            parts.append(NewBundlePart(product_id=UUID(product_id), quantity=amount, unit=unit or None))
        except ValueError as error:
            raise Invalid(gettext("Choose a product from the list."), field="parts") from error
    return {"units": tuple(units), "barcodes": tuple(barcodes), "parts": tuple(parts)}


def show_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Every finding beside its field; those of the tables stand above the form with the row they are about."""
    rows = {"units": _("Unit"), "barcodes": _("Bar code"), "parts": _("Part")}
    for finding in refusal.lines or [{"field": refusal.field, "message": str(refusal.message)}]:
        field = str(finding.get("field"))
        table, _dot, rest = field.partition(".")
        message = str(finding["message"])
        if field in form.fields:
            form.add_error(field, message)
        elif table in rows:
            number = rest.partition(".")[0]
            place = f"{rows[table]} {int(number) + 1}" if number.isdigit() else str(rows[table])
            form.add_error(None, f"{place}: {message}")
        else:
            form.add_error(None, message)


def _tables(request: HttpRequest, product: Product | None) -> dict[str, Any]:
    """What the tables of the form show: as typed, as it is, and some empty rows."""
    if request.method == "POST":
        units = _typed(request, *_UNIT_FIELDS)
        barcodes = _typed(request, "barcode_code", "barcode_unit")
        parts = _typed(request, "part_product", "part_quantity", "part_unit", "part_product_text")
    elif product is not None:
        price = formatting.number
        units = [
            (row.unit.code, price(row.factor), *(price(getattr(row, name)) for name in _OWN))
            for row in sorted(product.units.all(), key=lambda r: r.factor)
        ]
        barcodes = [(row.code, row.unit.code) for row in product.barcodes.all()]
        parts = [(str(row.product_id), price(row.quantity), "", row.product.name) for row in product.parts.all()]
    else:
        units, barcodes, parts = [], [], []
    return {
        "unit_rows": [*units, *[("",) * len(_UNIT_FIELDS)] * BLANK_ROWS],
        "barcode_rows": [*barcodes, *[("", "")] * BLANK_ROWS],
        "part_rows": [*parts, *[("", "", "", "")] * BLANK_ROWS],
    }


@login_required
def new_product(request: HttpRequest) -> HttpResponse:
    """`GET` shows the empty form, or a copy of `?like=`; `POST` makes the product and opens its page."""
    access = access_of(request.user)
    access.require("product", "create")
    like = _like(request)
    family = like.family if like is not None and request.GET.get("variant") else None
    status = 200
    form = ProductForm(request, initial=_initial(like) if like else {"name": request.GET.get("name", "")[:250]})
    if request.method == "POST":
        form = ProductForm(request, request.POST)
        if form.is_valid():

            def deed() -> str:
                product = create_product(
                    company_id=access.current_company.id, by=request.user, at=clock.now(),
                    sku=form.cleaned_data["sku"] or None, family_id=family.pk if family else None,
                    option_values=tuple(request.POST.getlist("option_value")) if family else (),
                    **form.facts(), **_lists(request),
                )  # fmt: skip
                messages.success(request, gettext("%(name)s is saved.") % {"name": product.name})
                return reverse("catalog:product", args=[product.pk])

            try:
                return once(request, deed)
            except Refusal as refusal:
                show_refusal(form, refusal)
        status = 422
    values = request.POST.getlist("option_value")
    options = [
        (name, values[n] if n < len(values) else "") for n, name in enumerate(family.option_names if family else ())
    ]
    tables = _tables(request, like if like is not None and not family else None)
    tables["barcode_rows"] = tables["barcode_rows"] if request.method == "POST" else [("", "")] * BLANK_ROWS
    context = {
        "form": form, "title": _("New variant") if family else _("New product"), "family": family, "options": options,
        "units": form.units, **tables,
    }  # fmt: skip
    return render(request, "catalog/product_form.html", context, status=status)


def _like(request: HttpRequest) -> Product | None:
    try:
        return whole_product(request.user, UUID(request.GET.get("like", "")))
    except ValueError:
        return None


def _initial(product: Product) -> dict[str, Any]:
    return {
        "name": product.name, "kind": product.kind, "brand": product.brand, "description": product.description,
        "category": str(product.category_id or ""), "unit": product.unit.code, "price": product.price,
        "tax_category": product.tax_category.code, "weight": product.weight, "volume": product.volume,
        "cost": None if product.kind == "bundle" else product.cost,
    }  # fmt: skip


@login_required
@one_at_a_time
def change_product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """`GET` shows the product in its form, `POST` saves it unless somebody else did in between."""
    product = whole_product(request.user, product_id)
    access_of(request.user).require("product", "change", company_id=product.company_id)
    status = 200

    def made(data: Any) -> ProductForm:
        return ProductForm(request, data, product=product, initial={**_initial(product), "sku": product.sku})

    form = bound_or_fresh(request, made, subject=product_id, more={"version": [str(product.version)]})
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                update_product(
                    product_id=product_id, by=request.user, at=clock.now(), version=version,
                    sku=form.cleaned_data["sku"] or product.sku, **form.facts(), **_lists(request),
                )  # fmt: skip
                messages.success(request, gettext("Saved."))
                return reverse("catalog:product", args=[product_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                show_refusal(form, refusal)
        status = 422
    context = {
        "form": form, "product": product, "title": product.name, "version": version or product.version,
        "units": form.units, **_tables(request, product),
    }  # fmt: skip
    return render(request, "catalog/product_form.html", context, status=status)


class FamilyForm(forms.Form):
    name = forms.CharField(label=_("Name of the family"), max_length=200)
    options = forms.CharField(
        label=_("What sets the variants apart"), max_length=170, help_text=_("With commas between: Colour, Size.")
    )
    values = forms.CharField(
        label=_("This product's own"), max_length=330, required=False, help_text=_("In the same order: Red, Large.")
    )


@login_required
@one_at_a_time
def variants(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Make a product the first of a family of variants, or rename the family it belongs to."""
    product = whole_product(request.user, product_id)
    access_of(request.user).require("product", "change", company_id=product.company_id)
    family = product.family
    status = 200
    initial = {
        "name": family.name if family else product.name, "options": ", ".join(family.option_names if family else ()),
        "values": ", ".join(product.option_values),
    }  # fmt: skip
    form = bound_or_fresh(request, lambda data: FamilyForm(data, initial=initial), subject=product_id)
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                data = form.cleaned_data
                saved = save_family(
                    company_id=product.company_id, name=data["name"], family_id=product.family_id, by=request.user,
                    option_names=data["options"].split(","), at=clock.now(),
                )  # fmt: skip
                own = tuple(value.strip() for value in data["values"].split(",") if value.strip())
                update_product(
                    product_id=product_id, by=request.user, at=clock.now(), family_id=saved.pk, option_values=list(own)
                )
                messages.success(request, gettext("Saved. Now add the other variants."))
                return reverse("catalog:product", args=[product_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                show_refusal(form, refusal)
        status = 422
    context = {"form": form, "title": _("Variants"), "back": reverse("catalog:product", args=[product_id])}
    return render(request, "catalog/setting_form.html", context, status=status)
