"""What the organization announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CompanyCreated:
    """A company was set up; apps above open its books, units and warehouses."""

    subject_kind: ClassVar[str] = "company"
    subject_id: UUID
    code: str
    currency: str


@dataclass(frozen=True, slots=True)
class UserInvited:
    """A person was given a log-in without a password. Messaging mails the link where they choose one."""

    subject_kind: ClassVar[str] = "user"
    subject_id: UUID
    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class UserDeactivated:
    """A person may no longer log in."""

    subject_kind: ClassVar[str] = "user"
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class RightsChanged:
    """A role was granted or revoked, or its grants changed. `subject_id` is the person or the role."""

    subject_kind: ClassVar[str] = "user"
    subject_id: UUID
    what: str
