"""What upper apps tell stock about: cards beside a delivery.

# shipping/contributions.py
delivery_cards.add("shipments", DeliveryCard("shipping/parts/shipment_card.html", ask=asked))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from niaga.core.queries.together import Question
from niaga.core.registry import Registry


@dataclass(frozen=True, slots=True)
class DeliveryCard:
    """A card beside a delivery; the questions of all cards are one statement of its page."""

    template: str
    ask: Callable[[HttpRequest, UUID], Question[Any]]


delivery_cards: Registry[DeliveryCard] = Registry()
