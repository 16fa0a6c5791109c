"""State machines as data: a table of named moves, each from some states to one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class MoveRefused(ValueError):
    """The move is not allowed from this state. Services turn it into `WrongState`."""


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    sources: Collection[S]
    target: S


@dataclass(frozen=True, slots=True)
class Flow(Generic[S]):
    """A document's commercial states. `kind` is the document's name in audit rows, events and access rules."""

    kind: str
    moves: Mapping[str, Move[S]]

    def target(self, move: str, status: str) -> S:
        """The state after `move`.

        :raises MoveRefused: `move` is not allowed from `status`
        """
        step = self.moves[move]
        if status not in step.sources:
            raise MoveRefused(f"{self.kind}: {move} is not allowed while {status}")
        return step.target

    def allowed(self, status: str) -> frozenset[str]:
        """Names of the moves that `status` allows: what a page offers as buttons."""
        return frozenset(name for name, step in self.moves.items() if status in step.sources)
