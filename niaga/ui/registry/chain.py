"""Which documents belong together: quotation → order → delivery → invoice → payment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niaga.core.queries.together import Question, ask
from niaga.ui.registry.contributions import Contributions


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document by kind (`quotation`, `order`, `delivery`, `invoice`, `payment`, `return`) and id."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A document related to the one asked about."""

    kind: str
    id: UUID
    number: str
    url: str
    done: bool = True


@dataclass(slots=True)
class ChainStage:
    """One step of the chain on a page: the stage's name and the documents that stand there."""

    kind: str
    label: str | Promise
    links: list[ChainLink] = field(default_factory=list)
    current: bool = False

    @property
    def done(self) -> bool:
        return bool(self.links) and all(link.done for link in self.links)


STAGES: tuple[tuple[str, str | Promise], ...] = (
    ("quotation", _("Quotation")),
    ("order", _("Order")),
    ("delivery", _("Delivery")),
    ("invoice", _("Invoice")),
    ("payment", _("Payment")),
    ("return", _("Return")),
)
RARE = ("return",)
"""Stages that are shown only where there is something at them."""

Links = Mapping[DocumentRef, Sequence[ChainLink]]

# related(request, refs) -> the related documents of each, or the question that tells them; called once for all, only
# what the person may see
ChainSource = Callable[[HttpRequest, Sequence[DocumentRef]], Question[Links] | Links]

chain: Contributions[ChainSource] = Contributions()


def chain_questions(request: HttpRequest, refs: Sequence[DocumentRef]) -> list[Question[Links] | Links]:
    """What each contribution asks, in their order."""
    return [related(request, refs) for _name, related in chain] if refs else []


def chains_of(request: HttpRequest, refs: Sequence[DocumentRef]) -> dict[DocumentRef, list[ChainStage]]:
    """The stages of each document; one statement however many contributions there are."""
    return chains_told(refs, ask(*chain_questions(request, refs)))


def chains_told(refs: Sequence[DocumentRef], told: Sequence[Links]) -> dict[DocumentRef, list[ChainStage]]:
    """The stages of each document, filled by what the contributions told."""
    found: dict[DocumentRef, dict[tuple[str, UUID], ChainLink]] = {ref: {} for ref in refs}
    for one in told:
        for ref, links in one.items():
            for link in links:
                found[ref][(link.kind, link.id)] = link
    chains: dict[DocumentRef, list[ChainStage]] = {}
    for ref in refs:
        links_of = found[ref].values()
        chains[ref] = [
            ChainStage(
                kind=kind,
                label=label,
                links=sorted((link for link in links_of if link.kind == kind), key=lambda link: link.number),
                current=kind == ref.kind,
            )
            for kind, label in STAGES
            if kind not in RARE or kind == ref.kind or any(link.kind == kind for link in links_of)
        ]
    return chains
