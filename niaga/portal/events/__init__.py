"""What the portal announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SignInAsked:
    """Somebody asked for a link to sign in; a job looks whether their address is known."""

    subject_kind: ClassVar[str] = "portal_knock"
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class PortalCaseOpened:
    """A customer told something that waits for an answer."""

    subject_kind: ClassVar[str] = "portal_case"
    subject_id: UUID
    customer_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class PortalCaseEnded:
    """The office answered it for good."""

    subject_kind: ClassVar[str] = "portal_case"
    subject_id: UUID
    customer_id: UUID
    kind: str
    status: str
