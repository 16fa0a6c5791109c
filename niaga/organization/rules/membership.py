"""What a person's rights are counted from: companies, branches, and roles in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What every page needs to know of a company."""

    id: UUID
    code: str
    name: str
    currency: str
    zone: str
    language: str
    country: str
    other_currencies: Sequence[str] = ()
    """It sells in besides its own."""


@dataclass(frozen=True, slots=True)
class BranchFacts:
    id: UUID
    company_id: UUID
    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Member:
    """A role in a company: its grants by (kind, action), and from where their reach is counted."""

    company_id: UUID
    role: str
    branch_id: UUID | None
    colleagues: frozenset[UUID]
    grants: Mapping[tuple[str, str], str]
