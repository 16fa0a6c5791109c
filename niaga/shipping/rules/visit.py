"""What a phone tells of a customer's door. Pure."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

OUTCOMES = ("delivered", "part", "failed")
REASONS = ("nobody", "closed", "address", "refused", "damaged", "wrong", "other")
MOST_PHOTOS = 4
FIRST_YEAR = 2000
"""No phone's clock stands before: what is read back from the database has to have a date that can be."""
LARGEST_PICTURE = 3 * 1024 * 1024


class NotAVisit(ValueError):
    """`field` is what cannot be read."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Refused:
    line_id: UUID
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Position:
    latitude: Decimal
    longitude: Decimal
    accuracy_m: int | None


@dataclass(frozen=True, slots=True)
class Visit:
    """`key` is made by the phone, and the same however often it is sent; `at` is the phone's time.

    `kept_photos` and `kept_signature` are attachments of the delivery that are there already.
    """

    key: UUID
    outcome: str
    at: datetime
    received_by: str = ""
    reason: str = ""
    next_date: date | None = None
    refused: Sequence[Refused] = ()
    photos: Sequence[bytes] = ()
    signature: bytes | None = None
    position: Position | None = None
    cash: Decimal | None = None
    note: str = ""
    arrived_at: datetime | None = None
    kept_photos: Sequence[UUID] = ()
    kept_signature: UUID | None = None


def read_visit(told: Any) -> Visit:
    """What a phone or program sent, as JSON that was read.

    :raises NotAVisit: a part of it cannot be right
    """
    if not isinstance(told, Mapping):
        raise NotAVisit("visit")
    outcome = told.get("outcome")
    if outcome not in OUTCOMES:
        raise NotAVisit("outcome")
    at = _moment(told, "at")
    photos = told.get("photos") or []
    if not isinstance(photos, list) or len(photos) > MOST_PHOTOS:
        raise NotAVisit("photos")
    refused = told.get("refused") or []
    if not isinstance(refused, list) or len(refused) > 5_000:
        raise NotAVisit("refused")
    next_date, cash = told.get("next_date"), told.get("cash")
    return Visit(
        key=_part("key", lambda: UUID(told["key"])), outcome=outcome, at=at,
        arrived_at=_moment(told, "arrived_at") if told.get("arrived_at") else None,
        received_by=_text(told, "received_by", 120), reason=_text(told, "reason", 200), note=_text(told, "note", 500),
        next_date=_part("next_date", lambda: date.fromisoformat(next_date)) if next_date else None,
        refused=[_part("refused", lambda one=one: _refused(one)) for one in refused],
        photos=[picture(one, "photos") for one in photos],
        signature=picture(told["signature"], "signature") if told.get("signature") else None,
        position=_part("position", lambda: _position(told["position"])) if told.get("position") else None,
        cash=_part("cash", lambda: _positive(cash)) if cash else None,
    )  # fmt: skip


def picture(text: Any, field: str) -> bytes:
    """The bytes of a picture that travels as text: a data address, or its base64 alone.

    :raises NotAVisit: it is none, or too large
    """
    if not isinstance(text, str) or len(text) > LARGEST_PICTURE * 4 // 3 + 100:
        raise NotAVisit(field)
    try:
        return base64.b64decode(text.partition(",")[2] if text.startswith("data:") else text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotAVisit(field) from error


def _part(field: str, read: Any) -> Any:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, OverflowError) as error:
        raise NotAVisit(field) from error


def _moment(told: Mapping[str, Any], name: str) -> datetime:
    found: datetime = _part(name, lambda: datetime.fromisoformat(told[name]))
    if found.tzinfo is None or found.year < FIRST_YEAR:
        raise NotAVisit(name)
    return found


def without_pictures(visit: Visit) -> dict[str, Any]:
    """The visit as it would be told again, for keeping: pictures lie apart, and a position is kept nowhere else than
    where it is deleted in time."""
    facts = {
        "key": str(visit.key), "outcome": visit.outcome, "at": visit.at.isoformat(),
        "arrived_at": visit.arrived_at.isoformat() if visit.arrived_at else "", "received_by": visit.received_by,
        "reason": visit.reason, "next_date": visit.next_date.isoformat() if visit.next_date else "",
        "refused": [
            {"line": str(one.line_id), "quantity": str(one.quantity), "reason": one.reason} for one in visit.refused
        ],
        "cash": str(visit.cash) if visit.cash else "", "note": visit.note,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value}


def _text(told: Mapping[str, Any], name: str, most: int) -> str:
    value = told.get(name) or ""
    if not isinstance(value, str):
        raise NotAVisit(name)
    return " ".join(value.replace("\x00", "").split())[:most]


def _refused(one: Any) -> Refused:
    return Refused(UUID(one["line"]), _positive(one["quantity"]), _text(one, "reason", 200))


def _positive(value: Any) -> Decimal:
    found = Decimal(value if isinstance(value, str) else str(value))
    if not found.is_finite() or not 0 < found < Decimal(10) ** 13 or found != round(found, 6):
        raise ValueError("not a positive figure")
    return found


def _position(one: Any) -> Position:
    """To four decimals: some ten metres, which is a door and not a person's every step."""
    latitude, longitude = (Decimal(str(one[name])) for name in ("latitude", "longitude"))
    if not (latitude.is_finite() and longitude.is_finite() and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("not on earth")
    accuracy = one.get("accuracy")
    kept = int(accuracy) if isinstance(accuracy, int | float) and 0 <= accuracy < 100_000 else None
    return Position(round(latitude, 4), round(longitude, 4), kept)
