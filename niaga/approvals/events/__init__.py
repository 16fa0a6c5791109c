"""What approvals announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ApprovalMoved:
    """A request was asked, decided in a step, passed on, or settled (`status`); about which document, too."""

    subject_kind: ClassVar[str] = "approval"
    subject_id: UUID
    status: str
    about_kind: str
    about_id: UUID
    number: str
