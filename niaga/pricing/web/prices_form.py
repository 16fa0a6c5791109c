"""Setting prices as people have them: rows pasted from a spreadsheet, or the few of one product."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.pricing.queries.price_lists import entries_of, price_list_for
from niaga.pricing.services.set_prices import MOST, NewPrice, set_prices
from niaga.ui.formatting import number, parse_number
from niaga.ui.forms import SHOWN_ROWS, once, refuse_rows

_BETWEEN = re.compile(r"\s*[\t;|]\s*")


class PricesForm(forms.Form):
    rows = forms.CharField(
        label=_("Prices"),
        widget=forms.Textarea(attrs={"rows": 14, "class": "tall", "autofocus": True, "spellcheck": "false"}),
        help_text=_(
            "One row a price: SKU, from which quantity, price; with tabs or semicolons between. "
            "A quantity may name its unit: 10 box."
        ),
    )
    replace = forms.BooleanField(
        label=_("Take away every price that is not named here"), required=False,
        help_text=_("For a whole list that comes from a spreadsheet."),
    )  # fmt: skip

    def clean_rows(self) -> list[NewPrice]:
        """:raises ValidationError: rows that cannot be read, each by its number"""
        prices: list[NewPrice] = []
        faults: list[str] = []
        lines = [line for line in self.cleaned_data["rows"].splitlines() if line.strip()]
        if len(lines) > MOST:
            raise ValidationError(gettext("At most %(most)s prices at a time.") % {"most": MOST})
        for place, line in enumerate(lines, 1):
            cells = _BETWEEN.split(line.strip("\r\n"))
            if len(cells) == 2:
                cells = [cells[0], "", cells[1]]
            try:
                sku, least, price = (cell.strip() for cell in cells)
                if not sku:
                    raise ValueError(line)
                quantity, unit = _quantity(least)
                prices.append(
                    NewPrice(parse_number(price) if price else None, sku=sku, min_quantity=quantity, unit=unit)
                )
            except ValueError:
                if place == 1 and not any(char.isdigit() for char in cells[-1]):
                    continue  # the headings of a spreadsheet
                faults.append(gettext("Row %(row)d cannot be read: %(text)s") % {"row": place, "text": line[:60]})
        if faults:
            raise ValidationError(faults[:SHOWN_ROWS])
        return prices


def _quantity(text: str) -> tuple[Decimal, str]:
    """`10`, `10 box`, `box` or nothing: from which quantity, and of which unit."""
    figure, _space, unit = text.partition(" ")
    if figure and not figure[0].isdigit() and not unit:
        figure, unit = "", figure
    return parse_number(figure) if figure else Decimal(0), unit.strip()[:12]


@login_required
def write_prices(request: HttpRequest, price_list_id: UUID) -> HttpResponse:
    """`GET` shows the prices of one product (`?product=`) or an empty field, `POST` sets what is written."""
    found = price_list_for(request.user, price_list_id, "change")
    status = 200
    product = _product(request.GET.get("product", ""))
    if request.method == "POST":
        form = PricesForm(request.POST)
        if form.is_valid():

            def deed() -> str:
                done = set_prices(
                    price_list_id=price_list_id, prices=form.cleaned_data["rows"], by=request.user, at=clock.now(),
                    replace=form.cleaned_data["replace"],
                )  # fmt: skip
                count = done.added + done.changed + done.removed
                text = ngettext("%(count)s price changed.", "%(count)s prices changed.", count) % {
                    "count": number(count)
                }
                messages.success(request, text)
                return reverse("pricing:price_list", args=[price_list_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse_rows(form, refusal)
        status = 422
    else:
        form = PricesForm(initial={"rows": _written(price_list_id, product) if product else ""})
    context: dict[str, Any] = {"form": form, "price_list": found, "product": product}
    return render(request, "pricing/prices_form.html", context, status=status)


def _product(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _written(price_list_id: UUID, product_id: UUID) -> str:
    rows = entries_of(price_list_id).filter(product_id=product_id).order_by("factor", "min_quantity")
    return "\n".join(f"{row.sku}; {_from(row)}; {number(row.price)}" for row in rows)


def _from(row: Any) -> str:
    least = number(row.min_quantity)
    return f"{least} {row.unit_code}" if row.unit_id else least
