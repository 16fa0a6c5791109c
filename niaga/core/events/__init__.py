"""What core announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CallReceived:
    """Another system called; its call is kept and waits to be handled."""

    subject_kind: ClassVar[str] = "incoming_call"
    subject_id: UUID
