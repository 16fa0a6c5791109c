"""Many customers as they stand, changed in memory and written back as one statement."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.inputs import plain_value
from niaga.parties.models import Address, Contact, CreditAccount, Customer
from niaga.parties.services.check_customer import customer_search

COLUMNS = (
    "name", "legal_name", "is_person", "email", "phone", "tax_id_kind", "tax_id", "nitku", "note", "group_id",
    "payment_term_id", "branch_id", "salesperson_id", "currency",
)  # fmt: skip
CONTACT = ("name", "email", "phone")
ADDRESS = ("street", "district", "city", "province", "postcode", "country")


@dataclass(slots=True)
class CustomerState:
    """One customer with the people, places and credit account it has; `contact` and `address` are its first ones."""

    customer: Customer
    account: CreditAccount
    people: list[Contact]
    places: list[Address]
    touched: set[str] = field(default_factory=set)
    """Parts that `set` changed: `contact`, `address`, `credit_limit`."""

    @property
    def contact(self) -> Contact | None:
        return next((one for one in self.people if one.is_main), self.people[0] if self.people else None)

    @property
    def address(self) -> Address | None:
        return self.places[0] if self.places else None

    def facts(self) -> dict[str, Any]:
        """Everything that may change, flat and as JSON holds it: `name`, `credit_limit`, `contact.phone`."""
        found = {name: plain_value(getattr(self.customer, name)) for name in COLUMNS}
        found["credit_limit"] = plain_value(self.account.limit)
        for part, row, names in (("contact", self.contact, CONTACT), ("address", self.address, ADDRESS)):
            found[part] = plain_value(row.pk) if row else None
            found |= {f"{part}.{name}": getattr(row, name) if row else "" for name in names}
        return found

    def set(self, values: Mapping[str, Any]) -> None:
        """Take on values by the names of `facts`; a contact or address that is missing is made."""
        for name, value in values.items():
            part, _dot, column = name.partition(".")
            if name == "credit_limit":
                self.account.limit = value
            elif not column:
                setattr(self.customer, name, value)
                continue
            elif part == "contact":
                if not self.people:
                    self.people.append(Contact(id=new_id(), customer_id=self.customer.pk, is_main=True))
                setattr(self.contact, column, value)
            else:
                if not self.places:
                    self.places.append(Address(id=new_id(), customer_id=self.customer.pk))
                setattr(self.address, column, value)
            self.touched.add(part)


def lock_customer_states(*, company_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, CustomerState]:
    """The customers with their parts, locked in the order of their keys; four statements for any number."""
    rows = Customer.objects.select_for_update().filter(company_id=company_id, pk__in=customer_ids).order_by("id")
    customers = {row.pk: row for row in rows}
    accounts = {
        row.customer_id: row
        for row in CreditAccount.objects.select_for_update().filter(customer_id__in=customers).order_by("id")
    }
    states = {key: CustomerState(row, accounts[key], [], []) for key, row in customers.items()}
    for contact in Contact.objects.filter(customer_id__in=customers, archived_at=None).order_by("id"):
        states[contact.customer_id].people.append(contact)
    for address in Address.objects.filter(customer_id__in=customers, archived_at=None).order_by("id"):
        states[address.customer_id].places.append(address)
    return states


def write_customer_states(
    *, batch: Batch, states: Sequence[CustomerState], gone: Iterable[Contact | Address] = (), at: datetime
) -> None:
    """Add the states to the batch: customers, limits, and the parts that are new, changed or put away (`gone`)."""
    batch.update_each(
        Customer,
        [
            {"id": one.customer.pk, **{name: getattr(one.customer, name) for name in COLUMNS},
             "search": _search(one), "updated_at": at}
            for one in states
        ],
        values={**{name: f"v.{name}" for name in (*COLUMNS, "search", "updated_at")}, "version": "t.version + 1"},
    )  # fmt: skip
    batch.update_each(
        CreditAccount,
        [{"id": one.account.pk, "limit": one.account.limit} for one in states if "credit_limit" in one.touched],
        values={"limit": 'v."limit"'},
    )
    for model, names, rows in (
        (Contact, (*CONTACT, "is_main"), [one.contact for one in states if "contact" in one.touched]),
        (Address, ADDRESS, [one.address for one in states if "address" in one.touched]),
    ):
        kept: list[Any] = rows
        batch.insert(
            model,
            [{"id": row.pk, "customer_id": row.customer_id, **{name: getattr(row, name) for name in names}}
             for row in kept if row._state.adding],
        )  # fmt: skip
        batch.update_each(
            model,
            [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in kept if not row._state.adding],
            values={name: f"v.{name}" for name in names},
        )
        batch.update_each(
            model, [{"id": row.pk, "archived_at": at} for row in gone if isinstance(row, model)],
            values={"archived_at": "v.archived_at"},
        )  # fmt: skip


def _search(state: CustomerState) -> str:
    facts = {name: getattr(state.customer, name) for name in ("name", "legal_name", "code", "phone", "tax_id", "email")}
    people = [{"name": one.name, "phone": one.phone, "email": one.email} for one in state.people]
    return customer_search(facts, people, [{"city": one.city} for one in state.places])
