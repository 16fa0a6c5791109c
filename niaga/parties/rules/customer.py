"""What may be said of a customer when it is created, by a person, the API or a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A person at the customer. `phone` as it was typed."""

    name: str
    role: str = ""
    email: str = ""
    phone: str = ""
    is_main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """Where the customer is billed or supplied; `country` is ISO 3166-1 alpha-2, without one the
    company's own."""

    label: str = ""
    street: str = ""
    district: str = ""
    city: str = ""
    province: str = ""
    postcode: str = ""
    country: str = ""
    for_billing: bool = True
    for_delivery: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """A customer to be. Only the name is needed; `code` None draws the next one, `credit_limit` None sets no limit."""

    name: str
    code: str | None = None
    legal_name: str = ""
    is_person: bool = False
    email: str = ""
    phone: str = ""
    tax_id_kind: str = ""
    tax_id: str = ""
    nitku: str = ""
    language: str = ""
    currency: str = ""
    note: str = ""
    group_id: UUID | None = None
    payment_term_id: UUID | None = None
    branch_id: UUID | None = None
    salesperson_id: UUID | None = None
    territory_id: UUID | None = None
    credit_limit: Decimal | None = None
    tag_ids: tuple[UUID, ...] = ()
    contacts: tuple[NewContact, ...] = ()
    addresses: tuple[NewAddress, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChange:
    """What becomes of a customer that is there; what is not named stays.

    `values` are columns of the customer, `contact` and `address` fields of its main contact and its first address,
    which are made when it has none; `credit_limit` None leaves the limit.
    """

    customer_id: UUID
    values: Mapping[str, Any] = field(default_factory=dict)
    credit_limit: Decimal | None = None
    contact: Mapping[str, str] = field(default_factory=dict)
    address: Mapping[str, str] = field(default_factory=dict)
