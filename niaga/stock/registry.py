"""What upper apps tell stock about: cards beside a delivery, and what can go in place of goods nobody finds.

# shipping/contributions.py
delivery_cards.add("shipments", DeliveryCard("shipping/parts/shipment_card.html", ask=asked))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest

from niaga.core.queries.together import Question
from niaga.core.registry import Registry
from niaga.stock.rules.load_list import LoadFact


@dataclass(frozen=True, slots=True)
class DeliveryCard:
    """A card beside a delivery; the questions of all cards are one statement of its page."""

    template: str
    ask: Callable[[HttpRequest, UUID], Question[Any]]


class PickOffer(NamedTuple):
    """Goods that can go in place of those of a pick line. `free` of them are there; the line's goods are replaced in
    steps of `step`, each base unit by `ratio` of these. `agreement` is `ahead` (at once) or `ask`."""

    product_id: UUID
    sku: str
    name: str
    unit: str
    digits: int
    place: str
    free: Decimal
    ratio: Decimal
    step: Decimal
    codes: list[str]
    agreement: str


PickOffers = Callable[[UUID, UUID], Mapping[UUID, Sequence[PickOffer]]]
pick_offers: Registry[PickOffers] = Registry()
"""Of a pick list, for one picker: offers by line. One statement each."""

LoadFacts = Callable[[Sequence[UUID], date], Mapping[UUID, LoadFact]]
load_facts: Registry[LoadFacts] = Registry()
"""By delivery of a route, on its day: parcels and weight, and what is to be collected. One statement each."""


class OrderOfDelivery(NamedTuple):
    """What a delivery fulfils, in an app above: its number and page, and the customer's own reference."""

    number: str
    url: str
    reference: str


OrdersOf = Callable[[Sequence[UUID]], Mapping[UUID, OrderOfDelivery]]
delivery_orders: Registry[OrdersOf] = Registry()
"""By delivery. One statement each."""

delivery_cards: Registry[DeliveryCard] = Registry()
