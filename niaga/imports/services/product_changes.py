"""A row of a file as a change of a product that is there, and a changed fact in words."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.catalog.rules.product import ProductChange
from niaga.imports.services.staged import Cells

_PLAIN = ("name", "description", "brand")
_REFERENCES = {"category_id": "category", "tax_category_id": "tax_category"}


def product_change(cells: Cells, product_id: UUID, *, kind: str, category_id: UUID | None) -> ProductChange:
    """What the row says; an empty cell leaves what is there."""
    values: dict[str, Any] = {name: text for name in _PLAIN if (text := cells.given(name))}
    for name in ("price", "cost", "weight", "volume"):
        if (figure := cells.money(name)) is not None:
            values[name] = figure
    if category_id is not None:
        values["category_id"] = category_id
    return ProductChange(
        product_id=product_id,
        values=values,
        kind=kind if cells.given("kind") else "",
        unit=cells.given("unit"),
        tax_category=cells.given("tax_category"),
        packing=cells.given("box_unit"),
        packing_factor=cells.figure("box_factor"),
        packing_price=cells.money("box_price"),
        packing_weight=cells.money("box_weight"),
        packing_volume=cells.money("box_volume"),
        barcode=cells.given("barcode"),
        archived=cells.yes("archived") if cells.given("archived") else None,
    )


def shown_fact(name: str, value: Any, names: Mapping[UUID, str]) -> tuple[str, str] | None:
    """Our column and the value in words."""
    part, _dot, key = name.partition(".")
    if name in _REFERENCES:
        return _REFERENCES[name], names.get(UUID(value), "—") if value else ""
    if part == "barcode":
        return "barcode", key if value else ""
    if part == "unit":
        figures = " · ".join(str(one) for one in value or () if one)
        return "box_unit", f"{names.get(UUID(key), '')}: {figures}" if figures else ""
    if isinstance(value, bool):
        return name, _("yes") if value else _("no")
    return name, str(value or "")
