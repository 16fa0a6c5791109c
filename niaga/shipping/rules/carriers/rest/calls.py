"""What a carrier of the plain HTTP shape is asked with, at the address that the company gave."""

from typing import Any
from urllib.parse import quote

from niaga.core.rules.call import Call
from niaga.shipping.rules.carriers.shape import Keys, Parcel, bearer


def _goods(parcel: Parcel) -> dict[str, Any]:
    return {
        "from": dict(parcel.sender), "to": dict(parcel.receiver), "parcels": parcel.parcels,
        "weight_grams": parcel.weight_grams,
    }  # fmt: skip


def rates(keys: Keys, parcel: Parcel) -> Call:
    return Call("POST", f"{keys.base}/rates", bearer(keys.secret), _goods(parcel))


def book(keys: Keys, parcel: Parcel) -> Call:
    """One booking for a key: the carrier gives the same answer to the same key."""
    body = {
        "key": parcel.key, "reference": parcel.number, "service": parcel.service, **_goods(parcel),
        "pickup_date": parcel.pickup_date.isoformat() if parcel.pickup_date else None,
        "cash_on_delivery": str(parcel.cash) if parcel.cash else None,
    }  # fmt: skip
    return Call("POST", f"{keys.base}/bookings", {**bearer(keys.secret), "Idempotency-Key": parcel.key}, body)


def find(keys: Keys, parcel: Parcel) -> Call:
    return Call("GET", f"{keys.base}/bookings/by-key/{parcel.key}", bearer(keys.secret))


def label(keys: Keys, parcel: Parcel) -> Call:
    headers = {**bearer(keys.secret), "Accept": "application/pdf"}
    return Call("GET", f"{keys.base}/bookings/{quote(parcel.provider_id, safe='')}/label", headers)


def track(keys: Keys, parcel: Parcel) -> Call:
    return Call("GET", f"{keys.base}/bookings/{quote(parcel.provider_id, safe='')}/events", bearer(keys.secret))
