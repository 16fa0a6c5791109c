"""What documents announces."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LinkOpened:
    """Somebody looked at a document through its public link; the subject is that document, of whatever kind."""

    subject_kind: str
    subject_id: UUID
    link_id: UUID
    purpose: str
