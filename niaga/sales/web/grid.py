"""The order grid's two questions: which product, and what does it all come to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niaga.catalog.queries.find_products import find_products
from niaga.catalog.queries.product_facts import product_facts
from niaga.catalog.queries.product_pictures import product_thumbnails
from niaga.core.clock import now
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.errors import CurrencyNotSold
from niaga.organization.queries.branches import has_channel
from niaga.organization.queries.document_context import DocumentContext, document_context
from niaga.parties.queries.customers import customer_for
from niaga.parties.queries.selling_facts import CustomerFacts, customer_facts
from niaga.pricing.queries.coupon_words import coupon_refusal_text
from niaga.pricing.rules.loyalty import MOST_POINTS
from niaga.sales.models import SalesOrder
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.lines import held_products
from niaga.sales.queries.price_history import PastPrice, last_prices
from niaga.sales.rules.parts import filled, stocked, whole_units
from niaga.sales.services.document_money import currency_for, frozen_exchange
from niaga.sales.services.preview_lines import preview_lines
from niaga.sales.services.price_document import PricedLines
from niaga.sales.web.forms import as_id
from niaga.sales.web.grid_lines import digits, split_codes, to_input
from niaga.sales.web.price_history import document_url
from niaga.sales.web.totals import total_rows
from niaga.sales.web.words import in_words, price_story
from niaga.stock.queries.availability import availability
from niaga.stock.rules.promise import Step, earliest
from niaga.ui import formatting
from niaga.ui.order_grid import (
    GridAnswer,
    GridLine,
    GridTotal,
    preview_answer,
    products_answer,
    read_preview,
)

NOBODY = CustomerFacts(
    id=UUID(int=0), company_id=UUID(int=0), code="", name="", legal_name="", email="", phone="", language="",
    tax_id_kind="", tax_id="", nitku="", group_id=None, payment_term_id=None, branch_id=None, salesperson_id=None,
    is_archived=False, billing_address={}, delivery_address={}, territory_ids=(),
)  # fmt: skip
"""Lines are priced by the public list until a customer is chosen."""


@login_required
@require_GET
def products(request: HttpRequest) -> HttpResponse:
    """Products for what was typed, with free stock, this customer's last price and a picture."""
    found = find_products(request.GET.get("q", "")[:100], request.user, 12)
    ids = [one.id for one in found]
    company = access_of(request.user).current_company
    customer = _customer(request, request.GET.get("customer", ""))
    stock = availability(product_ids=ids, company_id=company.id)
    prices = last_prices(customer_id=_known(customer), product_ids=ids, by=request.user)
    facts = product_facts(company_id=company.id, ids=ids)
    pictures = product_thumbnails({one.id: one.image_id for one in found})
    answer = []
    for one in found:
        last = next(iter(prices.get(one.id, {}).values()), None)
        units = facts[one.id].units if one.id in facts else ()
        row: dict[str, Any] = {
            "id": one.id, "sku": one.sku, "name": one.name, "unit": one.unit, "units": [unit.code for unit in units],
            "exact": one.exact, "price": formatting.money(one.price, company.currency),
            "picture": pictures.get(one.id, ""),
        }  # fmt: skip
        if one.kind == "goods" or one.kind == "bundle":
            row["available"] = stock[one.id].free if one.id in stock else Decimal(0)
        if last is not None:
            row |= {"last_price": formatting.money(last.net_price, last.currency), "last_date": last.date}
        answer.append(row)
    return products_answer(answer)


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the lines come to, line by line; nothing is written."""
    at = now()
    language = get_language() or "id"
    lines, fields = read_preview(request)
    access = access_of(request.user)
    context = document_context(branch_id=_branch(request, fields.get("branch", "")), at=at)
    customer = _customer(request, fields.get("customer", ""), fields.get("delivery_address", ""))
    percent, amount = read_discount(fields.get("discount_percent", ""), fields.get("discount_amount", ""))
    given = [None if line.errors else to_input(line) for line in lines]
    amended = _amended(request)
    channel_id = amended.channel_id if amended else _channel(request, fields.get("channel", ""))
    currency = amended.currency if amended else _currency(context, customer, fields.get("currency", ""))
    try:
        found = preview_lines(
            context=context, customer=customer, on=context.today, lines=given, discount_percent=percent,
            discount_amount=amount, channel_id=channel_id, currency=currency,
            exchange=frozen_exchange(amended, context) if amended else None,
            coupon_codes=split_codes(fields.get("coupon_codes", "")), points=_points(fields.get("points", "")),
            source_id=amended.id if amended else None,
        )  # fmt: skip
    except Refusal as refusal:
        return preview_answer(lines={}, totals=(), currency=currency, error=str(refusal.message))
    rows = found.result.rows
    ids = {one for row in rows for one in _takes(row)}
    there = availability(
        product_ids=ids, company_id=context.company_id, but_for=amended.id if amended else None
    )  # fmt: skip
    free = {key: one.free for key, one in there.items()}
    for product_id, quantity in (held_products(order_id=amended.id) if amended else {}).items():
        free[product_id] = free.get(product_id, Decimal(0)) + quantity
    soon = {key: one.to_promise(context.today, free=free[key]) for key, one in there.items()}
    past = last_prices(
        customer_id=_known(customer), product_ids={row["product_id"] for row in rows if row["product_id"]},
        by=request.user, but_for=amended.id if amended else None,
    )  # fmt: skip
    answers: dict[str, GridAnswer] = {}
    wanted: dict[UUID, Decimal] = {}
    for place, (line, row) in enumerate(zip(lines, rows, strict=False)):  # gifts come after the lines
        if line.errors:
            cell, words = next(iter(line.errors.items()))
            answers[line.key] = GridAnswer(error=words, error_field=cell)
        elif place in found.faults:
            fault = found.faults[place]
            answers[line.key] = GridAnswer(error=str(fault["message"]), error_field=_cell(fault))
        elif row["product_id"]:
            answer = _answer(line, row, found.result.products, free, soon, wanted, currency, sees_cost=access.sees_cost)
            answers[line.key] = replace(answer, **_before(customer, answer, past.get(row["product_id"], {})))
    taxes = [
        {"rate": group.rate, "numerator": group.base_numerator, "denominator": group.base_denominator,
         "net": group.net, "other_tax_base": group.other_tax_base, "tax": group.tax,
         "luxury_rate": group.luxury_rate, "luxury_tax": group.luxury_tax}
        for group in found.result.priced.tax_groups
    ]  # fmt: skip
    totals = [
        GridTotal(*row)
        for row in total_rows(found.result.totals, taxes, country=context.country, home=context.currency)
    ]
    totals[:0] = [*promoted_totals(found.result), *_points_left_out(fields.get("points", ""), found.result)]
    margin = found.result.priced.margin
    if access.sees_cost and margin is not None and found.result.priced.net:
        share = formatting.percent(margin * 100 / found.result.priced.net, 1)
        totals.insert(0, GridTotal(_("Margin"), f"{formatting.amount(margin, currency)} · {share}"))
    return preview_answer(
        lines=answers, totals=totals, currency=currency,
        words=in_words(found.result.totals["total"], currency, language),
    )  # fmt: skip


def _answer(
    line: GridLine,
    row: Mapping[str, Any],
    products_by_key: Mapping[Any, Any],
    stock: Mapping[UUID, Decimal],
    soon: Mapping[UUID, Sequence[Step]],
    wanted: dict[UUID, Decimal],
    currency: str,
    *,
    sees_cost: bool,
) -> GridAnswer:
    product = products_by_key[row["product_id"]]
    unit = next(unit for unit in product.units if unit.id == row["unit_id"])
    available, warning = None, ""
    if each := _takes(row):
        available = filled(each, stock, row["factor"], 0) if row["parts"] else stock[product.id] / row["factor"]
        if not row["is_optional"]:
            for one, quantity in each.items():
                wanted[one] = wanted.get(one, Decimal(0)) + row["quantity"] * row["factor"] * quantity
        if any(wanted.get(one, Decimal(0)) > stock[one] for one in each):
            shown = formatting.quantity(digits(available, unit.digits), unit.code)
            warning = _("Only %(quantity)s free") % {"quantity": shown} if available > 0 else _("None free")
            if not row["parts"] and (step := earliest(soon[product.id], wanted=wanted[product.id])):
                warning = _later(step, available, row["factor"], unit)
    price_missing = any(step["code"] == "no_price" for step in row["steps"])
    return GridAnswer(
        product=product.id, sku=product.sku, name=product.name, unit=unit.code,
        units=[one.code for one in product.units], price=digits(row["unit_price"], 6),
        discount=digits(row["discount_percent"], 6) if row["discount_percent"] else None,
        discount_amount=None if row["discount_percent"] else digits(_own_discount(row), 6),
        subtotal=row["amount"],
        available=digits(available, unit.digits) if available is not None else None,
        why=price_story(row["steps"], currency, sees_cost=sees_cost),
        warning=_("No price is known: give one.") if price_missing else warning,
    )  # fmt: skip


def _later(step: Step, available: Decimal, factor: Decimal, unit: Any) -> str:
    """How much there is now, and from which day so much as is wanted."""
    whole = whole_units(step.quantity, factor, unit.digits)
    facts = {
        "now": formatting.quantity(digits(max(available, Decimal(0)), unit.digits), unit.code),
        "quantity": formatting.quantity(digits(whole, unit.digits), unit.code), "day": formatting.day(step.date),
    }  # fmt: skip
    return (_("%(now)s now, %(quantity)s from %(day)s") if available > 0 else _("%(quantity)s from %(day)s")) % facts


def _points_left_out(typed: str, result: PricedLines) -> list[GridTotal]:
    """That fewer points can be used than were typed, before anybody saves."""
    wanted, most = _points(typed), result.priced.points_most
    if wanted <= result.priced.points_used:
        return []
    said = _("at most %(most)s here") % {"most": formatting.number(most)} if most else _("none here")
    return [GridTotal(_("Points"), said)]


def _points(typed: str) -> int:
    """Points as they are typed; what is no whole number is none, and refused when it is saved."""
    try:
        points = formatting.parse_number(typed) if typed.strip() else Decimal(0)
    except ValueError:
        return 0
    return int(points) if 0 < points <= MOST_POINTS and points == int(points) else 0


def _own_discount(row: Mapping[str, Any]) -> Decimal:
    """What a person takes off the line, without what promotions took."""
    amount: Decimal = row["discount_amount"] - row["promotion_discount"]
    return amount


def _before(customer: CustomerFacts, answer: GridAnswer, prices: Mapping[str, PastPrice]) -> dict[str, Any]:
    """What the customer paid last, in the line's unit where it was ever sold in it, and where the rest is told."""
    if customer is NOBODY:
        return {}
    query = urlencode({"customer": customer.id, "product": answer.product, "unit": answer.unit})
    told: dict[str, Any] = {"history": f"{reverse('sales:grid_history')}?{query}"}
    last = prices.get(answer.unit) or next(iter(prices.values()), None)
    if last is not None:
        price = formatting.money(digits(last.net_price, 6), last.currency)
        told |= {
            "last": f"{price} / {last.unit} · {formatting.day(last.date)}", "last_number": last.number,
            "last_url": document_url(last.kind, last.document_id),
        }  # fmt: skip
    return told


def _known(customer: CustomerFacts) -> UUID | None:
    return None if customer is NOBODY else customer.id


def _takes(row: Mapping[str, Any]) -> dict[UUID, Decimal]:
    """What one base unit of a counted line takes of each product in stock."""
    return stocked(row["product_id"], row["needs_stock"], row["parts"])


def _amended(request: HttpRequest) -> SalesOrder | None:
    """The confirmed order that is amended: its stock counts as free for it, and it came in as it came in."""
    order_id = as_id(request.GET.get("order", ""))
    return get_order(order_id=order_id, by=request.user) if order_id else None


def _cell(fault: Mapping[str, Any]) -> str:
    """The grid's cell for a fault's field."""
    field = str(fault.get("field") or "")
    if "discount" in field:
        return "discount"
    return {"unit_price": "price", "manual_price": "price"}.get(field, field)


def promoted_totals(result: PricedLines) -> list[GridTotal]:
    """What is given, and which coupon opens nothing."""
    rows = [
        GridTotal(_("Gift"), f"{formatting.number(digits(row['quantity'], 6))} × {row['description']}")
        for row in result.rows
        if row["gift_of_id"]
    ]
    rows += [GridTotal(code, coupon_refusal_text(code, reason)) for code, reason in result.refused.items()]
    return rows


def read_discount(percent: str, amount: str) -> tuple[Decimal, Decimal]:
    """The document's discount as typed, in percent or in money; what cannot be read is none."""

    def number(text: str) -> Decimal:
        try:
            return formatting.parse_number(text) if text.strip() else Decimal(0)
        except ValueError:
            return Decimal(0)

    return number(percent), number(amount)


def _customer(request: HttpRequest, text: str, place: str = "") -> CustomerFacts:
    customer_id = as_id(text)
    if customer_id is None:
        return NOBODY
    try:
        customer_for(request.user, customer_id)
    except NotFound:
        return NOBODY
    return customer_facts(customer_id=customer_id, delivery_address_id=as_id(place)) or NOBODY


def _branch(request: HttpRequest, text: str) -> UUID:
    """The form's branch when it is one of the person's, else their own."""
    access = access_of(request.user)
    branch_id = as_id(text)
    return branch_id if branch_id in access.branch_ids and branch_id is not None else access.default_branch.id


def _channel(request: HttpRequest, text: str) -> UUID | None:
    """The form's channel when it is one of the company's."""
    channel_id = as_id(text)
    if channel_id is None or not has_channel(access_of(request.user).current_company.id, channel_id):
        return None
    return channel_id


def _currency(context: DocumentContext, customer: CustomerFacts, text: str) -> str:
    """The form's currency when the company sells in it."""
    try:
        return currency_for(context, customer, wanted=text)
    except CurrencyNotSold:
        return context.currency
