"""What upper apps tell invoicing about: how a customer can pay, cards beside an invoice, the lots of what it bills.

# payments/apps.py
ways_to_pay.add("gateway", PayOnline())
invoice_cards.add("payment_requests", InvoiceCard("payments/parts/request_card.html", ask=asked))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from niaga.core.queries.together import Question
from niaga.core.registry import Registry
from niaga.documents.registry import OpenedLink


class WayToPay(Protocol):
    """A part of the customer's page of an invoice. `template` is shown with what `shown` tells."""

    template: str
    path: str
    """What follows the token in the addresses that it answers."""

    def shown(self, request: HttpRequest, link: OpenedLink, invoice: Any) -> Mapping[str, Any] | None:
        """None: not offered for this invoice."""

    def answer(self, request: HttpRequest, link: OpenedLink, invoice: Any, rest: str) -> HttpResponseBase: ...


@dataclass(frozen=True, slots=True)
class InvoiceCard:
    """A card beside an issued invoice in the office; its question rides along on the page's one statement."""

    template: str
    ask: Callable[[HttpRequest, UUID], Question[Any]]


class DeliveredLot(NamedTuple):
    """So much of a lot of what an invoice's line bills, in base units, and its last day."""

    number: str
    expires_on: date
    quantity: Decimal
    unit: str


DeliveredLots = Callable[[UUID], Mapping[UUID, Sequence[DeliveredLot]]]
"""By line of an invoice, as far as it was delivered; the caller has checked access. One statement."""

ways_to_pay: Registry[WayToPay] = Registry()
invoice_cards: Registry[InvoiceCard] = Registry()
delivered_lots: Registry[DeliveredLots] = Registry()
