"""The one shape of every carrier: calls it is asked with, answers it gives, and what it tells by itself.

A carrier is a folder beside this file with the same files as the others: `calls` (what is sent), `answers` (what came
back), `hooks` (whether a call is the carrier's, and what it says) and the `CARRIER` that names them. All of it is pure;
`services.call_carrier` is what speaks HTTP. A call that is None means that nobody is asked: the shipment is booked by
writing it down.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from niaga.core.rules.call import Call
from niaga.shipping.rules.shipment_flow import Reached


@dataclass(frozen=True, slots=True)
class Keys:
    """How a company is known at its carrier: where it is asked, and what proves our calls and theirs."""

    base: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be brought. `key` is ours, stored before anything is sent, and the same in every attempt."""

    key: str
    number: str
    service: str
    sender: Mapping[str, str]
    receiver: Mapping[str, str]
    parcels: int
    weight_grams: int
    pickup_date: date | None
    cash: Decimal | None = None
    """What the carrier takes from the receiver."""
    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    service: str
    label: str
    cost: Decimal
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """A shipment that stands at the carrier."""

    provider_id: str
    tracking: str
    cost: Decimal | None = None
    expected_date: date | None = None
    has_label: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a shipment. `key` is the carrier's: told twice it counts once."""

    key: str
    state: Reached
    at: datetime
    words: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a carrier tells of a shipment, by itself or asked; `key` is ours."""

    key: str
    events: Sequence[Happened]
    expected_date: date | None = None


class Unreadable(ValueError):
    """An answer that says nothing certain."""


class NotThere(ValueError):
    """The carrier is sure that it knows nothing of this shipment."""


@dataclass(frozen=True, slots=True)
class Carrier:
    code: str
    speaks: bool
    """It is asked over HTTP; otherwise people write down what becomes of a shipment."""
    rates: Callable[[Keys, Parcel], Call | None]
    rated: Callable[[Any], Sequence[Rate]]
    book: Callable[[Keys, Parcel], Call | None]
    booked: Callable[[Any, Parcel], Booked]
    """:raises Unreadable:"""
    find: Callable[[Keys, Parcel], Call | None]
    """Asks by our key what became of a booking whose answer never came."""
    found: Callable[[Any, Parcel], Booked]
    """:raises Unreadable, NotThere:"""
    label: Callable[[Keys, Parcel], Call | None]
    track: Callable[[Keys, Parcel], Call | None]
    tracked: Callable[[Any, Parcel], Told]
    is_signed: Callable[[bytes, Mapping[str, str], Keys], bool]
    event_key: Callable[[bytes], str]
    told: Callable[[Any], Sequence[Told]]


def nobody(_keys: Keys, _parcel: Parcel) -> None:
    """The call of a carrier that is not asked."""
    return


def silent(_answer: Any, _parcel: Parcel | None = None) -> Any:
    """:raises Unreadable: a carrier that is never asked answers nothing"""
    raise Unreadable("nobody was asked")


def amount_of(value: Any) -> Decimal | None:
    """A figure as carriers write it (`18000`, `"18000.00"`); None: no figure at all. Never through a float."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < Decimal(10) ** 12 else None


def text_of(value: Any, most: int = 200) -> str:
    """What a carrier wrote, as one short line without signs that nobody can see."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    return "".join(sign for sign in " ".join(str(value).split()) if sign.isprintable())[:most]


def day_of(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def moment_of(value: Any) -> datetime | None:
    """A moment with its zone; one without says nothing certain."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) < 40 else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def object_of(answer: Any) -> dict[str, Any]:
    """:raises Unreadable: no object"""
    if not isinstance(answer, dict):
        raise Unreadable("no object")
    return answer


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", "Accept": "application/json"}
