"""The page of one document: what every document template fills. See README, "A document page"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from niaga.core.queries.together import ask
from niaga.ui.registry.actions import offered_actions
from niaga.ui.registry.chain import ChainStage, DocumentRef, chain_questions, chains_told
from niaga.ui.registry.panels import PanelFact, panel_questions, panels_told

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a document's state under its title. With a `tone` or an `icon` it is a status, else plain text."""

    label: Text
    value: Text
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Consequence:
    """The dialog before a deed that cannot be undone: `text` names what will be true afterwards.

    With `reason` (a label) the person must give one, or may where not `must`; it is posted as `reason`.
    """

    title: Text
    text: Text
    button: Text = ""
    reason: Text = ""
    must: bool = True
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A deed or a way out of the document. A deed (`post`) is sent once, with a form token.

    `dialog` opens an own `<c-dialog id=…>` of the template instead. `key` is a single letter.
    """

    label: Text
    url: str = ""
    icon: str = ""
    method: str = "post"
    kind: str = ""
    key: str = ""
    confirm: Consequence | None = None
    dialog: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    new_tab: bool = False

    @property
    def dom_id(self) -> str:
        return "do-" + "".join(letter if letter.isalnum() else "-" for letter in f"{self.url}{self.label}").strip("-")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Who did what when. `strong` opens the sentence in bold, `quote` is a given reason, `fresh` lights the dot."""

    at: datetime
    text: Text = ""
    strong: Text = ""
    by: str = ""
    place: str = ""
    quote: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """A row under the lines, already formatted; `sum` for the last."""

    label: Text
    value: str
    sum: bool = False


@dataclass(frozen=True, slots=True)
class File:
    name: str
    url: str
    size: str = ""
    icon: str = "paperclip"
    preview: bool = False
    remove_url: str = ""


@dataclass(slots=True)
class DocumentPage:
    """Everything of a document's page but its lines.

    `kind` and `id` name the live stream `/live/documents/<kind>/<id>`. `primary` is the ONE next deed. Chain,
    customer panel and what apps above offer are read from the registries on `read()`, by one statement whatever the
    number of contributions.
    """

    kind: str
    id: UUID
    number: str
    party: str
    party_url: str = ""
    party_id: UUID | None = None
    axes: Sequence[Axis] = ()
    primary: Action | None = None
    actions: Sequence[Action] = ()
    more: Sequence[Action] = ()
    timeline: Sequence[TimelineEntry] = ()
    totals: Sequence[Total] = ()
    words: str = ""
    files: Sequence[File] | None = None
    upload_url: str = ""
    note_url: str = ""
    remarks: Sequence[str] = ()
    """Sentences under the sums, such as why no tax is charged."""
    live: bool = True
    status: str = ""
    """Its commercial state: apps above offer by it what can be started from the document."""
    chain: Sequence[ChainStage] = ()
    customer: Sequence[PanelFact] = ()

    @property
    def live_url(self) -> str:
        return f"/live/documents/{self.kind}/{self.id}" if self.live else ""

    def read(self, request: HttpRequest) -> "DocumentPage":
        """Ask the registries for the chain and for the customer's facts; returns itself."""
        ref, party = DocumentRef(self.kind, self.id), [self.party_id] if self.party_id is not None else []
        chains, panels = chain_questions(request, [ref]), panel_questions(request, party)
        told = ask(*chains, *panels)
        self.chain = chains_told([ref], told[: len(chains)])[ref]
        for facts in panels_told(party, told[len(chains) :]).values():
            self.customer = facts
        self.more = [*self.more, *offered_actions(request, ref, self.status)]
        return self
