"""What messaging announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EmailQueued:
    """A mail waits to be sent."""

    subject_kind: ClassVar[str] = "email"
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class EmailSettled:
    """A mail was `sent` or `kept`, has `failed`, or is `uncertain`. `about_kind` and `about_id` name the document."""

    subject_kind: ClassVar[str] = "email"
    subject_id: UUID
    status: str
    about_kind: str
    about_id: UUID | None
    to: list[str]
    error: str


@dataclass(frozen=True, slots=True)
class NoticeAdded:
    """A person's bell rings."""

    subject_kind: ClassVar[str] = "bell"
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class WhatsappQueued:
    """A WhatsApp message waits to be sent."""

    subject_kind: ClassVar[str] = "whatsapp"
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class WhatsappSettled:
    """A WhatsApp message took a new state. `about_kind` and `about_id` name what it is about."""

    subject_kind: ClassVar[str] = "whatsapp"
    subject_id: UUID
    status: str
    about_kind: str
    about_id: UUID | None
