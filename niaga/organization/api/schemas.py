"""What the API says about companies and people."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema

from niaga.core.api import Number


class BankAccountOut(Schema):
    bank: str
    number: str
    holder: str
    currency: str


class FiscalOut(Schema):
    """The setting of today. `round_total_to` 0: totals are not rounded."""

    valid_from: date
    charges_tax: bool
    prices_include_tax: bool
    round_total_to: Number
    fiscal_year_starts: int
    quotation_valid_days: int


class CompanyOut(Schema):
    id: UUID
    code: str
    name: str
    legal_name: str
    npwp: str
    nitku: str
    currency: str
    street: str
    city: str
    province: str
    postcode: str
    country: str
    phone: str
    email: str
    website: str
    zone: str
    language: str
    bank_accounts: list[BankAccountOut]
    fiscal: FiscalOut


class BranchOut(Schema):
    id: UUID
    code: str
    name: str
    is_head: bool
    is_store: bool
    zone: str
    nitku: str
    street: str
    city: str
    phone: str
    archived: bool

    @staticmethod
    def resolve_archived(row: object) -> bool:
        return getattr(row, "archived_at", None) is not None


class RoleOut(Schema):
    """A role in the token's company, with the branch and team it is seen from."""

    role: str
    branch_id: UUID | None
    team_id: UUID | None

    @staticmethod
    def resolve_role(row: object) -> str:
        return str(row.role.code)  # type: ignore[attr-defined]


class UserOut(Schema):
    id: UUID
    username: str
    name: str
    email: str
    is_active: bool
    roles: list[RoleOut]

    @staticmethod
    def resolve_roles(row: object) -> object:
        return row.roles_here  # type: ignore[attr-defined]


class TokenOut(Schema):
    """A token without its text, which nobody has but its owner."""

    id: UUID
    name: str
    company: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    @staticmethod
    def resolve_company(row: object) -> str:
        return str(row.company.code)  # type: ignore[attr-defined]
