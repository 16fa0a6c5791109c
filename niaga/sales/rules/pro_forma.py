"""What a pro-forma shows of an order, in one short text: when it differs, the order has changed since."""

import hashlib
from collections.abc import Iterable
from typing import Any

_HEADER = ("currency", "subtotal", "discount_amount", "points_amount", "rounding", "total", "payment_term_id")
_LINE = (
    "kind", "description", "quantity", "cancelled", "unit_price", "discount_percent", "discount_amount", "amount",
    "net", "tax", "luxury_tax",
)  # fmt: skip


def figures_of(order: Any, lines: Iterable[Any]) -> str:
    """The SHA-256 of an order's figures and of its lines in order."""
    rows = [[_plain(getattr(order, name)) for name in _HEADER]]
    rows += [[_plain(getattr(line, name)) for name in _LINE] for line in lines]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _plain(value: Any) -> str:
    return format(value.normalize() + 0, "f") if hasattr(value, "normalize") else str(value)
