"""What upper apps tell documents about theirs: who may see a subject's files, its paper, and its public page.

# invoicing/apps.py
def ready(self):
    from niaga.documents.registry import subjects
    from niaga.invoicing.queries.file_subject import invoice_subject
    subjects.add("invoice", invoice_subject)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from niaga.core.registry import Registry
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintQris
from niaga.organization.access import Actor


@dataclass(frozen=True, slots=True)
class Subject:
    """A document, customer or product that carries files."""

    kind: str
    id: UUID
    company_id: UUID
    url: str = ""
    """Its page, to return to."""


class SubjectResolver(Protocol):
    """Finds a subject for a person, access checked. `change`: to add or remove files."""

    def __call__(self, *, subject_id: UUID, by: Actor, change: bool) -> Subject:
        """:raises NotFound: no such subject, or none that `by` may know of
        :raises Forbidden: seen, but not to be changed
        """


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A public link that holds."""

    id: UUID
    subject_kind: str
    subject_id: UUID
    company_id: UUID
    purpose: str
    token: str


class PublicPage(Protocol):
    """Answers a request to `/l/<token>/…` for the customer; `rest` is what follows the token (`pdf`, `acceptance`)."""

    def __call__(self, request: HttpRequest, link: OpenedLink, rest: str) -> HttpResponseBase: ...


@dataclass(frozen=True, slots=True)
class Paper:
    """A document ready to be printed. `final` ones (issued invoices) are printed once and their bytes kept for good."""

    kind: PrintKind
    data: PrintDocument
    language: str
    subject_kind: str
    subject_id: UUID
    company_id: UUID
    final: bool = False
    customer_id: UUID | None = None
    branch_id: UUID | None = None
    channel_id: UUID | None = None
    """Whose templates may hold for it, besides the company's."""
    shared: bool = False
    """The customer has it or is about to: a template may print the code of its public page."""


class PaperSource(Protocol):
    """Fills the paper of a subject for a person, access checked. Without a `language`, the customer's own.

    `variant` picks among several papers of one subject: a delivery has its note and its pick list.
    """

    def __call__(self, *, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
        """:raises NotFound: no such subject, no such variant, or none that `by` may know of"""


@dataclass(frozen=True, slots=True)
class PaperChoice:
    """A real document that a template can be tried on."""

    id: UUID
    number: str
    party: str


class PaperFinder(Protocol):
    """The latest documents of a kind that `by` sees, those that begin with or hold `text` when there is one."""

    def __call__(self, *, text: str, by: Actor) -> Sequence[PaperChoice]: ...


@dataclass(frozen=True, slots=True)
class TrialPaper:
    """Under which name of `papers` (and variant) a kind of paper is printed, and how its documents are found."""

    paper: str
    find: PaperFinder
    variant: str = ""


class PaymentCode(Protocol):
    """A code to pay by, drawn for what is open now; None: nothing can be paid by it."""

    def __call__(self, *, paper: Paper, at: datetime) -> PrintQris | None: ...


papers: Registry[PaperSource] = Registry()
payment_codes: Registry[PaymentCode] = Registry()
"""By the kind of subject; asked only where a template prints it."""
trial_papers: Registry[TrialPaper] = Registry()
"""By the kind of paper."""
subjects: Registry[SubjectResolver] = Registry()
public_pages: Registry[PublicPage] = Registry()
