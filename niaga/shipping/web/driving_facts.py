"""A driver's day as the phone keeps it: plain facts, said in the person's language."""

from typing import Any

from niaga.core.money import exponent
from niaga.shipping.queries.drivers_day import DriversDay, Stop
from niaga.shipping.web.words import DOOR_STATES, VISITS, why
from niaga.ui import formatting

_ADDRESS = ("street", "district", "city", "province", "postcode")


def day_facts(day: DriversDay, *, currency: str) -> dict[str, Any]:
    setting = day.setting
    return {
        "today": day.today.isoformat(), "title": formatting.day(day.today), "currency": currency,
        "digits": exponent(currency), "stops": [_stop(one) for one in day.stops],
        "asks": {
            "signature": setting.asks_signature, "photo": setting.asks_photo, "days": setting.position_days,
            "place": day.keeps_place,
        },
    }  # fmt: skip


def _stop(stop: Stop) -> dict[str, Any]:
    row, delivery = stop.row, stop.row.delivery
    to = delivery.address or {}
    several = len(stop.rows) > 1
    orders = {one.delivery_id: one.delivery.source_number or one.delivery.number for one in stop.rows if several}
    notes = dict.fromkeys(one.delivery.note for one in stop.rows if one.delivery.note)
    words = [str(to.get(name) or "").strip() for name in _ADDRESS]
    shown = DOOR_STATES[stop.state]
    return {
        "id": str(delivery.id), "number": str(delivery.joint or delivery.number) if several else delivery.number,
        "route": row.route.number, "position": row.position,
        "vehicle": str(row.route.vehicle or ""), "name": str(to.get("name") or delivery.customer.name),
        "address": [words[0], " ".join(filter(None, words[1:]))], "place": ", ".join(filter(None, words)),
        "phone": str(to.get("phone") or delivery.customer.phone or ""), "note": "\n".join(notes), "state": stop.state,
        "said": {"label": str(shown.label), "tone": shown.tone, "icon": shown.icon},
        "late": formatting.day(row.day) if row.is_late else "",
        "lines": [
            {
                "id": str(line.id), "name": line.name, "sku": line.sku, "quantity": f"{line.quantity.normalize():f}",
                "unit": line.unit, "digits": line.digits, "shown": formatting.quantity(line.quantity, line.unit),
                "order": orders.get(line.delivery_id, ""),
            }
            for line in stop.lines
        ],
        "collect": {"amount": f"{stop.collect.amount.normalize():f}", "shown": formatting.money(stop.collect)}
        if stop.collect else None,
        "last": _last(stop.last),
    }  # fmt: skip


def _last(visit: Any) -> dict[str, str] | None:
    if visit is None:
        return None
    cash = formatting.money(visit.cash, visit.currency) if visit.cash else ""
    return {
        "outcome": visit.outcome, "label": str(VISITS[visit.outcome].label), "why": why(visit.reason),
        "at": formatting.moment(visit.at), "next": formatting.day(visit.next_date), "received_by": visit.received_by,
        "cash": cash,
    }  # fmt: skip
