"""From the columns every priced document shares (`niaga.core.bases`) to paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from niaga.documents.rules.print_document import PrintLine, PrintLot, PrintPart, PrintParty, PrintTax, PrintTotals


class Line(Protocol):
    """A row of `PricedLine` with its `product` and `unit` loaded."""

    id: Any
    kind: Any
    description: Any
    product: Any
    unit: Any
    quantity: Any
    factor: Any
    parts: Any
    unit_price: Any
    discount_percent: Any
    discount_amount: Any
    amount: Any
    net: Any
    other_tax_base: Any
    tax: Any
    tax_rate: Any
    luxury_rate: Any
    luxury_tax: Any
    base_numerator: Any
    base_denominator: Any


class Header(Protocol):
    """A row of `PricedHeader`."""

    prices_include_tax: Any
    subtotal: Any
    discount_percent: Any
    discount_amount: Any
    points_used: Any
    points_amount: Any
    rounding: Any
    total: Any


def lines_on_paper(
    lines: Iterable[Line],
    *,
    pictures: Mapping[UUID, bytes] | None = None,
    lots: Mapping[UUID, Sequence[PrintLot]] | None = None,
) -> tuple[PrintLine, ...]:
    """The lines as they are sold, with `pictures` by product, `lots` by line; sections and notes keep their place."""
    found = []
    shown = pictures or {}
    for line in lines:
        if line.kind in ("section", "note"):
            found.append(PrintLine(line.description, kind=str(line.kind)))
            continue
        found.append(
            PrintLine(
                line.description,
                kind=str(line.kind),
                sku=line.product.sku if line.product is not None else "",
                delivery_date=getattr(line, "planned_date", None),
                requested_date=getattr(line, "requested_date", None),
                quantity=line.quantity or None,
                unit=line.unit.code if line.unit is not None and line.quantity else "",
                unit_price=line.unit_price if line.quantity else None,
                discount_percent=line.discount_percent,
                discount_amount=line.discount_amount,
                amount=line.amount,
                tax_rate=line.tax_rate,
                optional=getattr(line, "is_optional", False),
                chosen=getattr(line, "is_chosen", True),
                parts=tuple(
                    PrintPart(part["name"], Decimal(part["quantity"]) * line.factor, part["unit"])
                    for part in line.parts
                ),
                picture=shown.get(line.product.pk) if line.product is not None else None,
                lots=tuple((lots or {}).get(line.id, ())),
            )
        )
    return tuple(found)


def sums_on_paper(
    header: Header,
    lines: Sequence[Line],
    *,
    tax_name: str = "PPN",
    down_payment: Decimal = Decimal(0),
    paid: Decimal = Decimal(0),
) -> PrintTotals:
    """The sums with one entry per tax rate and base, in order of appearance; what does not count is left out."""
    groups: dict[tuple[Decimal, int, int, Decimal], list[Line]] = {}
    for line in lines:
        counts = getattr(line, "is_chosen", True) or not getattr(line, "is_optional", False)
        if counts and line.kind not in ("section", "note") and (line.tax_rate or line.luxury_rate):
            key = (line.tax_rate, line.base_numerator, line.base_denominator, line.luxury_rate)
            groups.setdefault(key, []).append(line)
    taxes = []
    for (rate, numerator, denominator, luxury_rate), group in groups.items():
        base = sum((line.net for line in group), Decimal(0))
        if rate:
            taxes.append(
                PrintTax(
                    name=tax_name,
                    rate=rate,
                    base=base,
                    amount=sum((line.tax for line in group), Decimal(0)),
                    other_base=sum((line.other_tax_base for line in group), Decimal(0)),
                    numerator=numerator,
                    denominator=denominator,
                )
            )
        if luxury_rate:
            luxury = sum((line.luxury_tax for line in group), Decimal(0))
            taxes.append(PrintTax(name="PPnBM", rate=luxury_rate, base=base, amount=luxury, is_beside=bool(rate)))
    return PrintTotals(
        subtotal=header.subtotal,
        total=header.total,
        discount_percent=header.discount_percent,
        discount=header.discount_amount,
        points_used=header.points_used,
        points=header.points_amount,
        taxes=tuple(taxes),
        prices_include_tax=header.prices_include_tax,
        rounding=header.rounding,
        tax_by_buyer=getattr(header, "tax_by_buyer", Decimal(0)),
        down_payment=down_payment,
        paid=paid,
    )


def party_on_paper(frozen: Mapping[str, Any], *, contact: str = "", with_numbers: bool = True) -> PrintParty:
    """A party as it was frozen on a document: name, address parts, tax number. Delivery addresses need no numbers."""
    place = [
        str(frozen.get("street") or ""),
        str(frozen.get("district") or ""),
        " ".join(
            part
            for part in (
                ", ".join(str(frozen[key]) for key in ("city", "province") if frozen.get(key)),
                str(frozen.get("postcode") or ""),
            )
            if part
        ),
    ]
    npwp = str(frozen.get("tax_id") or "") if with_numbers and frozen.get("tax_id_kind") in ("npwp", "nik") else ""
    other = str(frozen.get("tax_id") or "") if with_numbers and frozen.get("tax_id_kind") == "other" else ""
    return PrintParty(
        name=str(frozen.get("name") or ""),
        address=tuple(line for text in place for line in text.splitlines() if line.strip()),
        npwp=npwp,
        tax_number=other,
        contact=contact or str(frozen.get("contact") or ""),
        phone=str(frozen.get("phone") or ""),
        email=str(frozen.get("email") or "") if with_numbers else "",
    )
