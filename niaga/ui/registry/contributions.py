"""One shape for all registries: named contributions, in an order that does not depend on the order of apps."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Contributions(Generic[T]):
    """Named contributions sorted by `order`, then name. A name twice is a mistake, unless it is the same object."""

    def __init__(self) -> None:
        self._items: dict[str, tuple[int, T]] = {}

    def add(self, name: str, item: T, *, order: int = 100) -> None:
        """:raises ValueError: another contribution has this name"""
        if name in self._items and self._items[name][1] is not item:
            raise ValueError(f"{name} is registered already")
        self._items[name] = (order, item)

    def remove(self, name: str) -> None:
        self._items.pop(name, None)

    def __iter__(self) -> Iterator[tuple[str, T]]:
        for name, (_, item) in sorted(self._items.items(), key=lambda pair: (pair[1][0], pair[0])):
            yield name, item

    def __len__(self) -> int:
        return len(self._items)
