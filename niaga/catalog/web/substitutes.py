"""The page that says what may go in place of a product."""

from decimal import Decimal
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from niaga.catalog.models import Product
from niaga.catalog.queries.products import product_for
from niaga.catalog.queries.substitutes import substitutes_of
from niaga.catalog.rules.product import NewSubstitute
from niaga.catalog.services.save_substitutes import save_substitutes
from niaga.core import clock
from niaga.core.errors import Invalid, Refusal
from niaga.ui import formatting
from niaga.ui.forms import once
from niaga.ui.stale import one_at_a_time

PRICES = {
    "cheaper": _("The lower of both prices"),
    "as_ordered": _("The price of what was ordered"),
    "own": _("Its own price"),
}
_BLANK = ("", "1", "cheaper", "")
_NAMES = ("substitute", "ratio", "price", "substitute_text")


@login_required
@require_http_methods(["GET", "POST"])
@one_at_a_time
def substitutes(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """What may go in place of a product, in order."""
    product = product_for(request.user, product_id, "change")
    rows: list[tuple[str, ...]] = [
        (str(one.substitute_id), formatting.number(one.ratio), one.price, one.substitute.name)
        for one in substitutes_of(product.pk)
    ]
    seen, status, faults = str(product.version), 200, list[str]()
    if request.method == "POST":
        seen, rows = request.POST.get("version", "")[:9], _typed(request)
        try:
            return once(request, lambda: _deed(request, product, rows, seen))
        except Refusal as refusal:
            status, faults = 422, _faults(refusal)
    context: dict[str, Any] = {
        "product": product, "faults": faults, "version": seen, "prices": PRICES.items(),
        "rows": [*rows, *[_BLANK] * (2 if len(rows) < 19 else 0)],
    }  # fmt: skip
    return render(request, "catalog/substitutes.html", context, status=status)


def _typed(request: HttpRequest) -> list[tuple[str, ...]]:
    columns = [[text.strip() for text in request.POST.getlist(name)[:30]] for name in _NAMES]
    return [row for row in zip_longest(*columns, fillvalue="") if row[0] or row[3]]


def _deed(request: HttpRequest, product: Product, rows: list[tuple[str, ...]], seen: str) -> str:
    wanted = []
    for place, (substitute_id, ratio, price, _text) in enumerate(rows, 1):
        try:
            figure = formatting.parse_number(ratio) if ratio else Decimal(1)
            wanted.append(NewSubstitute(product_id=UUID(substitute_id), ratio=figure, price=price))
        except ValueError as error:
            text = gettext("Row %(place)d needs a product from the list and a number.") % {"place": place}
            raise Invalid(text, field="substitute") from error
    save_substitutes(
        product_id=product.pk, substitutes=wanted, version=int(seen) if seen.isascii() and seen.isdigit() else None,
        by=request.user, at=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("Saved."))
    return reverse("catalog:product", args=[product.pk])


def _faults(refusal: Refusal) -> list[str]:
    """Each finding with the row that it is about."""
    found = []
    for finding in refusal.lines or [{"message": refusal.message}]:
        number = str(finding.get("field", "")).removeprefix("substitutes.").partition(".")[0]
        row = gettext("Row %(place)d: %(fault)s")
        message = str(finding["message"])
        found.append(row % {"place": int(number) + 1, "fault": message} if number.isdigit() else message)
    return found
