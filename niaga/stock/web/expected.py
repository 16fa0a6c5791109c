"""Goods that are expected: what is left to come, received with one button."""

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from niaga.catalog.queries.scanned import products_of_codes
from niaga.core import clock
from niaga.core.errors import Invalid, NotFound
from niaga.stock.models import ExpectedReceipt
from niaga.stock.queries.expected import expected_lines, visible_expected
from niaga.stock.services.cancel_expected import cancel_expected
from niaga.stock.services.check_lines import LotGiven
from niaga.stock.services.postpone_expected import postpone_expected
from niaga.stock.services.receive_expected import receive_expected
from niaga.stock.web.lot_lines import given, rows_of
from niaga.stock.web.tabs import may
from niaga.stock.web.words import EXPECTED
from niaga.ui import formatting
from niaga.ui.forms import DayField, once


def _found(request: HttpRequest, expected_id: UUID) -> ExpectedReceipt:
    found = visible_expected(by=request.user).filter(pk=expected_id).first()
    if found is None:
        raise NotFound()
    return found


@login_required
@require_GET
def show_expected(request: HttpRequest, expected_id: UUID) -> HttpResponse:
    expected = _found(request, expected_id)
    lines = expected_lines(expected_id)
    context = {
        "expected": expected, "status": EXPECTED[expected.status], "lines": lines,
        "by_lot": any(line["product__by_lot"] for line in lines),
        "may_receive": may(request, "create") and expected.status == "open",
        "may_cancel": may(request, "cancel") and expected.status == "open",
        "may_postpone": may(request, "change") and expected.status == "open",
    }  # fmt: skip
    return render(request, "stock/expected.html", context)


def numbers_of(request: HttpRequest, prefix: str) -> dict[UUID, Decimal]:
    """The figures of fields named `prefix` + a line's id, as people write them; an empty one is nothing.

    :raises Invalid: one is no number
    """
    figures = {}
    for name, text in request.POST.items():
        if not name.startswith(prefix):
            continue
        try:
            key = UUID(name.removeprefix(prefix))
            figures[key] = formatting.parse_number(str(text)) if str(text).strip() else Decimal(0)
        except ValueError as error:
            message = gettext("“%(text)s” is no number.") % {"text": str(text)[:40]}
            raise Invalid(message, field=name) from error
    return figures


def _lots(expected_id: UUID, text: str) -> dict[UUID, list[LotGiven]]:
    """The lots of what came, by line; a row begins with the SKU or bar code.

    :raises Invalid: a row is no lot, or of no product that is expected
    """
    rows = rows_of(text)
    if not rows:
        return {}
    lines = expected_lines(expected_id)
    company_id = ExpectedReceipt.objects.values_list("company_id", flat=True).get(pk=expected_id)
    known = products_of_codes(company_id=company_id, codes={row.code for row in rows})
    by_product = {line["product_id"]: line["id"] for line in lines}
    found: dict[UUID, list[LotGiven]] = {}
    for row in rows:
        line_id = by_product.get(known.get(row.code))
        if line_id is None:
            raise Invalid(gettext("There is no product with the code “%(code)s”.") % {"code": row.code}, field="lots")
        found.setdefault(line_id, []).append(given(row))
    return found


@login_required
@require_POST
def receive(request: HttpRequest, expected_id: UUID) -> HttpResponse:
    _found(request, expected_id)
    quantities = numbers_of(request, "line-")
    lots = _lots(expected_id, request.POST.get("lots", "")[:100_000])

    def deed() -> str:
        receipt = receive_expected(
            expected_id=expected_id, quantities=quantities or None, lots=lots,
            is_last=request.POST.get("is_last") == "1",
            by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("%(number)s: the goods are on hand.") % {"number": receipt.number})
        return reverse("stock:receipt", args=[receipt.pk])

    return once(request, deed)


@login_required
@require_POST
def cancel(request: HttpRequest, expected_id: UUID) -> HttpResponse:
    _found(request, expected_id)

    def deed() -> str:
        cancel_expected(expected_id=expected_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
        messages.success(request, gettext("Nothing more is expected of it."))
        return reverse("stock:one_expected", args=[expected_id])

    return once(request, deed)


@login_required
@require_POST
def postpone(request: HttpRequest, expected_id: UUID) -> HttpResponse:
    _found(request, expected_id)
    day = DayField().clean(request.POST.get("expected_date", ""))

    def deed() -> str:
        postpone_expected(
            expected_id=expected_id, expected_date=day, reason=request.POST.get("reason", ""), by=request.user,
            at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Expected on %(day)s now.") % {"day": formatting.day(day)})
        return reverse("stock:one_expected", args=[expected_id])

    return once(request, deed)
