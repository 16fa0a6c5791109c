"""Typed registries that upper apps fill in their `apps.py`. Contributions only read; they never decide a refusal."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

T = TypeVar("T")


class Registry(Generic[T]):
    """Contributions in the order they came, by name; a name twice is a mistake."""

    def __init__(self) -> None:
        self._items: dict[str, T] = {}

    def add(self, name: str, item: T) -> None:
        if name in self._items:
            raise ValueError(f"{name} is registered already")
        self._items[name] = item

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(self._items.items())

    def get(self, name: str) -> T | None:
        return self._items.get(name)


@dataclass(frozen=True, slots=True)
class InvariantCheck:
    """A statement that returns the rows that break a promise: none in a sound database. `promise` says it in words."""

    promise: str
    sql: str


invariants: Registry[InvariantCheck] = Registry()


class Said(Protocol):
    """How a state is said: its word, translated when it is shown."""

    @property
    def label(self) -> Any: ...


state_words: Registry[Mapping[str, Said]] = Registry()
"""A flow's kind -> its states as its pages say them; refusals say them too."""

DocumentReader = Callable[[Any, UUID], bool]
document_readers: Registry[DocumentReader] = (
    Registry()
)  # subject kind -> may this user see that document (live updates)

Touched = Callable[[Collection[UUID]], Collection[tuple[str, UUID]]]
touched_by: Registry[Touched] = Registry()
"""Event kind -> kind and id of further documents that show what happened to these subjects; one statement for all."""

Namer = Callable[[Collection[UUID]], Mapping[UUID, str]]
names: Registry[Namer] = Registry()
"""Kind of thing -> what many of them are called, by their ids. Who asks has checked that the reader may know it."""
document_words: Registry[Namer] = Registry()
"""Kind of source -> the word for each of many documents: invoices and credit notes are of one kind."""

CallHandler = Callable[[bytes, UUID | None, datetime], None]
call_handlers: Registry[CallHandler] = Registry()
"""Source of incoming calls -> what a job does with the body of one, its company and the time. It may raise."""
