"""A line among the promotions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from niaga.pricing.rules.draft import Draft
from niaga.pricing.rules.promotion import Promotion
from niaga.pricing.rules.request import CHARGE, LineRequest
from niaga.pricing.rules.scopes import scopes_of
from niaga.pricing.rules.terms import Scope

ZERO = Decimal(0)


@dataclass(slots=True)
class Position:
    """What is left of a line's amount, and what may still happen to it."""

    draft: Draft
    place: int
    amount: Decimal
    quantity: Decimal
    """In base units."""
    units: Decimal
    """Whole base units that took part in no combination yet."""
    is_open: bool
    is_charge: bool
    touched: bool = False
    turn: int = 0
    """That of the promotion which touched it last."""
    lost: list[tuple[Promotion, str]] = field(default_factory=list)
    _scopes: dict[Scope, int] | None = None

    @property
    def scopes(self) -> dict[Scope, int]:
        """What a promotion may be for that holds for this line, with how wide that is."""
        if self._scopes is None:
            self._scopes = _scopes(self.draft.line)
        return self._scopes

    def fits(self, promotion: Promotion, scopes: Iterable[Scope]) -> bool:
        mine = self.scopes
        return any(scope in mine for scope in scopes) and not any(scope in mine for scope in promotion.excluded)

    def may(self, promotion: Promotion) -> bool:
        return self.is_open and not (promotion.exclusive and self.touched)


def position_of(draft: Draft, place: int) -> Position:
    line = draft.line
    quantity = line.quantity * line.unit_factor
    by_hand = line.manual_price is not None
    whole = ZERO if by_hand else quantity.to_integral_value(ROUND_FLOOR)
    return Position(draft, place, draft.gross - draft.promoted, quantity, whole, not by_hand, line.kind is CHARGE)


def _scopes(line: LineRequest) -> dict[Scope, int]:
    scopes: dict[Scope, int] = {}
    if line.product_id is not None:
        scopes[line.product_id] = 0
    for width, scope in enumerate(scopes_of(line), 1):
        scopes.setdefault(scope, width)
    return scopes
