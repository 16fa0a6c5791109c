"""Customers as JSON."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from niaga.core.api import Amount, Number, PageQuery, Percent
from niaga.parties.models import Customer
from niaga.parties.rules.customer import NewAddress, NewContact

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Strict(Schema):
    """What is not known is refused, so that a mistyped name is not lost in silence."""

    model_config = ConfigDict(extra="forbid")


class ContactIn(Strict):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    role: Annotated[str, Field(max_length=80)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    is_main: bool = False


class ContactOut(ContactIn):
    id: UUID


class AddressIn(Strict):
    label: Annotated[str, Field(max_length=60)] = ""
    street: Annotated[str, Field(max_length=300)] = ""
    district: Annotated[str, Field(max_length=100)] = ""
    city: Annotated[str, Field(max_length=100)] = ""
    province: Annotated[str, Field(max_length=100)] = ""
    postcode: Annotated[str, Field(max_length=10)] = ""
    country: Annotated[str, Field(min_length=2, max_length=2)] = "ID"
    for_billing: bool = True
    for_delivery: bool = True


class AddressOut(AddressIn):
    id: UUID


TaxIdKind = Literal["", "npwp", "nik", "passport", "other"]


class CustomerIn(Strict):
    """Only the name is needed; `code` is drawn when it is missing."""

    name: Name
    code: Annotated[str, Field(min_length=1, max_length=30)] | None = None
    legal_name: Annotated[str, Field(max_length=200)] = ""
    is_person: bool = False
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    tax_id_kind: TaxIdKind = ""
    tax_id: Annotated[str, Field(max_length=30)] = ""
    nitku: Annotated[str, Field(max_length=30)] = ""
    language: Literal["", "id", "en"] = ""
    note: Annotated[str, Field(max_length=20_000)] = ""
    group_id: UUID | None = None
    payment_term_id: UUID | None = None
    branch_id: UUID | None = None
    salesperson_id: UUID | None = None
    territory_id: UUID | None = None
    tag_ids: Annotated[list[UUID], Field(max_length=100)] = []
    credit_limit: Amount | None = Field(None, description="Nothing: the customer may owe any amount.")
    contacts: Annotated[list[ContactIn], Field(max_length=200)] = []
    addresses: Annotated[list[AddressIn], Field(max_length=200)] = []

    def facts(self) -> dict[str, Any]:
        """As `create_customer` takes them."""
        return {
            **self.dict(exclude={"contacts", "addresses", "tag_ids"}),
            "tag_ids": tuple(self.tag_ids),
            "contacts": tuple(NewContact(**contact.dict()) for contact in self.contacts),
            "addresses": tuple(NewAddress(**address.dict()) for address in self.addresses),
        }


class CustomerPatch(Strict):
    """Only what is sent is changed. Contacts, addresses and the credit limit have addresses of their own."""

    name: Name = ""
    code: Annotated[str, Field(min_length=1, max_length=30)] = ""
    legal_name: Annotated[str, Field(max_length=200)] = ""
    is_person: bool = False
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    tax_id_kind: TaxIdKind = ""
    tax_id: Annotated[str, Field(max_length=30)] = ""
    nitku: Annotated[str, Field(max_length=30)] = ""
    language: Literal["", "id", "en"] = ""
    note: Annotated[str, Field(max_length=20_000)] = ""
    group_id: UUID | None = None
    payment_term_id: UUID | None = None
    branch_id: UUID | None = None
    salesperson_id: UUID | None = None
    territory_id: UUID | None = None
    tag_ids: Annotated[list[UUID], Field(max_length=100)] = []


class CustomerRow(Schema):
    """A customer in a list."""

    id: UUID
    code: str
    name: str
    legal_name: str
    is_person: bool
    email: str
    phone: str
    tax_id_kind: str
    tax_id: str
    nitku: str
    language: str
    note: str
    group_id: UUID | None
    payment_term_id: UUID | None
    branch_id: UUID | None
    salesperson_id: UUID | None
    territory_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class Credit(Schema):
    """Amounts in `currency`; `available` is nothing when there is no limit."""

    currency: str
    limit: Number | None
    on_hold: bool
    orders: Number
    invoices: Number
    advances: Number
    exposure: Number
    available: Number | None


class CustomerOut(CustomerRow):
    tag_ids: list[UUID]
    contacts: list[ContactOut]
    addresses: list[AddressOut]
    credit: Credit | None

    @staticmethod
    def resolve_contacts(customer: Customer) -> list[Any]:
        return [contact for contact in customer.contacts.all() if contact.archived_at is None]

    @staticmethod
    def resolve_addresses(customer: Customer) -> list[Any]:
        return [address for address in customer.addresses.all() if address.archived_at is None]

    @staticmethod
    def resolve_credit(customer: Customer) -> dict[str, Any]:
        account = customer.credit_account
        exposure = account.orders + account.invoices - account.advances
        return {
            "currency": account.currency, "limit": account.limit, "on_hold": account.on_hold,
            "orders": account.orders, "invoices": account.invoices, "advances": account.advances,
            "exposure": exposure, "available": None if account.limit is None else account.limit - exposure,
        }  # fmt: skip


class CustomerQuery(PageQuery):
    """Filters; all that are given must hold."""

    q: Annotated[str, Field(max_length=100)] = Field("", description="Words of the name, any part of code or phone.")
    code: Annotated[str, Field(max_length=30)] = ""
    group_id: UUID | None = None
    salesperson_id: UUID | None = None
    territory_id: UUID | None = None
    tag_id: UUID | None = None
    archived: bool | None = Field(False, description="`true`: archived only.")
    updated_since: datetime | None = None


class CreditIn(Strict):
    limit: Amount | None = None
    on_hold: bool = False
    note: Annotated[str, Field(max_length=500)] = ""


class ConsentIn(Strict):
    purpose: Literal["marketing_email", "marketing_whatsapp", "marketing_phone", "profiling"]
    given: bool
    source: Annotated[str, Field(max_length=80)] = ""


class ConsentOut(ConsentIn):
    id: UUID
    at: datetime


class NoteIn(Strict):
    text: Annotated[str, Field(min_length=1, max_length=5000)]


class TimelineOut(Schema):
    id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID | None
    number: str
    text: str
    amount: Number | None
    currency: str
    actor_id: UUID | None
    at: datetime


class GroupIn(Strict):
    code: Annotated[str, Field(min_length=1, max_length=20)]
    name: Annotated[str, Field(min_length=1, max_length=80)]


class GroupOut(Schema):
    id: UUID
    code: str
    name: str
    archived_at: datetime | None


class TagIn(Strict):
    name: Annotated[str, Field(min_length=1, max_length=40)]


class TagOut(TagIn):
    id: UUID


class TermPartIn(Strict):
    percent: Percent = Decimal(100)
    days: Annotated[int, Field(ge=0, le=3650)] = 0
    end_of_month: bool = False


class TermIn(Strict):
    code: Annotated[str, Field(min_length=1, max_length=20)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    parts: Annotated[list[TermPartIn], Field(min_length=1, max_length=36)]


class TermOut(Schema):
    id: UUID
    code: str
    name: str
    parts: list[TermPartIn]
    archived_at: datetime | None

    @staticmethod
    def resolve_parts(term: Any) -> list[Any]:
        parts = sorted(term.parts.all(), key=lambda part: part.position)
        return [{"percent": p.percent, "days": p.days, "end_of_month": p.end_of_month} for p in parts]
