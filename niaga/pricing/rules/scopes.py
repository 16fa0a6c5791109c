"""Finding what holds for a line by what it is: its product, family, categories and brand.

A line has half a dozen scopes, most of them with a UUID, and Python hashes a UUID ten times slower than a text. So
what a path of categories holds is looked up once for a document (by identity: the products of a category share one
path), and a line of it asks by its brand alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar
from uuid import UUID

from niaga.pricing.rules.terms import Scope, gathered

if TYPE_CHECKING:
    from niaga.pricing.rules.request import LineRequest

PRODUCT, FAMILY, BRANDED, CATEGORY, BRAND, ALL = 0, 1, 1_000, 2_000, 3_000, 4_000
"""How wide a scope is; each category above is one wider."""

S = TypeVar("S")
T = TypeVar("T")


class Scoped(Generic[S]):
    """Things by the scope that they are for. Nobody changes it."""

    __slots__ = ("branded", "by_key", "by_scope")

    def __init__(self, pairs: Iterable[tuple[Scope, S]] = ()) -> None:
        self.by_scope: Mapping[Scope, tuple[S, ...]] = gathered(pairs)
        self.by_key = {scope.int: things for scope, things in self.by_scope.items() if isinstance(scope, UUID)}
        """What is for one product, family or category, by the number of its key."""
        self.branded: dict[UUID, dict[str, tuple[S, ...]]] = {}
        """What is for one brand of a category: by category, then by brand."""
        for scope, things in self.by_scope.items():
            if isinstance(scope, tuple):
                category, brand = scope
                self.branded.setdefault(category, {})[brand] = things


class _Path(NamedTuple, Generic[S, T]):
    """What a path of categories holds: for single brands, not looked at yet, and for all."""

    branded: list[tuple[int, UUID, dict[str, tuple[S, ...]]]]
    whole: list[T]


class ByLine(Generic[S, T]):
    """One document's way through scoped things.

    :param make: what a document makes of a thing, its scope and how wide that is; None leaves it out
    :param join: the last word on all that was made for one line, the narrowest first
    """

    __slots__ = ("_by_kind", "_by_path", "_by_scope", "_join", "_make", "_sources")

    def __init__(
        self,
        sources: Sequence[Scoped[S]],
        make: Callable[[S, Scope, int], T | None],
        join: Callable[[list[T]], list[T]],
    ) -> None:
        self._sources = sources
        self._make = make
        self._join = join
        self._by_path: dict[int, _Path[S, T]] = {}
        self._by_scope: dict[Scope, list[T]] = {}
        self._by_kind: dict[tuple[int, str, UUID | None], list[T]] = {}

    def of(self, line: LineRequest, *, by_product: bool = True) -> list[T]:
        """What holds for a line, the narrowest first; without `by_product` nothing is for single products."""
        kind = (id(line.category_ids), line.brand, line.family_id)
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = self._join(self._of_kind(line))
        if by_product and line.product_id is not None:
            key = line.product_id.int
            own = [
                one
                for source in self._sources
                if key in source.by_key
                for one in self._of_things(source.by_key[key], line.product_id, PRODUCT)
            ]
            if own:
                return self._join(own + found)
        return found

    def _of_kind(self, line: LineRequest) -> list[T]:
        path = self._by_path.get(id(line.category_ids))
        if path is None:
            path = self._by_path[id(line.category_ids)] = self._path(line.category_ids)
        found: list[T] = []
        if line.family_id is not None:
            found += self._remembered(line.family_id, FAMILY)
        brand = line.brand
        if brand:
            for width, category, by_brand in path.branded:
                if brand in by_brand:
                    found += self._of_things(by_brand[brand], (category, brand), width)
        found += path.whole
        if brand:
            found += self._remembered(brand, BRAND)
        return found + self._remembered(None, ALL)

    def _path(self, categories: tuple[UUID, ...]) -> _Path[S, T]:
        branded = [
            (BRANDED + above, category, source.branded[category])
            for above, category in enumerate(categories)
            for source in self._sources
            if category in source.branded
        ]
        whole = [one for above, category in enumerate(categories) for one in self._made(category, CATEGORY + above)]
        return _Path(branded, whole)

    def _remembered(self, scope: Scope, width: int) -> list[T]:
        found = self._by_scope.get(scope)
        if found is None:
            found = self._by_scope[scope] = self._made(scope, width)
        return found

    def _made(self, scope: Scope, width: int) -> list[T]:
        found: list[T] = []
        for source in self._sources:
            things = source.by_scope.get(scope)
            if things:
                found += self._of_things(things, scope, width)
        return found

    def _of_things(self, things: tuple[S, ...], scope: Scope, width: int) -> list[T]:
        make = self._make
        return [made for one in things if (made := make(one, scope, width)) is not None]


def scopes_of(line: LineRequest) -> Iterator[Scope]:
    """What rules may be for that hold for this line, but for its very product, the narrowest first."""
    if line.family_id is not None:
        yield line.family_id
    if line.brand:
        yield from ((category, line.brand) for category in line.category_ids)
    yield from line.category_ids
    if line.brand:
        yield line.brand
    yield None
