"""Steps and parts of a promotion as differences keep them: a row each, every figure as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from niaga.pricing.rules.differences import RuleData
from niaga.pricing.rules.promotion import Part, Tier
from niaga.pricing.rules.terms import Scope, scope_of

_KEYS = ("product_id", "family_id", "category_id")


class PartRow(NamedTuple):
    """A part of the assortment in a promotion, by the columns of its row."""

    role: str
    product_id: UUID | None
    family_id: UUID | None
    category_id: UUID | None
    brand: str
    quantity: Decimal

    @property
    def scope(self) -> Scope:
        return scope_of(self.product_id, self.family_id, self.category_id, self.brand)


def parts_data(tiers: Iterable[Mapping[str, Any]], scopes: Iterable[Mapping[str, Any]]) -> list[RuleData]:
    """The steps, the lowest first, then the parts in their order."""
    told: list[RuleData] = [{name: _text(row[name]) for name in ("least", "figure")} for row in tiers]
    for row in scopes:
        keys = {name: str(row[name]) for name in (*_KEYS, "brand") if row[name]}
        quantity = {"quantity": _text(row["quantity"])} if row["quantity"] else {}
        told.append({"role": row["role"], **keys, **quantity})
    return told


def read_tiers(data: Iterable[RuleData]) -> tuple[Tier, ...]:
    return tuple(Tier(Decimal(row["least"]), Decimal(row["figure"])) for row in data if "role" not in row)


def read_parts(data: Iterable[RuleData]) -> tuple[PartRow, ...]:
    return tuple(
        PartRow(
            row["role"],
            brand=row.get("brand", ""),
            quantity=Decimal(row.get("quantity", 0)),
            **{name: UUID(row[name]) if name in row else None for name in _KEYS},
        )
        for row in data
        if "role" in row
    )


def scopes_by_role(parts: Sequence[PartRow]) -> dict[str, Any]:
    """The fields of a `Promotion` that its parts fill."""
    of = {role: tuple(one.scope for one in parts if one.role == role) for role in ("on", "except", "get")}
    return {
        "scopes": of["on"] or (None,), "excluded": of["except"], "get_scopes": of["get"],
        "parts": tuple(Part(one.scope, one.quantity) for one in parts if one.role == "part"),
    }  # fmt: skip


def _text(value: Decimal) -> str:
    return format(value.normalize() + 0, "f")  # without idle zeros
