"""The rows of a promotion's form: steps, and parts of the assortment. What was typed comes back as it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.pricing.queries.assortment import ScopeKeys, key_of, part_of
from niaga.pricing.queries.promotion_words import ToldScope, scope_name
from niaga.pricing.queries.promotions import scopes_in, tiers_in
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.web.promotion_kinds import KindWords
from niaga.ui.formatting import number, parse_number

ROLES = {"on": "on", "never": "except", "given": "get", "part": "part"}
"""The fields of the parts, and what each says in the service."""
FAULT_OF = {
    "scopes": "on", "excluded": "never", "get_scopes": "given", "parts": "part", "figure": "tier", "tiers": "tier",
}  # fmt: skip
"""Which rows a fault of the service stands beside."""


@dataclass(slots=True)
class PartRow:
    key: str = ""
    text: str = ""
    quantity: str = ""


@dataclass(slots=True)
class TierRow:
    least: str = ""
    figure: str = ""


@dataclass(slots=True)
class Rows:
    """What is typed in the rows, what it comes to, and what is wrong with it."""

    parts: dict[str, list[PartRow]] = field(default_factory=dict)
    tiers: list[TierRow] = field(default_factory=list)
    scopes: list[NewScope] = field(default_factory=list)
    steps: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def fault(self, group: str, text: str) -> None:
        if text not in self.faults.setdefault(group, []):
            self.faults[group].append(text)

    def told(self) -> list[ToldScope]:
        """The parts by the names that stand in their fields."""
        return [
            ToldScope(ROLES[name], row.text, _figure(row.quantity) or Decimal(1))
            for name, rows in self.parts.items()
            for row in rows
            if row.key and row.text
        ]

    def as_posted(self) -> dict[str, list[str]]:
        """As a browser sends them back untouched."""
        posted = {"tier_least": [row.least for row in self.tiers], "tier_figure": [row.figure for row in self.tiers]}
        for name, rows in self.parts.items():
            posted |= {name: [row.key for row in rows], f"{name}_text": [row.text for row in rows]}
        posted["part_quantity"] = [row.quantity for row in self.parts.get("part", ())]
        return posted

    def shown(self) -> "Rows":
        """With a row to be filled in where there is none, and two for a bundle."""
        for name in ROLES:
            rows = self.parts.setdefault(name, [])
            while len(rows) < (2 if name == "part" else 1):
                rows.append(PartRow(quantity="1" if name == "part" else ""))
        if not self.tiers:
            self.tiers.append(TierRow())
        return self


def _figure(text: str) -> Decimal | None:
    try:
        return parse_number(text)
    except ValueError:
        return None


def read_rows(data: Any, kind: KindWords) -> Rows:
    """The rows that a form of this kind sent. Empty rows are left out."""
    rows = Rows()
    for name, role in ROLES.items():
        if name not in groups_of(kind.code):
            continue
        keys, texts = data.getlist(name), data.getlist(f"{name}_text")
        counts = data.getlist("part_quantity") if name == "part" else []
        held = rows.parts[name] = []
        for place, key in enumerate(keys):
            text = texts[place].strip()[:200] if place < len(texts) else ""
            count = counts[place].strip()[:30] if place < len(counts) else ""
            if not key and not text:
                continue
            held.append(PartRow(key, text, count))
            _read_part(rows, name, role, key, text, count)
    leasts, figures = data.getlist("tier_least"), data.getlist("tier_figure")
    for place, text in enumerate(figures):
        least = leasts[place].strip()[:40] if place < len(leasts) else ""
        figure = text.strip()[:40]
        if not least and not figure:
            continue
        rows.tiers.append(TierRow(least, figure))
        start, value = _figure(least or "0"), _figure(figure)
        if start is None or value is None:
            rows.fault("tier", _("“%(text)s” is not a number.") % {"text": least if start is None else figure})
        else:
            rows.steps.append((start if kind.least else Decimal(0), value))
    return rows


def _read_part(rows: Rows, name: str, role: str, key: str, text: str, count: str) -> None:
    try:
        part = part_of(key)
    except ValueError:
        rows.fault(name, _("Choose “%(text)s” from the list that opens while you type.") % {"text": text or key[:60]})
        return
    quantity = _figure(count or "1") if role == "part" else Decimal(0)
    if quantity is None:
        rows.fault(name, _("“%(text)s” is not a number.") % {"text": count})
        return
    rows.scopes.append(NewScope(role, *part, quantity=quantity))


def groups_of(kind: str) -> tuple[str, ...]:
    """The groups of parts that a kind asks for."""
    if kind == "bundle_price":
        return ("part", "never")
    return ("on", "given", "never") if kind == "buy_get" else ("on", "never")


def rows_of(promotion: Any) -> Rows:
    """The rows of a stored promotion, a row of `promotion_rows`, as its form shows them."""
    names = {role: name for name, role in ROLES.items()}
    parts: dict[str, list[PartRow]] = {name: [] for name in groups_of(promotion.kind)}
    for scope in scopes_in(promotion):
        key = key_of(ScopeKeys(scope.product_id, scope.family_id, scope.category_id, scope.brand))
        if key:
            quantity = number(scope.quantity) if scope.role == "part" else ""
            parts.setdefault(names[scope.role], []).append(PartRow(key, scope_name(scope), quantity))
    tiers = [TierRow(number(least) if least else "", number(figure)) for least, figure in tiers_in(promotion)]
    return Rows(parts, tiers)


def take_faults(rows: Rows, faults: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Put those faults of the service that are about rows beside them; the others come back."""
    rest = []
    for fault in faults:
        group = FAULT_OF.get(str(fault.get("field")))
        if group is None:
            rest.append(fault)
        else:
            rows.fault(group, str(fault["message"]))
    return rest
