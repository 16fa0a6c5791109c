"""What apps above add to the matching of bank lines: orders and other promises by their numbers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from niaga.core.registry import Registry
from niaga.organization.access import Actor
from niaga.payments.rules.match_facts import Promise


class PromisesByNumber(Protocol):
    def __call__(self, *, numbers: Collection[str], by: Actor) -> Mapping[str, Promise]:
        """Those of these numbers that the person may see, with the customer and the invoices made of them."""


@dataclass(frozen=True, slots=True)
class PromiseSource:
    """`series` is the kind of the number series that the promises draw from."""

    series: str
    find: PromisesByNumber


promise_sources: Registry[PromiseSource] = Registry()
