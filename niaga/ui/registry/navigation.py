"""The places on the left, on the phone's bottom bar, and behind `g` + letter."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


class NavigationGroup(IntEnum):
    """The blocks of the rail, divided by a gap."""

    START = 1  # Home, Leads, Pipeline, Customers
    SELLING = 2  # Quotations, Orders, Approvals
    GOODS = 3  # Deliveries, Shipments, Stock, Returns
    MONEY = 4  # Invoices, Payments, Bank, Receivables
    FIELD = 5  # Till, Visits, Products, Prices, Targets, Reports
    SETTINGS = 6


def everyone(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A place. `allowed` is asked once a page with the request; nobody sees a place they may not enter.

    `key` also names the badge. `shortcut` is the letter after `g`. `phone` puts it on the bottom bar (lowest first,
    four fit beside the drawer). `icon` is a Lucide name.
    """

    key: str
    label: str | Promise
    icon: str
    url_name: str
    group: NavigationGroup
    order: int = 100
    allowed: Callable[[HttpRequest], bool] = everyone
    shortcut: str = ""
    phone: int = 0
    url_kwargs: dict[str, Any] = field(default_factory=dict)


class _Navigation:
    def __init__(self) -> None:
        self._items: dict[str, NavigationItem] = {}

    def add(self, *items: NavigationItem) -> None:
        """:raises ValueError: another item has this key"""
        for item in items:
            if self._items.get(item.key, item) != item:
                raise ValueError(f"{item.key} is registered already")
            self._items[item.key] = item

    def remove(self, key: str) -> None:
        self._items.pop(key, None)

    def __iter__(self) -> Iterator[NavigationItem]:
        return iter(sorted(self._items.values(), key=lambda item: (item.group, item.order, item.key)))


navigation = _Navigation()
