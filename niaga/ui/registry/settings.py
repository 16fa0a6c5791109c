"""The places of the settings page: each app adds its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from django.http import HttpRequest
from django.utils.functional import Promise

from niaga.ui.registry.navigation import everyone


class SettingsGroup(IntEnum):
    """The blocks of the settings page."""

    COMPANY = 1  # profile, tax and rounding, bank accounts, branches
    PEOPLE = 2  # users, roles, teams, territories
    SELLING = 3  # payment terms, customer groups, tax categories, units, channels
    CONNECTIONS = 4  # mail, imports


@dataclass(frozen=True, slots=True)
class SettingsPlace:
    """A place one sets something: its name, one line that says what for, a Lucide icon, and who may enter."""

    key: str
    label: str | Promise
    text: str | Promise
    icon: str
    url_name: str
    group: SettingsGroup
    order: int = 100
    allowed: Callable[[HttpRequest], bool] = everyone


class _SettingsPlaces:
    def __init__(self) -> None:
        self._items: dict[str, SettingsPlace] = {}

    def add(self, *items: SettingsPlace) -> None:
        """:raises ValueError: another place has this key"""
        for item in items:
            if self._items.get(item.key, item) != item:
                raise ValueError(f"{item.key} is registered already")
            self._items[item.key] = item

    def __iter__(self) -> Iterator[SettingsPlace]:
        return iter(sorted(self._items.values(), key=lambda item: (item.group, item.order, item.key)))


settings_places = _SettingsPlaces()
