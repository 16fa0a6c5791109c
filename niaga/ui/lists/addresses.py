"""Addresses of many rows: the route is resolved once, not once a row."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import get_urlconf, reverse

_PLACE = UUID(int=0)


def row_address(name: str, key: Any) -> str:
    """The address of a route that takes one key."""
    before, after = _route(name, get_urlconf())
    return f"{before}{key}{after}"


@lru_cache(maxsize=256)
def _route(name: str, urlconf: str | None) -> tuple[str, str]:
    before, _place, after = reverse(name, urlconf, args=[_PLACE]).partition(str(_PLACE))
    return before, after
