"""Lines as document pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from niaga.sales.models import QuotationLine, SalesOrderLine
from niaga.sales.queries.drop_ships import Direct
from niaga.sales.queries.line_margins import Margin
from niaga.sales.queries.lines import Stocking, taken_by
from niaga.sales.rules.drop_ship import OPEN
from niaga.sales.rules.parts import filled
from niaga.sales.web.words import price_story
from niaga.ui import formatting
from niaga.ui.order_grid import GridStep


@dataclass(slots=True)
class ShownLine:
    """Text of every cell; `why` explains the price, `facts` stand below the name: waiting, shipped, planned.

    `parts` says what is in one of a bundle.
    """

    id: UUID
    number: int
    kind: str
    name: str
    sku: str = ""
    detail: str = ""
    quantity: str = ""
    unit: str = ""
    price: str = ""
    discount: str = ""
    subtotal: str = ""
    optional: bool = False
    chosen: bool = True
    why: list[GridStep] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    planned: date | None = None
    requested: date | None = None
    parts: str = ""
    picture: str = ""
    why_url: str = ""


def shown_lines(
    lines: Sequence[QuotationLine | SalesOrderLine],
    currency: str,
    *,
    stock: Mapping[Any, Any] | None = None,
    held: Mapping[UUID, Stocking] | None = None,
    sees_cost: bool = False,
    margins: Mapping[UUID, Margin] | None = None,
    direct: Mapping[UUID, list[Direct]] | None = None,
) -> list[ShownLine]:
    """Lines in order, numbered by what is sold; sections and notes have no number."""
    shown = []
    number = 0
    for line in lines:
        if line.product_id is None or line.product is None:
            shown.append(ShownLine(line.id, 0, line.kind, line.description))
            continue
        number += 1
        own = line.description if line.description != line.product.name else ""
        shown.append(
            ShownLine(
                line.id, number, line.kind, line.product.name, line.product.sku, own, _number(line.quantity),
                line.unit.code if line.unit else "", formatting.number(_price(line.unit_price)),
                _discount(line, currency), formatting.amount(line.amount, currency),
                getattr(line, "is_optional", False), getattr(line, "is_chosen", True),
                price_story(line.steps, currency, sees_cost=sees_cost),
                [*_facts(line, stock, held, (direct or {}).get(line.id, [])), *_margin(line, margins)],
                getattr(line, "planned_date", None), line.requested_date, _parts(line), why_url=_why_url(line),
            )
        )  # fmt: skip
    return shown


def _why_url(line: QuotationLine | SalesOrderLine) -> str:
    if isinstance(line, SalesOrderLine):
        return reverse("sales:order_line_why", args=[line.order_id, line.id])
    return reverse("sales:quotation_line_why", args=[line.quotation_id, line.id])


def _parts(line: QuotationLine | SalesOrderLine) -> str:
    """What is in one of a bundle, as it stands on its line."""
    return " · ".join(
        f"{formatting.quantity(_short(Decimal(part['quantity']) * line.factor), part['unit'])} {part['name']}"
        for part in line.parts
    )


def _facts(
    line: QuotationLine | SalesOrderLine,
    stock: Mapping[Any, Any] | None,
    held: Mapping[UUID, Stocking] | None,
    direct: list[Direct],
) -> list[tuple[str, str]]:
    """(tone, words) of what a person must know of the line."""
    facts = []
    unit = line.unit.code if line.unit else ""

    def say(words: str, base: Decimal, tone: str = "") -> None:
        facts.append((tone, words % {"quantity": formatting.quantity(_short(base / line.factor), unit)}))

    if line.gift_of_id is not None:
        facts.append(("good", _("gift")))
    if isinstance(line, SalesOrderLine):
        facts += _days(line)
        if line.cancelled:
            say(_("%(quantity)s cancelled"), line.cancelled * line.factor, "faint")
        if line.shipped:
            say(_("%(quantity)s shipped"), line.shipped * line.factor, "good")
        if line.in_delivery > line.shipped:
            say(_("%(quantity)s in a delivery"), (line.in_delivery - line.shipped) * line.factor)
        facts += _straight(line, direct)
        place = (held or {}).get(line.id) if line.order.status != "draft" or not direct else None
        if place is not None:
            waits = (line.quantity - line.cancelled - line.shipped - line.direct) * line.factor - place.held
            if waits > 0 and line.order.status == "confirmed":
                say(_("%(quantity)s waiting for stock"), waits, "warn")
                facts.append(_promised(place))
            elif line.order.status == "draft" and place.free < line.quantity * line.factor:
                say(_("only %(quantity)s free") if place.free > 0 else _("none free"), place.free, "warn")
    elif line.requested_date:
        facts.append(("", _("asked for %(day)s") % {"day": formatting.day(line.requested_date)}))
    if not isinstance(line, SalesOrderLine) and stock is not None and (each := taken_by(line)):
        free = filled(each, {one: stock[one].free for one in each}, Decimal(1), 0 if line.parts else 6)
        if free < line.quantity * line.factor:
            say(_("only %(quantity)s free") if free > 0 else _("none free"), free, "warn")
    return facts


def _days(line: SalesOrderLine) -> list[tuple[str, str]]:
    """The days of its own that a line was asked for and is promised, and by how much the promise is later."""
    facts, order = [], line.order
    if line.requested_date:
        facts.append(("", _("asked for %(day)s") % {"day": formatting.day(line.requested_date)}))
    if line.planned_date:
        facts.append(("", _("promised for %(day)s") % {"day": formatting.day(line.planned_date)}))
    asked, promised = line.requested_date or order.requested_date, line.planned_date or order.planned_date
    if facts and asked and promised and promised > asked:
        facts.append(("warn", later_words((promised - asked).days)))
    return facts


def later_words(days: int) -> str:
    """By how many days a promise is later than what was asked for."""
    text = ngettext("%(days)d day later than asked for", "%(days)d days later than asked for", days)
    return text % {"days": days}


def _straight(line: SalesOrderLine, direct: list[Direct]) -> list[tuple[str, str]]:
    """What a supplier sends straight to the customer, and on which day."""
    unit, said = line.unit.code if line.unit else "", []
    for one in direct:
        if one.drop_ship_id is None:
            said.append(("", _("straight from %(supplier)s") % {"supplier": one.supplier}))
        elif one.left > 0 and one.day is not None and one.status in OPEN:
            words = (
                _("%(quantity)s from %(supplier)s, %(day)s")
                if one.status == "confirmed"
                else _("%(quantity)s from %(supplier)s, about %(day)s")
            )
            facts = {"quantity": formatting.quantity(_short(one.left), unit), "supplier": one.supplier,
                     "day": formatting.day(one.day)}  # fmt: skip
            said.append(("", words % facts))
    return said


def _promised(place: Stocking) -> tuple[str, str]:
    """From when what is waited for is promised, and that it had been promised earlier."""
    if place.promised is None:
        return ("bad", _("nothing is expected that would do"))
    day = formatting.day(place.promised)
    if place.was is not None and place.was < place.promised:
        return ("bad", _("from %(day)s, promised for %(was)s") % {"day": day, "was": formatting.day(place.was)})
    return ("", _("from %(day)s") % {"day": day})


def _margin(line: QuotationLine | SalesOrderLine, margins: Mapping[UUID, Margin] | None) -> list[tuple[str, str]]:
    """What the line earns, for who may see costs."""
    found = (margins or {}).get(line.id)
    if found is None or found.percent is None:
        return []
    words = _("margin %(percent)s") % {"percent": formatting.percent(found.percent, 1)}
    return [("bad" if found.percent < 0 else "faint", words)]


def _discount(line: QuotationLine | SalesOrderLine, currency: str) -> str:
    if line.discount_percent:
        return formatting.percent(_short(line.discount_percent))
    return formatting.amount(line.discount_amount, currency) if line.discount_amount else ""


def _number(value: Decimal) -> str:
    return formatting.number(_short(value))


def _price(value: Decimal) -> Decimal:
    return value.normalize() + 0


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001")).normalize() + 0
