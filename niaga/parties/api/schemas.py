"""Customers as JSON."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from niaga.core.api import Amount, Number, PageQuery, Percent
from niaga.parties.models import Customer
from niaga.parties.rules.credit import CreditFigures
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
    country: str = Field("", max_length=2, description="Without one the company's own.")
    for_billing: bool = True
    for_delivery: bool = True


class AddressOut(AddressIn):
    id: UUID


class TaxTreatmentIn(Strict):
    """Taxed with another transaction code, or (`is_taxed` false) not at all: in a facility with 07 or 08, else with a
    note that says why."""

    valid_from: date
    valid_until: date | None = None
    region: str = Field("", max_length=120, description="Only for deliveries to these provinces, with commas between.")
    is_taxed: bool = True
    transaction_code: Annotated[str, Field(pattern=r"^(0[1-9]|10|)$")] = ""
    add_info: str = Field("", max_length=12, description="With codes 07 and 08: the facility's note, TD.005xx.")
    facility_stamp: str = Field("", max_length=12, description="With codes 07 and 08: its stamp, TD.011xx.")
    document: str = Field("", max_length=60, description="Number of the paper that grants it.")
    document_date: date | None = None
    note: str = Field("", max_length=200, description="Printed on documents.")


class TaxTreatmentOut(TaxTreatmentIn):
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
    currency: Annotated[str, Field(max_length=3, description="Of their documents; empty: the company's own.")] = ""
    note: Annotated[str, Field(max_length=20_000)] = ""
    group_id: UUID | None = None
    payment_term_id: UUID | None = None
    branch_id: UUID | None = None
    salesperson_id: UUID | None = None
    territory_id: UUID | None = None
    tag_ids: Annotated[list[UUID], Field(max_length=100)] = []
    credit_limit: Amount | None = Field(
        None, description="Nothing: the group's limit holds; without one the customer may owe any amount."
    )
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
    currency: Annotated[str, Field(max_length=3, description="Of their documents; empty: the company's own.")] = ""
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
    currency: str
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
    """Amounts in `currency`; `available` is nothing when there is no limit.

    `limit` is what holds today: the customer's own (`own_limit`), else the group's, and a raise through
    `raised_until`. `overdue_days`: for how long an invoice may be overdue (the customer's, the group's, the company's).
    """

    currency: str
    limit: Number | None
    own_limit: Number | None
    overdue_days: int | None
    raised: Number
    raised_until: date | None
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
        figures: CreditFigures = customer.__dict__["figures"]
        return {
            "currency": figures.currency, "limit": figures.limit, "own_limit": figures.own_limit,
            "overdue_days": figures.overdue_days, "raised": figures.raise_in_force,
            "raised_until": figures.raised_until if figures.raise_in_force else None, "on_hold": figures.on_hold,
            "orders": figures.orders, "invoices": figures.invoices, "advances": figures.advances,
            "exposure": figures.exposure, "available": figures.available,
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
    """Nothing for `limit` or `overdue_days`: the group's holds, and for days the company's."""

    limit: Amount | None = None
    on_hold: bool = False
    overdue_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    note: Annotated[str, Field(max_length=500)] = ""


class CreditRaiseIn(Strict):
    """By how much, through which day, and why. An amount of 0 ends the raise in force."""

    amount: Annotated[Amount, Field(ge=0)]
    last_day: date
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class CreditRaiseOut(Schema):
    id: UUID
    amount: Number
    last_day: date
    reason: str
    by: UUID | None
    at: datetime


class GroupCreditIn(Strict):
    """Of each member without a limit, or days, of their own."""

    group_id: UUID
    limit: Amount | None = None
    overdue_days: Annotated[int, Field(ge=0, le=3650)] | None = None


class CreditPolicyIn(Strict):
    """Groups that are not named stay as they are."""

    overdue_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    groups: Annotated[list[GroupCreditIn], Field(max_length=1000)] = []
    confirms_when_free: bool | None = None


class GroupCreditOut(Schema):
    group_id: UUID = Field(validation_alias="id")
    code: str
    name: str
    limit: Number | None = Field(validation_alias="credit_limit")
    overdue_days: int | None


class CreditPolicyOut(Schema):
    """`overdue_days` is the company's: nothing, and nobody is held for being late."""

    overdue_days: int | None
    confirms_when_free: bool
    groups: list[GroupCreditOut]


class ConsentIn(Strict):
    purpose: Literal["marketing_email", "marketing_whatsapp", "marketing_phone", "profiling", "billing_whatsapp"]
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
    after_exchange: bool = Field(False, description="Counted from the day on which the customer took the invoice in.")


class TermIn(Strict):
    code: Annotated[str, Field(min_length=1, max_length=20)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    parts: Annotated[list[TermPartIn], Field(min_length=1, max_length=36)]
    discount_percent: Percent = Field(
        Decimal(0), description="What may be taken off when the rest is paid early: of `2/10 n/30` the 2."
    )
    discount_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        0, description="Until so many days after the invoice's date, the last one included."
    )
    discount_lessens_tax: bool = Field(
        False, description="It is given by a credit note of its own, which lessens the tax base and the tax (PPN)."
    )


class TermOut(Schema):
    id: UUID
    code: str
    name: str
    parts: list[TermPartIn]
    discount_percent: Percent
    discount_days: int
    discount_lessens_tax: bool
    archived_at: datetime | None

    @staticmethod
    def resolve_parts(term: Any) -> list[Any]:
        parts = sorted(term.parts.all(), key=lambda part: part.position)
        shown = ("percent", "days", "end_of_month", "after_exchange")
        return [{name: getattr(part, name) for name in shown} for part in parts]
