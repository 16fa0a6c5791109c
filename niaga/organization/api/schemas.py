"""What the API says about companies and people."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from niaga.core.api import Amount, Number, PageQuery


class Exact(Schema):
    """What is not known is refused, so that a mistyped name is not lost in silence."""

    model_config = ConfigDict(extra="forbid")


Code = Annotated[str, Field(min_length=1, max_length=20)]
Language = Literal["id", "en"]


class BankAccountOut(Schema):
    bank: str
    number: str
    holder: str
    currency: str


class BankAccountIn(Exact):
    bank: str = Field(min_length=1, max_length=80)
    number: str = Field(min_length=1, max_length=40)
    holder: str = Field(min_length=1, max_length=120)
    currency: str = Field("IDR", pattern="^[A-Z]{3}$")
    on_invoices: bool = True
    position: int = Field(0, ge=0, le=99)


class BankAccountRow(Schema):
    """`on_invoices`: it is printed on invoices, in the order of `position`."""

    id: UUID
    bank: str
    number: str
    holder: str
    currency: str
    on_invoices: bool
    position: int
    archived_at: datetime | None


class FiscalIn(Exact):
    """`round_total_to` 0: totals are not rounded. Else 1, 10, 50, 100, 500 or 1000."""

    charges_tax: bool
    prices_include_tax: bool
    round_total_to: Amount = Field(Decimal(0), ge=0, le=1000)
    fiscal_year_starts: int = Field(1, ge=1, le=12)
    quotation_valid_days: int = Field(14, ge=1, le=365)
    tax_rounding: Literal["line", "document"] = Field(
        "line", description="Whether tax is rounded on every line, or once a document and tax group."
    )
    stamp_duty: Amount | None = Field(None, ge=0, description="Bea meterai; 0: none. Without it, what held stays.")
    stamp_duty_above: Amount | None = Field(None, ge=0, description="Due when a receipt states more than this.")


class FiscalOut(Schema):
    """The setting of today. `round_total_to` 0: totals are not rounded."""

    valid_from: date
    charges_tax: bool
    prices_include_tax: bool
    round_total_to: Number
    fiscal_year_starts: int
    quotation_valid_days: int
    tax_rounding: str
    stamp_duty: Number
    stamp_duty_above: Number


class CompanyPatch(Exact):
    """Only what is sent is changed. The currency stays: the books are in it."""

    name: str | None = Field(None, min_length=1, max_length=200)
    legal_name: str | None = Field(None, max_length=200)
    npwp: str | None = Field(None, max_length=30)
    nitku: str | None = Field(None, max_length=30)
    street: str | None = Field(None, max_length=300)
    city: str | None = Field(None, max_length=100)
    province: str | None = Field(None, max_length=100)
    postcode: str | None = Field(None, max_length=10)
    phone: str | None = Field(None, max_length=30)
    email: str | None = Field(None, max_length=254)
    website: str | None = Field(None, max_length=200)
    zone: str | None = Field(None, max_length=40)
    language: Language | None = None
    document_note: str | None = Field(None, max_length=10_000)
    pictures_on_quotations: bool | None = Field(
        None,
        description="Print each product's main picture on the PDF of quotations, from now on and of drawn-up ones too. "
        "The customer's page shows main pictures in any case.",
    )


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
    document_note: str
    pictures_on_quotations: bool
    bank_accounts: list[BankAccountOut]
    fiscal: FiscalOut


class PlaceQuery(PageQuery):
    archived: bool = Field(False, description="`true`: archived ones too.")


class BranchIn(Exact):
    code: Code
    name: str = Field(min_length=1, max_length=120)
    zone: str = Field("", max_length=40)
    is_store: bool = False
    nitku: str = Field("", max_length=30)
    street: str = Field("", max_length=300)
    city: str = Field("", max_length=100)
    phone: str = Field("", max_length=30)


class BranchPatch(Exact):
    """Only what is sent is changed."""

    code: Code | None = None
    name: str | None = Field(None, min_length=1, max_length=120)
    zone: str | None = Field(None, min_length=1, max_length=40)
    is_store: bool | None = None
    nitku: str | None = Field(None, max_length=30)
    street: str | None = Field(None, max_length=300)
    city: str | None = Field(None, max_length=100)
    phone: str | None = Field(None, max_length=30)


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


class TeamIn(Exact):
    """Who leads a team sees what the teams below it sell."""

    name: str = Field(min_length=1, max_length=120)
    parent_id: UUID | None = None
    branch_id: UUID | None = None


class TeamOut(TeamIn):
    id: UUID
    archived_at: datetime | None


class TerritoryIn(Exact):
    """A sales area; areas hang in a tree."""

    name: str = Field(min_length=1, max_length=120)
    code: str = Field("", max_length=20)
    parent_id: UUID | None = None


class TerritoryOut(TerritoryIn):
    id: UUID
    archived_at: datetime | None


class ChannelIn(Exact):
    """Where sales come from: the sales team, a store, the web shop."""

    code: Code
    name: str = Field(min_length=1, max_length=80)


class ChannelOut(ChannelIn):
    id: UUID
    archived_at: datetime | None


class GrantIn(Exact):
    """`action` on things of `kind`, as far as `reach` goes: whose documents."""

    kind: str = Field(max_length=40)
    action: str = Field(max_length=40)
    reach: Literal["own", "team", "branch", "all"]


class GrantOut(Schema):
    kind: str
    action: str
    reach: str = Field(validation_alias="scope")


class RoleIn(Exact):
    code: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=80)
    like: str = Field("", max_length=30, description="The code of the role whose rights it begins with.")


class GrantsIn(Exact):
    grants: list[GrantIn] = Field(max_length=500)


class RoleWithGrants(Schema):
    id: UUID
    code: str
    name: str
    grants: list[GrantOut]

    @staticmethod
    def resolve_grants(role: Any) -> list[Any]:
        return sorted(role.grants.all(), key=lambda grant: (grant.kind, grant.action))


class MembershipIn(Exact):
    """A role by its code, seen from a branch and a team."""

    role: str = Field(min_length=1, max_length=30)
    branch_id: UUID | None = None
    team_id: UUID | None = None


class UserIn(MembershipIn):
    """A new person and their first role."""

    username: str = Field(min_length=1, max_length=150)
    name: str = Field(min_length=1, max_length=120)
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=30)
    language: Language = "id"


class UserPatch(Exact):
    """Only what is sent is changed."""

    name: str | None = Field(None, min_length=1, max_length=120)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=30)
    language: Language | None = None
    is_active: bool | None = None


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
    phone: str
    language: str
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
