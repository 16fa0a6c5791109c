"""The parts of a bank line as a person types them: whose payment, for which invoices, what else is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from niaga.core.errors import Invalid
from niaga.payments.models import BankLine
from niaga.payments.rules.line_parts import Part
from niaga.ui import formatting

TAKEN_OFF = ("bank_fees", "gateway_fees", "withheld_tax", "other_costs")
"""Of money that came in these were kept back before it came; of what went out they are its use."""
IN_ROLES = ("bank_fees", "gateway_fees", "withheld_tax", "other_costs", "bank_interest", "owners_money",
            "money_in_transit", "rounding", "suspense")  # fmt: skip
OUT_ROLES = ("bank_fees", "gateway_fees", "other_costs", "owners_money", "money_in_transit", "suspense")
ROWS = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form said, kept for showing it again."""

    parts: list[Part]
    booked_on: date | None
    note: str


def typed_parts(
    source: Mapping[str, Any], line: BankLine, room: Decimal, ties: Mapping[UUID, Decimal],
    payouts: Mapping[UUID, Decimal] | None = None,
) -> Typed:  # fmt: skip
    """The parts of `room`; what is left over is the customer's advance, or waits as not identified yet. `ties` are
    payments that may be ticked, with their amounts, of the line's sign; `payouts` are those of gateways.

    :raises Invalid: an amount that is no number, a day that is none
    """
    parts = [
        Part("tie" if amount > 0 else "giro_return", amount, payment_id=key)
        for key, amount in ties.items()
        if source.get(f"tie-{key}") == "1"
    ]
    parts += [
        Part("payout", amount, payout_id=key)
        for key, amount in (payouts or {}).items()
        if source.get(f"payout-{key}") == "1"
    ]
    parts += [part for place in range(ROWS) if (part := _account(source, place, room)) is not None]
    customer_id = _uuid(source.get("customer", ""))
    shares = _shares(source)
    rest = room - sum((part.amount for part in parts), Decimal(0))
    if customer_id is not None and room > 0 and rest:
        paid = sum((amount for _key, amount in shares), Decimal(0))
        whole = rest if source.get("rest") != "suspense" else paid
        if whole:
            parts.append(Part("payment", whole, customer_id, tuple(shares)))
            rest -= whole
    if rest and not (customer_id is not None and rest * room < 0):
        parts.append(Part("account", rest, role="suspense"))
    return Typed(parts, _day(source.get("booked_on", "")), str(source.get("note", ""))[:200])


def _account(source: Mapping[str, Any], place: int, room: Decimal) -> Part | None:
    role, text = str(source.get(f"role-{place}", "")), str(source.get(f"amount-{place}", "")).strip()
    if not role and not text:
        return None
    amount = _amount(text, f"amount-{place}") if text else abs(room)
    if not role:
        raise Invalid(gettext("Choose what this amount is."), field=f"role-{place}")
    sign = 1 if room > 0 else -1
    return Part("account", -amount * sign if room > 0 and role in TAKEN_OFF else amount * sign, role=role)


def _shares(source: Mapping[str, Any]) -> list[tuple[UUID, Decimal]]:
    found = []
    for name, text in source.items():
        key = _uuid(name.removeprefix("invoice-")) if name.startswith("invoice-") else None
        if key is not None and str(text).strip():
            amount = _amount(str(text), name)
            if amount:
                found.append((key, amount))
    return found


def _amount(text: str, field: str) -> Decimal:
    try:
        amount = formatting.parse_number(text)
    except ValueError as error:
        raise Invalid(gettext("Write the amount as a number."), field=field) from error
    if amount is None or not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 15:
        raise Invalid(gettext("Write the amount as a number above zero."), field=field)
    return amount


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError as error:
        raise Invalid(gettext("This is no day."), field="booked_on") from error


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None
