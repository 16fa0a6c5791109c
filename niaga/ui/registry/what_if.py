"""What would become of open documents if prices changed: apps above pricing hand in theirs, pricing prices them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from niaga.ui.registry.contributions import Contributions


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line as its document would be priced again: `unit_price` only where a person set it by hand."""

    product_id: UUID
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    discount_percent: Decimal
    discount_amount: Decimal
    is_optional: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document that is not binding yet. `kept` says that it keeps its prices until a person takes new ones."""

    kind: str | Promise
    id: UUID
    number: str
    url: str
    status: str | Promise
    customer_id: UUID
    party: str
    branch_id: UUID
    channel_id: UUID | None
    total: Decimal
    discount_percent: Decimal
    discount_amount: Decimal
    delivery_address: Mapping[str, Any]
    tax_treatment: Mapping[str, Any]
    kept: bool
    lines: Sequence[OpenLine]
    coupon_codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Documents of one company and currency that `by` may see, with a line of one of the products (None: of any)
    whose price nobody set by hand; the newest `most`."""

    by: Any
    company_id: UUID
    currency: str
    product_ids: Sequence[UUID] | None
    at: datetime
    most: int


@dataclass(frozen=True, slots=True)
class Open:
    """What one app found, and how many more there are than it was asked for."""

    documents: Sequence[OpenDocument]
    left_off: int = 0


# open(asked) -> the documents; called once for all of them, a few statements
OpenSource = Callable[[Asked], Open]

open_documents: Contributions[OpenSource] = Contributions()


def all_open(asked: Asked) -> Open:
    """The documents of every app, each asked once."""
    found = [source(asked) for _name, source in open_documents]
    return Open([one for each in found for one in each.documents], sum(each.left_off for each in found))
